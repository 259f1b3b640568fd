import { type Row, row } from './row.ts';

/** What can go wrong with the audit trail and the database. */
export const auditErrors = {
  'store.failed': row(
    'station',
    true,
    'The station could not write its record ({reason}). Nothing leaves without a record; free the disk or call the lead.',
  ),
  'audit.too-long': row(
    'bug',
    false,
    'The entry {action} of the audit trail would have {bytes} bytes, more than there may be. Nothing was done; call the lead.',
  ),
  'store.damaged': row('station', false, 'The record {what} is damaged: {reason}.'),
  'audit.damaged': row(
    'station',
    false,
    'The audit trail is damaged ({place}: {reason}). Nothing is made or signed. Call the security officer and an auditor.',
  ),
  'audit.older': row(
    'station',
    false,
    'This station is older than {anchor}, which knows a head of {size} entries (here are {here}): an old copy of its database was put back. Lanes, certificates and lists are stopped. Put the newest database back; if it is lost, two people reconcile: birthmark audit reconcile --size {size} --root {root}.',
  ),
  'audit.forked': row(
    'station',
    false,
    'The audit trail of this station is another one than {anchor} knows at {size} entries (here are {here}). Lanes, certificates and lists are stopped. Find the right database; if there is none, two people reconcile: birthmark audit reconcile --size {size} --root {root}.',
  ),
  'audit.not-stopped': row(
    'operator',
    false,
    'The audit trail is not stopped by a head of {size} entries with this root. Look again at why it is stopped: birthmark audit anchors.',
  ),
  'audit.no-entry': row('operator', false, 'The audit trail has no entry {seq}: it has {entries} of them, from 0 on.'),
  'audit.unsigned': row(
    'station',
    true,
    'The head of the audit trail could not be signed. See that the HSM is ready and the audit trail is not stopped, then do it again.',
  ),
  'audit.not-written': row(
    'station',
    true,
    'The export could not be written into {folder} ({reason}). Free the disk or give the right to write there, then do it again.',
  ),
} as const satisfies Record<string, Row>;
