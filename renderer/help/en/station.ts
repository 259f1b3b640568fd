import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** The station itself: its records, its audit trail, its backups. */
export const station = {
  'station.held': {
    means:
      'Another process works with this folder. Two of them could give one identity twice, so the second one does not start.',
    steps: [
      'Look whether the station is open in another window, and use that one.',
      'If there is none, call the lead.',
    ],
    lead: 'The message says which process holds it. End that one, not by switching the machine off.',
  },
  'station.no-folder': {
    means: 'In this folder there is no station, or its screens are not built.',
    steps: [say.folder, 'If it is a new machine, set the station up.'],
    lead: 'Whether a disk or a network share is missing since the last start.',
  },
  'station.config': {
    means:
      'The configuration has something that is not allowed. The message says where, what was expected, and what was found.',
    steps: ['Note the place that the message names.', say.lead],
    lead: 'The place in station.json. What can be changed on the {settings} screen is checked before it is written.',
  },
  'station.mode': {
    means:
      'Practice and production are kept apart: simulated units and practice keys never in production, and real ceremonies never in practice.',
    steps: ['Look which mode the screen shows at the top.', say.lead],
    lead: 'The mode is chosen once, at the set-up. For the other one, another station is set up.',
  },
  'station.stopping': {
    means: 'The station was told to stop while this was under way. Nothing half done counts.',
    steps: ['Wait until the station is up again.', say.again],
    lead: 'Who stopped it, and why. On the {lanes} screen see that no lane runs before a stop.',
  },
  'store.failed': {
    means:
      'The disk did not take a record. Nothing leaves the station without one, so the unit got nothing and did not pass.',
    steps: [
      'Leave the unit on its fixture.',
      'Call the lead, who makes room on the disk.',
      'Then scan the unit again.',
    ],
    lead: 'How much room the disk has, and whether it is read-only. SQLITE_FULL is a full disk, SQLITE_IOERR a defective one.',
  },
  'store.damaged': {
    means: 'A record or a file of the station is not what was written.',
    steps: ['Stop working with this station.', say.both],
    lead: 'birthmark fsck says what holds and what does not. Then the newest backup.',
  },
  'audit.too-long': {
    means:
      'An entry of the audit trail would be longer than entries may be. Nothing was done, since nothing is done without an entry. That is a fault of this program.',
    steps: ['Do not try it again.', say.lead],
    lead: 'Report it with the code. Often it helps to do the same for fewer units at once.',
  },
  'audit.damaged': {
    means:
      'The audit trail does not fit its own check sums: an entry was changed, removed or lost. Everything that makes or signs has stopped.',
    steps: ['Do not restart and do not mend anything.', 'Call the security officer and an auditor.'],
    lead: 'On the {audit} screen: the place. Export what is there, and compare it with the last export and the codes in the shift book.',
  },
  'audit.older': {
    means:
      'Outside of the station somebody knows a newer state of this station than the station itself. An old copy of its database was put back; going on would give numbers twice.',
    steps: [say.leave, say.both],
    lead: 'On the {audit} screen: the anchors. Put the newest database back. If it is lost, a security officer and a lead reconcile.',
  },
  'audit.forked': {
    means: 'What was anchored outside is not what this database says: there are two histories of one station.',
    steps: [say.leave, 'Call the security officer and an auditor.'],
    lead: 'On the {audit} screen: the anchors, and which of them differ. Look for a second copy of the station that worked meanwhile.',
  },
  'audit.not-stopped': {
    means: 'What you want to reconcile is not why the audit trail is stopped, or it is not stopped at all.',
    steps: ['Look at the anchors again.', say.look],
    lead: 'On the {audit} screen: the head that stopped it, its size and its root.',
  },
  'audit.unsigned': {
    means: 'The HSM did not sign the newest state of the audit trail, which anything that is taken out of it needs.',
    steps: ['See that the HSM is ready.', 'Do it again.', say.officerIf],
    lead: 'On the {hsm} screen: the HSM. On the {audit} screen: whether the trail is stopped.',
  },
  'audit.not-written': {
    means: 'The disk did not take the export. The audit trail itself is as it was.',
    steps: ['Make room, or choose another folder.', 'Export again.'],
    lead: 'Whether the station may write in this folder.',
  },
  'backup.exists': {
    means: 'There already is something under this name. A backup never writes over anything.',
    steps: ['Choose a new name.', 'Make the backup again.'],
    lead: 'On the {backup} screen: the backups that are there.',
  },
  'backup.failed': {
    means: 'The backup could not be written to its end. What was begun is removed; the station itself goes on.',
    steps: ['See that the medium is plugged in and has room.', 'Make the backup again.'],
    lead: 'On the {backup} screen: how old the last good backup is.',
  },
  'backup.damaged': {
    means: 'A file of the backup is not what it was when the backup was made.',
    steps: ['Do not restore it.', 'Take another backup.', say.lead],
    lead: 'Whether the medium is worn out. If a backup that was just made does not hold, run birthmark fsck on the station.',
  },
  'backup.expired': {
    means: 'Records that had to be erased meanwhile are still in this backup, and restoring it would bring them back.',
    steps: ['Take a newer backup.', 'If there is none, call the lead and the security officer.'],
    lead: 'If it has to be this one, restore it with --expired. The station then erases the same records again when it starts, if its list of erasures is still in the folder.',
  },
  'backup.not-empty': {
    means: 'The folder into which the station is to be restored holds something already.',
    steps: ['Choose a new, empty folder.', 'If the old station is to be replaced, call the lead.'],
    lead: 'With --replace the old folder is kept under another name; delete it only when the restored station works.',
  },
  'rpc.closed': {
    means:
      'The screen lost its connection to the station. Lanes go on at the station; the screen comes back by itself and shows what happened.',
    steps: [
      'Wait a few seconds. Leave the units on their fixtures.',
      'If it does not come back in a minute, load the page again (Ctrl+R).',
      'If that does not help, call the lead.',
    ],
    lead: 'Whether the station’s process still runs on this machine.',
  },
  'rpc.deadline': {
    means: 'The station did not answer in time. It is overloaded, or something holds it.',
    steps: ['Wait a moment, and do it again.', say.leadIf],
    lead: 'What else runs on this machine, and whether its disk is slow or full.',
  },
  internal: {
    means:
      'Something happened that the program does not foresee. Details are in the log under the number of the incident; the screen shows none, since they could hold a secret.',
    steps: ['Note the number of the incident and the time.', say.again, say.lead],
    lead: 'The log of the station by that number. Send it to whoever maintains this program.',
  },
  'setup.first': {
    means: 'This station has no name, no HSM and no people yet. Until it is set up, it can do nothing else.',
    steps: [
      'Finish the set-up on this screen.',
      'If the station was set up before, call the lead: its folder may be missing.',
    ],
    lead: 'If a station was set up here before: whether its disk is there, before a second one is made.',
  },
  'setup.done': {
    means: 'Somebody has finished the set-up meanwhile. A station is set up once.',
    steps: ['Load the page again (Ctrl+R).', 'Sign in.'],
    lead: 'On the {settings} screen: what can be changed later. For another mode, another station is set up.',
  },
  'setup.busy': {
    means:
      'The station is being made: its folder, its keys and its first people. A second attempt beside it would disturb the first.',
    steps: [
      'Wait until the screen says that it is done.',
      'If nothing moves for five minutes, load the page again (Ctrl+R).',
    ],
    lead: 'Whether the HSM answers; making its keys takes the longest. A set-up that breaks off leaves no half station.',
  },
  'setup.no-pin': {
    means: 'The station needs the token’s PIN to make its keys in it, and has none for the token that is chosen.',
    steps: ['Choose the token again.', 'Type its PIN.', 'If you do not have it, call the security officer.'],
    lead: 'Which token is chosen, by its serial number. The PIN is kept until the set-up ends and is written nowhere.',
  },
  'settings.units': {
    means: 'Starting the station again now would cut off the unit on this lane.',
    steps: ['Wait for the verdict of the lane.', 'Do not scan a further unit.', 'Then start the station again.'],
    lead: 'On the {lanes} screen: which lanes still work.',
  },
  'settings.same-port': {
    means:
      'One socket can have several names on this computer. Two lanes on one port would write on each other’s units, so nothing was saved.',
    steps: [
      'Find the port of each of the two by plugging: the {settings} screen has a button for that.',
      'Save again.',
    ],
    lead: 'Whether two lanes, or a lane and a scanner, were meant for one socket: each needs its own.',
  },
  'settings.no-restart': {
    means:
      'This station was started by a command, and only whoever started it can start it again. The settings are saved.',
    steps: ['Work on: until then the settings before hold.', say.lead],
    lead: 'End the command where it runs when no lane works, and start it again: birthmark serve.',
  },
  'settings.failed': {
    means: 'The disk did not take the new settings. Those before are still in force, whole.',
    steps: [
      'Note the reason in the message.',
      'Call the lead, who makes room on the disk.',
      'Then save the settings again.',
    ],
    lead: 'How much room the disk has, and whether the station may write in its own folder.',
  },
  'backup.busy': {
    means: 'A backup is being made. A second one at the same time would only slow both.',
    steps: ['Wait until it is done.', 'Make another one then, if it is still needed.'],
    lead: 'On the {backup} screen: the backups, and how far this one is.',
  },
  'audit.no-entry': {
    means: 'Entries of the audit trail are numbered without a gap, and there is none of this number yet.',
    steps: ['Compare the number with where you have it from.', 'Search by unit, person or time instead.'],
    lead: 'On the {audit} screen: how many entries there are. If an earlier export has this entry and the station does not, compare the heads: an old copy may be at work.',
  },
  'station.altered': {
    means:
      'A file of the program is not the one that was delivered. It may be damaged or changed on purpose, so the station does not start with it.',
    steps: [
      'Make no more units with this computer.',
      'Call the lead and the security officer, and tell them the file’s name.',
    ],
    lead: 'Keep the computer as it is until it is clear who changed the file. Then install the program again from its source; the station’s folder stays.',
  },
} as const satisfies Part;
