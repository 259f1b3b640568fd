import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** Units: what they answer, who they are, and where they stand. */
export const units = {
  'unit.silent': {
    means:
      'The cable is there, but the unit did not answer a message in time. It has no power, has not started yet, or hangs.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'On the {lanes} screen: if one lane alone has this, change its fixture or cable; if all lanes have it, look at the supply and at the firmware of this batch.',
  },
  'unit.garbled': {
    means:
      'The unit answered with something that is no message of the protocol, or that did not pass its check sum. A bad contact, a wrong speed, or firmware that writes on the same line does that.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'On the {settings} screen: whether the speed of the lane is the one that the units speak; and whether the firmware writes log lines on this port.',
  },
  'unit.serial-mismatch': {
    means:
      'The label that was scanned names another unit than the one on the fixture. With the wrong label a device would be enrolled under somebody else’s name, so nothing was written.',
    steps: [
      'Compare the label with the unit on the fixture: was another unit’s label scanned?',
      'If so, scan the right label.',
      'If the label sticks on the wrong unit, set the unit aside, marked with this code, and call the lead.',
    ],
    lead: 'On the {audit} screen, by the scanned serial number: whether units beside it have the same fault. Then a roll of labels has slipped, and the line is stopped until it is found where.',
  },
  'unit.mac-mismatch': {
    means:
      'The order names a MAC for this serial number, and the unit reports another one. Board, label or order do not belong together.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'On the {orders} screen: the line of this unit in the order. Compare it with the board’s own label, and have the order or the board corrected.',
  },
  'unit.version': {
    means:
      'Unit and station speak different versions of the protocol. The unit has older or newer firmware than this station knows.',
    steps: [say.aside, say.goOn, say.ifNext],
    lead: 'Which firmware the batch has. Update the units, or the station; no setting makes them fit.',
  },
  'unit.cannot': {
    means:
      'The recipe asks the unit for something that it does not offer. The firmware is another than the recipe was written for, or the order has the wrong recipe.',
    steps: [say.aside, say.goOn, say.ifNext],
    lead: 'On the {orders} screen: the recipe of the order. On the {recipes} screen: what the recipe asks for. Compare it with the firmware of the batch.',
  },
  'unit.refused': {
    means:
      'The unit understood and said no, and named a reason: it is locked, or what it was given does not fit it. Nothing was forced.',
    steps: ['Read the reason in the message.', say.aside, say.lead],
    lead: 'On the {audit} screen, by this serial number: whether the unit was made before, here or under another order. A locked unit needs rework.',
  },
  'unit.other-credential': {
    means:
      'There already is another key or certificate in the unit than the one that belongs to it here. Writing over it could make a second device under one name.',
    steps: [say.aside, say.notAgain, 'Call the lead, who decides on rework.'],
    lead: 'On the {audit} screen, by this serial number: which credential it was given, when, and on which lane. Rework erases the unit’s storage before it comes back to the line.',
  },
  'unit.proof-wrong': {
    means:
      'The unit was given its key, but what it computed with it is wrong. It would be refused by the cloud, so it did not pass.',
    steps: [say.again, say.asideIf],
    lead: 'On the {audit} screen: if several units of a batch have this, their storage or their crypto firmware is at fault.',
  },
  'unit.certificate-refused': {
    means:
      'The unit came with a certificate of its own, and a rule of the recipe does not allow it. The message names the rule.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'On the {hsm} screen: the stores of certificates, and which maker issued this one. A whole batch with this code goes back to whoever put the certificates in.',
  },
  'unit.mac-taken': {
    means:
      'Two units report the same MAC. One of them is a copy, or was programmed wrongly, and in a network they would disturb each other. The lane takes no further unit.',
    steps: [say.bothAside, say.lead, say.released],
    lead: 'On the {audit} screen, by both serial numbers: which came first. Then where the MACs of the batch are written.',
  },
  'unit.unknown': {
    means:
      'No open order has a unit with this serial number. The label was misread, is of another product, or its order was not imported yet.',
    steps: [
      'Scan the label once more; clean the scanner’s window if it is dirty.',
      'Compare what the screen shows with what the label says.',
      'If both agree, call the lead.',
    ],
    lead: 'On the {orders} screen: find the serial number, and see whether its order was imported and is open.',
  },
  'unit.ambiguous': {
    means: 'Several open orders have a unit with this serial number, so the station cannot know which one is meant.',
    steps: [
      'Look at the papers of the unit: which order is it of?',
      'Choose that order, then scan the unit again.',
      'If the papers do not say it, call the lead.',
    ],
    lead: 'On the {orders} screen: close the order that is done, or have one of the two files corrected.',
  },
  'unit.finished': {
    means:
      'This unit passed before, at the time that the message says. It is never made twice: its identity is in it already.',
    steps: [
      'Put the unit to those that are finished.',
      'If the unit on the fixture is another one, its label is a copy: set it aside and call the lead.',
      say.goOn,
    ],
    lead: 'On the {audit} screen, by this serial number: when and where it was made. Two units with one label is a matter for the security officer.',
  },
  'unit.busy': {
    means: 'A unit with this serial number is being made right now, on the lane that the message names.',
    steps: [
      'Look at that lane and wait for its verdict.',
      'If there is another unit on it, two units have the same label: set both aside and call the lead.',
    ],
    lead: 'On the {audit} screen, by this serial number: whether the label was printed twice.',
  },
  'unit.in-batch': {
    means:
      'The certificate of this unit is being made from a file at this moment, outside of the line. A run beside it could give it a second one.',
    steps: ['Wait a minute.', say.again, 'If it still says so after five minutes, call the lead.'],
    lead: 'On the {audit} screen, by the order: who is issuing certificates for it.',
  },
  'unit.scrapped': {
    means:
      'This unit was taken out of use for good, at the time that the message says. Its entry in the cloud is disabled.',
    steps: ['Put the unit to the scrap.', 'If it should not be scrap, call the lead; scanning it changes nothing.'],
    lead: 'On the {audit} screen, by this serial number: who scrapped it, and why. It does not come back; a repaired board gets a new serial number.',
  },
  'unit.unmade': {
    means:
      'The unit has no registration ID yet, since it was never run, or since the ID follows from a TPM that was not read yet. The cloud cannot know it.',
    steps: ['Run the unit on a lane first.', say.redo],
    lead: 'On the {orders} screen: the state of this unit.',
  },
  'unit.chain-differs': {
    means: 'The unit was given its certificate, and reads back another one. Its storage is not to be trusted as it is.',
    steps: [say.again, say.asideIf],
    lead: 'On the {audit} screen: if several units of a batch have this, their storage is too small or wears out.',
  },
} as const satisfies Part;
