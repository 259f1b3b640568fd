import { type Row, row } from './row.ts';

/** What can go wrong with certificates: those that the station signs, and stores of those that others made. */
export const caErrors = {
  'ca.unknown': row('operator', false, 'This station has no intermediate CA {issuer}.'),
  'ca.not-ready': row(
    'station',
    false,
    'The intermediate CA {issuer} cannot sign: {reason}. Call the security officer.',
  ),
  'ca.csr-refused': row(
    'unit',
    false,
    'The certificate request is refused: {rule}; found {found}. Nothing was signed.',
  ),
  'ca.profile': row('operator', false, 'The certificate profile is not allowed: {rule}; found {found}.'),
  'ca.lint': row(
    'bug',
    false,
    'The certificate would break a rule ({rule}; found {found}). Nothing was signed. Call the security officer.',
  ),
  'ca.chain': row('operator', false, 'The certificate chain is refused at {which}: {rule}.'),
  'ca.clock': row(
    'station',
    false,
    'The clock of the station cannot be right ({reason}). Nothing is signed until it is set; call the line lead.',
  ),
  'ca.key-taken': row(
    'unit',
    false,
    'A certificate with this public key exists already, for another unit or its device. Set the unit aside.',
  ),
  'ca.serial-taken': row(
    'station',
    true,
    'The random generator gave a serial number that was used before. Nothing was signed. If it repeats, call the security officer.',
  ),
  'ca.signature-wrong': row(
    'station',
    false,
    'What the HSM signed is not what it was asked to sign ({what}). The certificate is not used. Call the security officer.',
  ),
  'ca.quota': row('operator', false, 'The quota of {what} is used up: {quota} certificates.'),
  'ca.no-certificate': row('operator', false, 'There is no certificate {certificate} that could be {what}.'),
  'store.none': row(
    'operator',
    false,
    'The store {store} has no certificate for the registration ID {registrationId} ({why}). Import one, then scan the unit again.',
  ),
  'store.empty': row(
    'operator',
    false,
    'The store {store} has no certificate for any unit of the order {order}. Import them first.',
  ),
} as const satisfies Record<string, Row>;
