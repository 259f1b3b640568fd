import { algorithm } from './algorithm.ts';
import { basicConstraints } from './basic-constraints.ts';
import { extendedKeyUsage } from './extended-key-usage.ts';
import { extensions } from './extensions.ts';
import { issuerName } from './issuer-name.ts';
import { keyIdentifiers } from './key-identifiers.ts';
import { keyUsage } from './key-usage.ts';
import { keyUsageOfEc } from './key-usage-of-ec.ts';
import type { Lint } from './lint.ts';
import { publicKey } from './public-key.ts';
import { serial } from './serial.ts';
import { subject } from './subject.ts';
import { validity } from './validity.ts';
import { version } from './version.ts';

export const lints = {
  version,
  serial,
  algorithm,
  'issuer-name': issuerName,
  validity,
  subject,
  'public-key': publicKey,
  'basic-constraints': basicConstraints,
  'key-usage': keyUsage,
  'key-usage-of-ec': keyUsageOfEc,
  'extended-key-usage': extendedKeyUsage,
  'key-identifiers': keyIdentifiers,
  extensions,
} as const satisfies Record<string, Lint>;
