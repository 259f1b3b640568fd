import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** Bundles and receipts, which are carried over an air gap. */
export const airGap = {
  'bundle.no-applier': {
    means:
      'A bundle is encrypted for one applier, the machine that sends it. This station was not told which one it is.',
    steps: ['Do not make a bundle yet.', say.officer],
    lead: 'Two people pin the applier by its file and, from another source, its fingerprint.',
  },
  'bundle.fingerprint': {
    means:
      'The file with the applier’s keys is not the one that the fingerprint was read from. Whoever swaps it would get the keys of all units.',
    steps: ['Check what was typed.', 'If it was right, get the file again, by another way.', say.officer],
    lead: 'Read the fingerprint from the applier’s own screen, by telephone, to a person whom you know.',
  },
  'bundle.nothing': {
    means: 'Everything is sent or on its way in a bundle already, so there is nothing to be carried.',
    steps: ['Make no bundle: there is nothing to be put into one.', 'Work on.'],
    lead: 'On the {cloud} screen: the backlog, and bundles that are still open.',
  },
  'bundle.busy': {
    means: 'A bundle is being made. A second one at the same time would hold the same rows.',
    steps: ['Wait until it is done.', 'Then make the next one.'],
    lead: 'On the {cloud} screen: the list of bundles.',
  },
  'bundle.unknown': {
    means: 'There is no open bundle of this number: its receipts were taken, it expired, or the number is wrong.',
    steps: ['Look the number up in the list of bundles.', 'Say it again with the right number.'],
    lead: 'On the {cloud} screen: the bundles and their states.',
  },
  'bundle.forged': {
    means:
      'The signature does not hold: the file was changed on its way, or comes from somebody else. Nothing was done with it.',
    steps: [
      'Copy the file again from where it was made.',
      'If it says the same, keep the medium and call the security officer.',
    ],
    lead: 'Who carried the medium, and whether it was somewhere else between. Compare the file’s hash on both sides.',
  },
  'bundle.foreign': {
    means: 'The file is in order, but meant for somebody else.',
    steps: ['Look whether files were mixed up.', 'Carry it to whom the message names.'],
    lead: 'Which applier is pinned at the station.',
  },
  'bundle.unknown-station': {
    means: 'The applier does not know the station that made this bundle, and takes nothing from strangers.',
    steps: ['Leave the bundle where it is.', say.officer],
    lead: 'Get the station’s public file and, by another way, its fingerprint; then trust it on the applier.',
  },
  'bundle.trusted-otherwise': {
    means: 'The applier knows this station under another key. A station’s key never changes by itself.',
    steps: ['Leave the bundle where it is.', say.officer],
    lead: 'Whether the station was set up anew. If nobody knows why, take it for an attack.',
  },
  'bundle.expired': {
    means:
      'The bundle lay too long. Its content may be out of date, so nothing of it is sent. Its rows go back to the station’s queue.',
    steps: ['Make a new bundle at the station.', 'Carry it soon.'],
    lead: 'On the {cloud} screen: when it expired. Whoever makes a bundle says for how many days it is good, 90 at most.',
  },
  'bundle.replayed': {
    means: 'A newer bundle of this station was taken already, so this one would undo what came after it.',
    steps: ['Put the bundle away.', 'Carry the newest one.'],
    lead: 'Whether an old medium lies about, or somebody sent an old bundle on purpose.',
  },
  'bundle.gap': {
    means: 'Between this bundle and the last one, one is missing. What is in it would never arrive.',
    steps: ['Look for the missing bundle and carry it first.', 'If it is lost, call the lead.'],
    lead: 'On the {cloud} screen of the station: its file can be written again while it is open. If it is lost for good, the applier can accept the gap; the rows are sent again later.',
  },
  'bundle.older-head': {
    means:
      'The station’s audit trail is shorter or another than before: an old copy of the station is at work, whose serial numbers would be used twice.',
    steps: ['Stop the station.', say.officer],
    lead: 'On the {audit} screen of the station: the newest head. Find the right database.',
  },
  'bundle.no-applier-folder': {
    means: 'In the folder that was named there is no applier.',
    steps: [say.folder, 'If there has never been one, make it.'],
    lead: 'The command line says how: birthmark applier --help.',
  },
  'receipts.unknown': {
    means: 'The receipts do not fit any bundle that this station has made.',
    steps: ['Look whether they are of another station.', 'Carry the right file.'],
    lead: 'On the {cloud} screen: the open bundles.',
  },
  'receipts.stale': {
    means: 'Newer receipts for the same bundle were taken before. Old ones would set the list back.',
    steps: ['Put the file away.', 'Carry the newest receipts.'],
    lead: 'The message says which number was taken last. On the {cloud} screen: whether the bundle is done.',
  },
  'receipts.partial': {
    means: 'The receipts do not speak of every row of the bundle. A part of the file is missing.',
    steps: ['Copy the file again from the applier.', say.leadIf],
    lead: 'Have the applier write the receipts of this bundle again.',
  },
} as const satisfies Part;
