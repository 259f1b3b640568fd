import type { Check } from '../check.ts';
import { audit } from './audit.ts';
import { bundles } from './bundles.ts';
import { certificates } from './certificates.ts';
import { credentials } from './credentials.ts';
import { database } from './database.ts';
import { disclosures } from './disclosures.ts';
import { endorsements } from './endorsements.ts';
import { ends } from './ends.ts';
import { labels } from './labels.ts';
import { lookUps } from './look-ups.ts';
import { mes } from './mes.ts';
import { outbox } from './outbox.ts';
import { programOutputs } from './program-outputs.ts';
import { runs } from './runs.ts';
import { stored } from './stored.ts';
import { units } from './units.ts';

export const checks = {
  database,
  audit,
  lookUps,
  disclosures,
  runs,
  programOutputs,
  units,
  credentials,
  ends,
  certificates,
  stored,
  endorsements,
  outbox,
  bundles,
  labels,
  mes,
} as const satisfies Record<string, Check>;
