import { type Row, row } from './row.ts';

/** What can go wrong with erasure and holds. */
export const privacyErrors = {
  'privacy.unknown': row(
    'operator',
    false,
    'The records know no {what} of this name: it was never here, or it was erased.',
  ),
  'privacy.held': row(
    'operator',
    false,
    'The legal hold {hold} keeps these records. Two people end it first: birthmark privacy release {hold}.',
  ),
  'privacy.no-hold': row('operator', false, 'There is no legal hold {hold} in force.'),
  'privacy.waits': row(
    'operator',
    true,
    '{rows} rows of the unit wait for the cloud. Send them (birthmark sync run), or retry or discard those that wait for a person; then erase the unit.',
  ),
  'privacy.working': row('operator', true, 'The person makes a unit right now. Wait for its verdict, then erase.'),
  'privacy.only-one': row(
    'operator',
    false,
    'The person is the only {role} who can sign in: nobody could do this work any more. Add another one first.',
  ),
  'privacy.still-read': row(
    'station',
    true,
    'It is erased, and old pages are still in station.db-wal since another program reads the database. End it (audit verify, fsck, backup); the station tries again every hour and at its next start.',
  ),
} as const satisfies Record<string, Row>;
