import { type Row, row } from './row.ts';

/** What can go wrong with the HSM, its keys and PINs, and secrets. */
export const hsmErrors = {
  'secret.unknown': row(
    'operator',
    false,
    'The station has no secret {name}. The security officer sets it: birthmark secret set --name {name}.',
  ),
  'hsm.locked': row('station', true, 'The HSM is locked. The security officer must unlock it.'),
  'hsm.down': row('station', true, 'The HSM does not answer ({what}). Lanes wait; call the security officer.'),
  'hsm.ambiguous': row(
    'station',
    true,
    'The answer of the HSM to a signature was lost ({what}). It counts as possibly issued. Scan the unit again; if it repeats, call the security officer.',
  ),
  'hsm.not-unwrapped': row(
    'operator',
    false,
    'The wrapped key {label} does not open: it was changed, or wrapped with another key or in another way.',
  ),
  'hsm.key-missing': row('station', false, 'The HSM has no key {label}. Call the security officer.'),
  'hsm.key-ambiguous': row('station', false, 'The HSM has several keys {label}. Call the security officer.'),
  'hsm.key-differs': row(
    'station',
    false,
    'The HSM key {label} is not the one that was set up (its check value differs). Call the security officer.',
  ),
  'hsm.key-attribute': row(
    'station',
    false,
    'The HSM key {label} must have {attribute} = {expected}, it has {found}. It is not used.',
  ),
  'hsm.key-exists': row('operator', false, 'The HSM already has a key {label}. Keys are never overwritten.'),
  'hsm.public-sample': row('operator', false, 'This key is printed in public documents. Production does not take it.'),
  'hsm.key-length': row('operator', false, 'A group key has 16 to 64 bytes; this one has {found}.'),
  'hsm.pin': row('operator', false, 'The HSM refused the PIN ({reason}). It is not tried again.'),
  'hsm.refused': row('station', false, 'The HSM refused {what}: {reason}.'),
  'hsm.unsupported': row('station', false, 'The HSM cannot do {what}.'),
  'hsm.unsealable': row(
    'station',
    false,
    'A sealed secret could not be opened ({what}): it was changed, or sealed by another key.',
  ),
} as const satisfies Record<string, Row>;
