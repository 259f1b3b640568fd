import { type Row, row } from './row.ts';

/** What can go wrong with what is carried over an air gap. */
export const airGapErrors = {
  'bundle.no-applier': row(
    'operator',
    false,
    'No applier is pinned here that a bundle could be made for: birthmark sync pin-applier. Two people.',
  ),
  'bundle.fingerprint': row(
    'operator',
    false,
    'The keys in {file} have another fingerprint than the one that was typed: they were swapped, or it was mistyped. Nothing was pinned.',
  ),
  'bundle.nothing': row('operator', false, 'No row waits that could go into a bundle.'),
  'bundle.busy': row('operator', true, 'A bundle is being made right now. Wait for it.'),
  'bundle.unknown': row('operator', false, 'This station has no open bundle {sequence}.'),
  'bundle.forged': row(
    'operator',
    false,
    'The {what} is not signed by {whom}: it was changed, or comes from somebody else. Nothing was done with it.',
  ),
  'bundle.foreign': row('operator', false, 'The {what} is for {whom}. Nothing was done with it.'),
  'bundle.unknown-station': row(
    'operator',
    false,
    'The station {station} is not trusted here. Get its public file and, by another way, its fingerprint: birthmark applier trust.',
  ),
  'bundle.trusted-otherwise': row(
    'operator',
    false,
    'Another key is trusted here for the station {station}. Keys never change; call the security officer.',
  ),
  'bundle.expired': row(
    'operator',
    false,
    'The bundle {sequence} expired ({at}). Nothing was sent from it; make a new one at the station.',
  ),
  'bundle.replayed': row(
    'operator',
    false,
    'The bundle {sequence} of {station} is no newer than the bundle {last}, which was taken, and is another one. Nothing was done with it.',
  ),
  'bundle.gap': row(
    'operator',
    false,
    'The bundle {sequence} of {station} follows the bundle {previous}, and the last one taken here is {last}. Carry the missing one first; if it is lost for good, say --accept-gap.',
  ),
  'bundle.older-head': row(
    'operator',
    false,
    'The bundle {sequence} of {station} comes from an older copy of the station: its audit trail had {last} entries before, and has {size} or others now. Nothing was done with it; call the security officer.',
  ),
  'bundle.no-applier-folder': row('operator', false, 'There is no applier in {folder}: birthmark applier init.'),
  'receipts.unknown': row(
    'operator',
    false,
    'These receipts are for no bundle of this station. Nothing was done with them.',
  ),
  'receipts.stale': row(
    'operator',
    false,
    'These receipts for the bundle {sequence} are number {number}, and number {last} were taken before. Nothing was done with them.',
  ),
  'receipts.partial': row(
    'operator',
    false,
    'These receipts for the bundle {sequence} speak of {found} rows, and not of the {expected} that it has. Nothing was done with them.',
  ),
} as const satisfies Record<string, Row>;
