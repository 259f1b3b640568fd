import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** Labels of units, and the printers that they come out of. */
export const printing = {
  'label.unknown-template': {
    means:
      'The recipe asks for a label that this station does not know how to draw. The unit itself is made all the same.',
    steps: [say.notYet, say.lead],
    lead: 'The part label of the recipe against the templates in the station’s file: one of the two has another name.',
  },
  'label.no-printer': {
    means: 'No printer of this station is for this label: none has this name, or none is for this lane.',
    steps: ['Name another printer on the {labels} screen.', say.lead],
    lead: 'The printers in the station’s file, and which lanes they print for; the part label of the recipe.',
  },
  'label.none': {
    means: 'Units of this recipe get no label from this station.',
    steps: ['Check that it is the right serial number.', say.lead],
    lead: 'Whether the recipe should have a part label. Units that were made before a change get the label of their own recipe.',
  },
  'label.not-passed': {
    means: 'Only a unit that passed gets a label. On any other one a label would say what is not true.',
    steps: [
      'Check that it is the right serial number.',
      'Make the unit first: scan it on the {lanes} screen.',
      say.leadIf,
    ],
    lead: 'What became of the unit, on the {audit} screen, by its serial number.',
  },
  'label.cannot': {
    means:
      'The label of this unit cannot be drawn so that it could be read again: something is missing, does not fit, or has signs that a code cannot hold.',
    steps: [say.goOn, say.lead],
    lead: 'The element that the message names, in the station’s file, against what the order says of the unit. Mended, the label is printed from the {labels} screen.',
  },
  'printer.gone': {
    means:
      'The printer does not answer. Labels wait for it in their sequence and come out by themselves when it is back.',
    steps: [
      'Switch the printer on and check its cables.',
      'Work on, and keep the units in their sequence until their labels are there.',
      say.leadIf,
    ],
    lead: 'The printer’s address or port in the station’s file, and whether this computer reaches it.',
  },
  'printer.refused': {
    means: 'The printer is there, but it could not be used, for the reason in the message. Its labels wait.',
    steps: [
      'Close other programs that use the printer.',
      'Work on, and keep the units in their sequence until their labels are there.',
      say.leadIf,
    ],
    lead: 'The reason: a program that holds the port, a right that the station’s user lacks, or a disk that is full.',
  },
  'printer.silent': {
    means: 'The printer takes labels but does not say how it is, so that nobody knows whether a label came out.',
    steps: [
      'Switch the printer off and on.',
      'Compare the labels that came out with the units before sticking them on.',
      say.leadIf,
    ],
    lead: 'Whether this printer speaks ZPL and answers at all. For one that never does, the station’s file can leave the question out.',
  },
  'printer.paper-out': {
    means: 'The roll is at its end. Labels wait, and come out by themselves.',
    steps: [
      'Put a new roll in, and close the printer.',
      'Compare the first labels with their units: one may come out twice.',
      say.leadIf,
    ],
    lead: 'Whether the size of the roll is that of the template, and the sensor for the gap is clean.',
  },
  'printer.head-open': {
    means: 'The printer is open. Labels wait, and come out by themselves.',
    steps: [
      'Close the printer until it clicks.',
      'Compare the first labels with their units: one may come out twice.',
      say.leadIf,
    ],
    lead: 'Whether the latch of the head holds.',
  },
  'printer.not-ready': {
    means:
      'The printer answers but prints nothing, for the reason in the message. Labels wait, and come out by themselves.',
    steps: [
      'Look at the printer’s own display, and do what it asks for.',
      'Compare the first labels with their units: one may come out twice.',
      say.leadIf,
    ],
    lead: 'A pause that nobody ended, a ribbon that is out, or a head that is too hot.',
  },
} as const satisfies Part;
