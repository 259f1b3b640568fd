import { type Row, row } from './row.ts';

/** What can go wrong with the station itself, its set-up, settings and backups, and its connections. */
export const stationErrors = {
  'setup.first': row(
    'operator',
    true,
    'This station is not set up yet, so it cannot do {method}. Finish the set-up first.',
  ),
  'setup.done': row('operator', true, 'This station is set up already. Load the page again to see it.'),
  'setup.busy': row('operator', true, 'The station is being made right now. Wait for it.'),
  'setup.no-pin': row('operator', true, 'The HSM was not unlocked for this token. Choose the token and type its PIN.'),
  'settings.units': row(
    'operator',
    true,
    'Lane {lane} makes a unit right now. Wait for its verdict, then start the station again.',
  ),
  'settings.same-port': row(
    'operator',
    true,
    '{one} and {other} are two names of one port. Give every lane and every scanner a port of its own.',
  ),
  'settings.no-restart': row(
    'operator',
    false,
    'This station was started by a command. Stop it there and start it again: birthmark serve.',
  ),
  'settings.failed': row(
    'station',
    true,
    'The settings could not be written ({reason}). Nothing has changed. Free the disk or give the right to write, then save them again.',
  ),
  'backup.exists': row('operator', false, 'There is something at {folder} already. A backup is a new folder.'),
  'backup.busy': row('operator', true, 'A backup is being made right now. Wait for it.'),
  'backup.failed': row(
    'station',
    true,
    'The backup could not be written to {folder} ({reason}). Free the medium or take another one, then make it again.',
  ),
  'backup.damaged': row(
    'station',
    false,
    'The backup does not hold: {file}: {reason}. Take another backup; if it was just made, run birthmark fsck and call the lead.',
  ),
  'backup.expired': row(
    'operator',
    false,
    'The backup expired at {at}: what was erased before and is in it would be back. Take a newer one; if there is none, say --expired.',
  ),
  'backup.not-empty': row(
    'operator',
    false,
    'The folder {folder} is not empty. Choose a new one, or say --replace: what is there is kept aside.',
  ),
  'station.held': row('operator', false, 'Another station process ({holder}) already holds this folder.'),
  'station.no-folder': row('operator', false, 'There is no station in {folder}.'),
  'station.config': row('operator', false, 'station.json, {place}: expected {expected}, found {found}.'),
  'station.mode': row('operator', false, '{what} is not allowed in {mode} mode.'),
  'station.stopping': row('station', true, 'The station is stopping. Start it again, then scan the unit again.'),
  'station.altered': row(
    'station',
    false,
    'The program is not as it was delivered ({file}), so it makes no units. Install it again, and tell whoever looks after this computer.',
  ),
  'rpc.closed': row('station', true, 'The connection to the station was lost. It comes back by itself.'),
  'rpc.deadline': row('station', true, 'The station did not answer in {ms} ms.'),
  internal: row(
    'bug',
    false,
    'Something went wrong that we did not foresee (incident {incident}). The log has the details; call the lead.',
  ),
} as const satisfies Record<string, Row>;
