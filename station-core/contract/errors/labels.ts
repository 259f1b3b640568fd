import { type Row, row } from './row.ts';

/** What can go wrong with labels, their printers, and packing. */
export const labelsErrors = {
  'label.unknown-template': row(
    'station',
    false,
    'This station has no template {template} for labels. Correct the recipe, or add the template to station.json.',
  ),
  'label.no-printer': row(
    'station',
    false,
    'There is no printer for this label: {what}. Correct the printers in station.json, or name another one.',
  ),
  'label.none': row('operator', false, 'The recipe of {serial} has no label.'),
  'label.not-passed': row('operator', false, '{serial} gets no label: it has not passed.'),
  'label.cannot': row(
    'station',
    false,
    'The label cannot be made: {what}: {reason}. Correct the template or the order.',
  ),
  'printer.gone': row(
    'station',
    true,
    'The printer {printer} cannot be reached. Check its power and its cable; labels wait for it.',
  ),
  'printer.refused': row('station', true, 'The printer {printer} could not be used: {reason}. Labels wait for it.'),
  'printer.silent': row(
    'station',
    true,
    'The printer {printer} does not say how it is. Switch it off and on; where it never does, set status: false in station.json.',
  ),
  'printer.paper-out': row(
    'station',
    true,
    'The printer {printer} has no labels left. Put in a new roll; what waits is printed by itself.',
  ),
  'printer.head-open': row(
    'station',
    true,
    'The printer {printer} is open. Close its head; what waits is printed by itself.',
  ),
  'printer.not-ready': row('station', true, 'The printer {printer} prints nothing: {reason}. Labels wait for it.'),
  'packing.label': row(
    'operator',
    true,
    'The label that was scanned is not that of the unit {serial}. Scan the label of the unit that is being packed.',
  ),
  'packing.no-key': row(
    'operator',
    false,
    'The unit {serial} must not ship: its recipe wants a TPM, and no endorsement key of it is on record. Set it aside for the lead.',
  ),
  'packing.short-lived': row(
    'operator',
    false,
    'The unit {serial} must not ship: its certificate is good for {days} days, and the recipe wants {wanted}. Set it aside for the lead.',
  ),
  'packing.no-receipt': row(
    'cloud',
    true,
    'The unit {serial} must not ship yet: the cloud has not said that it knows it. Wait for the uploads, then scan it again.',
  ),
  'packing.shut-out': row(
    'operator',
    false,
    'The unit {serial} must not ship: in the cloud it is disabled or taken out. Set it aside for the lead.',
  ),
} as const satisfies Record<string, Row>;
