import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** The cloud, uploads, and files for whoever enrols by hand. */
export const cloud = {
  'cloud.unreachable': {
    means:
      'There is no way to the cloud at this moment. Units are made all the same; their uploads wait, and go on by themselves.',
    steps: ['Work on.', 'If it lasts for longer than the plant allows, tell the lead.'],
    lead: 'On the {cloud} screen: since when, and the reason. Check the connection there; it says name, route, certificate and rights one after the other.',
  },
  'cloud.throttled': {
    means: 'The cloud asked for a pause, since it gets more calls than it allows. The station keeps to it.',
    steps: [say.workOn, 'If it lasts for hours, tell the lead.'],
    lead: 'On the {cloud} screen: the budget. If other stations use the same service, lower it.',
  },
  'cloud.failed': {
    means: 'The cloud has trouble of its own. The station tries again by itself, more and more slowly.',
    steps: [say.workOn, 'If it lasts for hours, tell the lead.'],
    lead: 'On the {cloud} screen: since when. Then the status page of the service.',
  },
  'cloud.refused': {
    means:
      'The cloud does not let this station in: its credential expired, lacks a right, or a filter is in the way. Uploads stop until a person has looked.',
    steps: [say.uploadsWait, say.lead],
    lead: 'On the {cloud} screen: the advice, in the order of what is likely: credential, right, filter of addresses, clock. Check the connection there.',
  },
  'cloud.rejected': {
    means: 'The cloud refused this one entry, and would again. The other ones go on.',
    steps: ['Work on with other units.', say.lead],
    lead: 'On the {cloud} screen: the row that waits, with the service’s number of the error. Mend the cause, then send it once more, or discard it.',
  },
  'cloud.malformed': {
    means:
      'What came back is not what the service answers. Often a proxy or a log-in page of the network sits in between. It counts as not done and is tried again.',
    steps: [say.workOn, 'If it lasts, tell the lead.'],
    lead: 'On the {cloud} screen: check the connection. Whose certificate does the other end show?',
  },
  'cloud.different': {
    means:
      'Somebody else made an entry under the same ID. It may be another device, so the station does not write over it.',
    steps: ['Set the unit aside if it is still here.', say.lead],
    lead: 'On the {cloud} screen: what is there and what was to be there. Replacing it takes two people; discarding leaves the other one.',
  },
  'cloud.no-group': {
    means: 'The enrollment group that the recipe names is not in the cloud, so none of its devices could register.',
    steps: [say.stop, say.lead],
    lead: 'Ask the owner of the group to make it. Then compare the order again on the {orders} screen.',
  },
  'cloud.by-hand': {
    means: 'This target takes such a change from a person only, in its own portal.',
    steps: ['Leave it as it is.', say.lead],
    lead: 'Do it in the portal of the target, then discard the row on the {cloud} screen.',
  },
  'cloud.private-key': {
    means:
      'A message to the cloud held a private key, which never leaves. It was stopped before it left. That is a fault of this program.',
    steps: [say.stop, say.officer],
    lead: 'On the {cloud} screen: the row. Report it with the code; the key itself is not shown anywhere.',
  },
  'cloud.too-large': {
    means: 'What the recipe wants to enrol is larger than the service takes, usually because of too many properties.',
    steps: [say.stop, say.lead],
    lead: 'On the {recipes} screen: the initial twin in the recipe. Make it smaller, and approve the new version.',
  },
  'cloud.key-in-body': {
    means:
      'A message to the cloud held a key or a connection string in a place where none belongs. It was stopped before it left.',
    steps: [say.stop, say.officer],
    lead: 'On the {recipes} screen: whether a text in the recipe holds a secret. If not, report it with the code.',
  },
  'cloud.not-configured': {
    means: 'This station was not told which cloud it is to speak to, or was not given a credential for it.',
    steps: [say.uploadsWait, say.lead],
    lead: 'The cloud connection in station.json. The credential is given when the station starts.',
  },
  'webhook.unreachable': {
    means:
      'There is no way to the system that is told of results. Units are made all the same, and what it is to be told waits in order.',
    steps: [say.workOn, 'If it lasts for hours, tell the lead.'],
    lead: 'On the {cloud} screen, or by birthmark mes status: the reason. Then the receiver, its certificate and the network.',
  },
  'webhook.failed': {
    means:
      'The system that is told of results refuses a message. It is sent again, more and more slowly; after 16 refusals it waits for a person, and later messages of its unit wait behind it.',
    steps: [say.workOn, say.lead],
    lead: 'On the {cloud} screen: the receiver’s answer. Mend it there, then send everything once more, or give the message up (birthmark mes status, retry and discard do the same).',
  },
  'sync.not-parked': {
    means: 'The row that you decide about no longer waits: somebody else has decided, or it was sent meanwhile.',
    steps: ['Load the list again.', say.look],
    lead: 'On the {audit} screen: who decided about it.',
  },
  'sync.not-replaceable': {
    means: 'Only rows for which another entry stands in the cloud can be replaced. This one waits for another reason.',
    steps: ['Read the reason of the row.', 'Send it once more, or discard it.'],
    lead: 'On the {cloud} screen: the reason of the row.',
  },
  'sync.changed': {
    means:
      'The entry in the cloud was changed after you looked at it. Two people agreed to lose the one that they saw, and not another.',
    steps: ['Look at the row again.', say.look],
    lead: 'On the {cloud} screen: what is there now. Find out who else changes entries of these devices.',
  },
  'group.unknown': {
    means: 'No order of this station belongs to a group of this name, so there is nothing here to do about it.',
    steps: ['Compare the name with the recipe.', 'Say it again with the right name.'],
    lead: 'On the {recipes} screen: the group that each recipe names.',
  },
  'folder.failed': {
    means:
      'The folder in which enrollments or signed heads are laid cannot be written. Nothing is lost; it goes on as soon as it can be.',
    steps: ['Work on.', say.lead],
    lead: 'On the {cloud} screen: the reason. A full disk, a network share that is away, or a right that was taken.',
  },
  'folder.changed': {
    means:
      'A file that the station wrote says something else now. Somebody edited it, or the disk is damaged. It is not written over, so that nothing is lost.',
    steps: ['Leave the file as it is.', say.lead],
    lead: 'Compare the file with the list on the {cloud} screen, put it aside, then send the row once more.',
  },
  'folder.key': {
    means:
      'The recipe has keys that only the cloud and the unit may know, and a file can be read by anybody who has it.',
    steps: [say.stop, say.lead],
    lead: 'On the {recipes} screen: another target in the recipe, or carry it over the air gap in an encrypted bundle.',
  },
} as const satisfies Part;
