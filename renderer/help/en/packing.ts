import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** What becomes of units after their verdict: looked at, made once more, packed. */
export const packing = {
  'unit.shipped': {
    means:
      'The unit has left the line by its record. If it lies here all the same, it came back, or another one was packed under its name.',
    steps: [say.aside, say.lead],
    lead: 'On the {units} screen: when it was shipped. A unit that came back is scrapped, or made under a new order with a new serial number.',
  },
  'unit.needs-replacement': {
    means:
      'The cloud has the unit’s key, and the copy here was destroyed as it must be. The unit can be made once more only with another key, under the same name.',
    steps: [say.aside, say.lead],
    lead: 'On the {units} screen: replace its credential, with a second person. Its next run brings the new key, and its entry in the cloud gets it.',
  },
  'order.first-article': {
    means:
      'The recipe wants somebody to look at the first unit of this version before others are made. A mistake in it would else be in a whole order.',
    steps: ['Take the first unit, by the serial number in the message, to the lead.', say.again],
    lead: 'Look at the unit. If it is right, approve it on the {recipes} screen; if not, scrap it or have it made once more on the {units} screen: the next one that passes is the first.',
  },
  'packing.label': {
    means:
      'What was scanned names another unit, or nothing that this station made. A box with the wrong label ships somebody else’s identity.',
    steps: [
      'Scan the label on the unit itself once more.',
      'If it says the same, set the unit aside, marked with this code, and call the lead.',
    ],
    lead: 'On the {units} screen: which unit the label means. Whether units beside it have each other’s labels.',
  },
  'packing.no-key': {
    means:
      'The unit attests with its TPM, and no endorsement key of it is on record. The cloud could never recognise it.',
    steps: [say.aside, say.lead],
    lead: 'On the {audit} screen, by this serial number: whether its run read the TPM. Have it made once more on the {units} screen.',
  },
  'packing.short-lived': {
    means:
      'Its certificate ends too early: the unit may lie in a warehouse longer than it is good, and would then be refused.',
    steps: [say.aside, say.lead],
    lead: 'On the {certificates} screen: when it ends. Have it renewed and the unit made once more, or ask whether the recipe wants too much.',
  },
  'packing.no-receipt': {
    means: 'The recipe wants the cloud’s answer before a unit ships, and it is not here yet.',
    steps: ['Put the unit beside and pack the next one.', 'Scan it again later.', say.leadIf],
    lead: 'On the {cloud} screen: whether uploads wait, and why; whether the row of this unit waits for a person.',
  },
  'packing.shut-out': {
    means: 'Somebody disabled the unit in the cloud, or took it out. Whoever switches it on would be refused.',
    steps: [say.aside, say.lead],
    lead: 'On the {audit} screen, by this serial number: who did that and why. Enable it again, or scrap it.',
  },
} as const satisfies Part;
