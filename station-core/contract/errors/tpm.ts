import { type Row, row } from './row.ts';

/** What can go wrong with a unit’s TPM, and whether it is genuine. */
export const tpmErrors = {
  'tpm.missing': row(
    'unit',
    true,
    'The unit has no TPM that answers ({what}). Reseat the unit; if it repeats, set it aside.',
  ),
  'tpm.version': row('unit', false, 'The unit has a TPM {found}; DPS needs TPM 2.0 (F-90). Set the unit aside.'),
  'tpm.failure-mode': row(
    'unit',
    false,
    'The TPM of the unit is in failure mode: its self-test failed. Set the unit aside.',
  ),
  'tpm.lockout': row(
    'unit',
    true,
    'The TPM of the unit is in lockout after wrong authorisations. Leave it powered until its lockout ends, then scan the unit again.',
  ),
  'tpm.auth': row(
    'operator',
    false,
    'The TPM of the unit refused the authorisation of {what}. Check the secret that the recipe names; wrong ones lock a TPM.',
  ),
  'tpm.refused': row(
    'unit',
    true,
    'The TPM of the unit refused {command}: {code}. Scan it again; if it repeats, set it aside.',
  ),
  'tpm.garbled': row(
    'unit',
    true,
    'The TPM of the unit answered {command} with something that is no answer ({place}: expected {expected}). Scan it again.',
  ),
  'tpm.key-refused': row('unit', false, 'The {what} of the unit is not what it must be: {rule}. Set the unit aside.'),
  'tpm.name-differs': row(
    'unit',
    false,
    'The TPM of the unit gave its {what} another name than follows from its public part. Set the unit aside: it is no genuine TPM.',
  ),
  'tpm.not-activated': row(
    'unit',
    false,
    'The TPM of the unit could not open the challenge: the endorsement key that it shows is not its own. Set the unit aside.',
  ),
  'ek.certificate-missing': row(
    'unit',
    false,
    "The TPM of the unit has no certificate for its endorsement key. Set the unit aside, or ask the lead for the TPM maker's list.",
  ),
  'ek.certificate-unreadable': row(
    'unit',
    false,
    'The certificate of the endorsement key cannot be read ({place}: expected {expected}). Set the unit aside.',
  ),
  'ek.certificate-expired': row(
    'unit',
    false,
    'The certificate of the endorsement key is not valid at this time ({rule}). Check the clock; set the unit aside.',
  ),
  'ek.certificate-self-signed': row(
    'unit',
    false,
    'The certificate of the endorsement key is signed by nobody but itself. Set the unit aside: it is no TPM of a maker.',
  ),
  'ek.certificate-other-key': row(
    'unit',
    false,
    'The certificate is for another endorsement key than the one that the unit shows. Set the unit aside.',
  ),
  'ek.certificate-usage': row(
    'unit',
    false,
    'The certificate is not one of an endorsement key: {rule}. Set the unit aside.',
  ),
  'ek.certificate-chain': row(
    'unit',
    false,
    'The certificate of the endorsement key is refused at {which}: {rule}. Set the unit aside.',
  ),
  'ek.root-unknown': row(
    'operator',
    false,
    'The certificate of the endorsement key leads to no root that the recipe names ({issuer}). Set the unit aside; the security officer decides on new TPM makers.',
  ),
  'ek.software': row(
    'unit',
    false,
    'The unit has a software TPM ({what}). Production takes real ones only (F-101). Set the unit aside.',
  ),
  'ek.not-genuine-enough': row(
    'operator',
    false,
    'The recipe asks for {found} only; production asks for {expected} of every TPM.',
  ),
  'ek.taken': row(
    'unit',
    false,
    'The units {serial} and {other} have the same endorsement key. Set both aside and call the lead: the lane stops.',
  ),
  'ek.changed': row(
    'unit',
    false,
    'The unit {serial} was seen with another endorsement key before. A new TPM makes it a new device: scrap the unit or set it aside (F-98). The lane stops.',
  ),
  'ek.public-sample': row(
    'unit',
    false,
    'The endorsement key of the unit is printed in public documents. Production does not take it. Set the unit aside.',
  ),
  'ek.not-listed': row(
    'unit',
    false,
    'The endorsement key is not in the list {list} of the TPM maker. Set the unit aside: the lane stops (F-102).',
  ),
  'ek.other-id': row(
    'operator',
    false,
    'The list {list} enrolled this endorsement key under another registration ID than {registrationId}. A lead decides which it is to be.',
  ),
} as const satisfies Record<string, Row>;
