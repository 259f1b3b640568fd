import { type Row, row } from './row.ts';

/** What can go wrong with the cloud, webhooks, and rows that wait for them. */
export const cloudErrors = {
  'cloud.unreachable': row(
    'cloud',
    true,
    'The cloud cannot be reached ({reason}). Nothing is lost: uploads wait and go on by themselves.',
  ),
  'cloud.throttled': row('cloud', true, 'The cloud asked us to wait {seconds} s.'),
  'cloud.failed': row('cloud', true, 'The cloud answered {status}. Uploads go on by themselves.'),
  'cloud.refused': row('cloud', false, 'The cloud refused the station ({status}). {advice} Uploads wait for a person.'),
  'cloud.rejected': row('cloud', false, 'The cloud refused this entry ({status}, {reason}). It waits for a person.'),
  'cloud.malformed': row('cloud', true, 'The cloud sent an answer that is none ({what}). It counts as not done.'),
  'cloud.different': row(
    'cloud',
    false,
    'The cloud already has another entry under this ID ({what}). It is never overwritten; a person decides.',
  ),
  'cloud.no-group': row('cloud', false, 'The enrollment group {group} is not in the cloud. Its owner must create it.'),
  'cloud.by-hand': row(
    'cloud',
    false,
    '{target} takes no {what} from here. Do it there by hand; the entry waits for a person.',
  ),
  'cloud.private-key': row('bug', false, 'An upload held a private key and was stopped. Call the security officer.'),
  'cloud.too-large': row(
    'cloud',
    false,
    'What is to be sent has {bytes} bytes, and the service takes {most}. The recipe asks for too much in its enrollment.',
  ),
  'cloud.key-in-body': row(
    'bug',
    false,
    'An upload held a key or a connection string where none belongs, and was stopped. Call the security officer.',
  ),
  'cloud.not-configured': row(
    'operator',
    false,
    'This station has no cloud connection ({what}). Add it to station.json.',
  ),
  'webhook.unreachable': row(
    'cloud',
    true,
    'The webhook {name} cannot be reached ({reason}). Its messages wait and go on by themselves.',
  ),
  'webhook.failed': row(
    'cloud',
    true,
    'The webhook {name} answered {status}. The message is sent again by itself, and waits for a person in the end.',
  ),
  'sync.not-parked': row('operator', false, 'Row {row} does not wait for a person (any more).'),
  'sync.not-replaceable': row(
    'operator',
    false,
    'Row {row} does not wait because of another entry under its ID: retry or discard it.',
  ),
  'sync.changed': row(
    'operator',
    false,
    'The other entry of row {row} is not the one that you looked at. Look at it again: birthmark sync parked.',
  ),
  'group.unknown': row('operator', false, 'No order of this station has units of the enrollment group {group}.'),
  'folder.failed': row(
    'station',
    true,
    'The folder {folder} cannot be written ({reason}). Nothing is lost: free the disk or give the right back; it goes on by itself.',
  ),
  'folder.changed': row(
    'station',
    false,
    'The file {file} does not say any more what was written into it. It is not written over; compare it, then call the lead.',
  ),
  'folder.key': row(
    'operator',
    false,
    'The key of a unit is written into no file. Use the target dps, or carry it in a bundle: birthmark sync bundle.',
  ),
} as const satisfies Record<string, Row>;
