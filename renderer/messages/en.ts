import { acts } from './en/acts.ts';
import { audit } from './en/audit.ts';
import { backup } from './en/backup.ts';
import { calls } from './en/calls.ts';
import { certificates } from './en/certificates.ts';
import { cloud } from './en/cloud.ts';
import { display } from './en/display.ts';
import { files } from './en/files.ts';
import { frame } from './en/frame.ts';
import { help } from './en/help.ts';
import { hsm } from './en/hsm.ts';
import { issuers } from './en/issuers.ts';
import { labels } from './en/labels.ts';
import { lanes } from './en/lanes.ts';
import { orders } from './en/orders.ts';
import { people } from './en/people.ts';
import { recipes } from './en/recipes.ts';
import { scans } from './en/scans.ts';
import { settings } from './en/settings.ts';
import { setup } from './en/setup.ts';
import { tour } from './en/tour.ts';
import { units } from './en/units.ts';

/** Every text of the screens but the sentences of errors, which stand in the contract in English. */
export const en = {
  acts,
  audit,
  backup,
  calls,
  certificates,
  cloud,
  display,
  files,
  frame,
  help,
  hsm,
  issuers,
  labels,
  lanes,
  orders,
  people,
  recipes,
  scans,
  settings,
  setup,
  tour,
  units,
} as const;
