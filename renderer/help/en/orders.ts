import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** Orders, recipes, and what identities and input may be. */
export const orders = {
  'order.unknown': {
    means: 'There is no order of this name here. It is written differently, or was never imported at this station.',
    steps: ['Compare the name with the papers.', 'If it is right, call the lead.'],
    lead: 'On the {orders} screen: the list of orders. Import the order’s file if it is missing.',
  },
  'order.full': {
    means:
      'As many units were made as the order asks for. The order bounds how many identities exist, so there is no more.',
    steps: ['Put the unit back to those that are not made.', 'Begin the next order, or call the lead.'],
    lead: 'On the {orders} screen: finished and ordered. More units take a further order.',
  },
  'order.closed': {
    means: 'The order was closed, and no unit of it is made any more.',
    steps: [say.aside, say.lead],
    lead: 'On the {audit} screen, by the order: who closed it and when. On the {orders} screen: a lead can open it again.',
  },
  'order.not-armed': {
    means:
      'Whether the station’s key is the one that the cloud has for this order was not compared yet. With a wrong key every unit would be made in vain.',
    steps: [say.notYet, say.lead],
    lead: 'On the {orders} screen: arm the order while there is a network; the comparison is made then. Without one, a lead may accept it, which stays visible.',
  },
  'order.key-differs': {
    means:
      'The cloud has another key or another CA for this group than this station would use. Every unit made with it would be refused by the cloud.',
    steps: [say.stop, say.both],
    lead: 'On the {hsm} screen: the key’s check value. On the {issuers} screen: the issuer’s fingerprint. Compare it with the group in the cloud. One of the two was renewed.',
  },
  'order.not-comparable': {
    means: 'This target cannot be asked which key it has, so the station cannot compare by itself.',
    steps: [say.notYet, say.lead],
    lead: 'Compare by eye, in the target’s own portal. Then accept it on the {orders} screen; that you did is recorded.',
  },
  'export.no-entries': {
    means: 'A birth certificate tells what happened to a unit. With this one, nothing has happened yet.',
    steps: ['Check the serial number.', 'Run the unit first.'],
    lead: 'On the {orders} screen: the state of this unit.',
  },
  'recipe.not-approved': {
    means:
      'The recipe was changed or is new, and not both people have agreed to it yet. Recipes decide about keys, so one person alone cannot put one in force.',
    steps: [say.notYet, say.lead],
    lead: 'On the {recipes} screen: the difference to the last version. A lead and a security officer approve it.',
  },
  'recipe.unsupported': {
    means: 'The recipe asks for something that this station, or this kind of recipe, cannot do. The message says what.',
    steps: [say.stop, say.lead],
    lead: 'On the {recipes} screen: check the recipe; every problem is shown with its place.',
  },
  'identity.invalid': {
    means:
      'The registration ID that follows from the order and the recipe breaks a rule of the cloud service, which would refuse it.',
    steps: ['Note the serial number and this code.', say.lead],
    lead: 'On the {orders} screen: the line of the order. The rule is in the message; the file or the recipe’s template has to be corrected.',
  },
  'identity.taken': {
    means: 'Another unit already has this registration ID. Two devices with one ID would lock each other out.',
    steps: [say.aside, say.lead],
    lead: 'On the {recipes} screen: how the ID follows from the order’s file. Two lines that give the same ID are corrected in the file; capital and small letters count as the same.',
  },
  'identity.erased': {
    means:
      'The serial number, MAC or ID belonged to a unit whose records were erased. It is not given again, so that a new unit is never taken for the old one.',
    steps: [say.aside, say.asks],
    lead: 'On the {audit} screen: the entry about the erasure. The unit needs a new label.',
  },
  'input.invalid': {
    means:
      'Something that was typed, scanned or read from a file is not what it must be. The message says where, what was expected, and what was found.',
    steps: [
      'Go to the place that the message names, and correct it.',
      'Do it again.',
      'If it came from a file, have whoever made the file correct it.',
    ],
    lead: 'The file itself. Nothing of it was taken over: input is taken whole or not at all.',
  },
  'input.unknown-call': {
    means:
      'The screen asked the station for something that it does not know. Screen and station are of different versions.',
    steps: ['Load the page again (Ctrl+R).', say.leadIf],
    lead: 'The versions on this Help screen, under “About”. After an update, the station has to be started again.',
  },
  'order.file-refused': {
    means:
      'Lines of the file are not what they must be. Nothing was created, since an order is taken whole or not at all.',
    steps: [
      'Look at the bad lines that the screen shows.',
      'Have whoever made the file correct it.',
      'Import it again.',
    ],
    lead: 'On the {orders} screen: every bad line, with what was expected and what was found.',
  },
  'order.file-unreadable': {
    means:
      'The file is no text in UTF-8, or larger than 10 MB. Often it is a spreadsheet in its own format, or one saved in an older encoding.',
    steps: ['Save it as CSV in UTF-8 in the program that it comes from.', 'Choose it again.'],
    lead: 'Whoever makes the order files: the encoding, and whether an order that large can be divided.',
  },
  'recipe.unknown': {
    means:
      'The station has no recipe with this content. The list on the screen may be older, or the recipe was made at another station.',
    steps: ['Load the list of recipes again.', 'Choose the recipe there, or the file that it is in.'],
    lead: 'On the {recipes} screen: the recipes of this station. One from another station is brought as a file, and two people approve it here.',
  },
  'recipe.version-taken': {
    means:
      'A recipe’s version stands for one content for ever, since units were made with it. Another content needs another version.',
    steps: ['Give the recipe the next version.', 'Save it again.'],
    lead: 'On the {recipes} screen: the versions of this recipe, and what differs between them.',
  },
} as const satisfies Part;
