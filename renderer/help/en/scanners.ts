import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** Scanners, labels, and lanes that wait for their unit. */
export const scanners = {
  'scan.unreadable': {
    means:
      'What came is no whole label: half a code, characters that no label has, or a GS1 code whose parts do not fit. Nothing of it is used, since half a code may be another unit’s.',
    steps: [
      'Hold the scanner still, and scan the whole label again.',
      'If it repeats, clean the label or print it again.',
      say.leadIf,
    ],
    lead: 'Whether one label or all of them are refused. All of them: the scanner’s ending or prefix is not the one in {settings}, or its keyboard is another; scan the test barcode.',
  },
  'scan.no-serial': {
    means:
      'The label is a GS1 label without a serial number, or with two. It may be the one of the product or of the box.',
    steps: ['Scan the label that has the serial number of the unit itself.', say.leadIf],
    lead: 'Which data the label carries: the serial number is GS1 AI 21. A label that leaves it out names no single unit.',
  },
  'scan.checksum': {
    means:
      'The last character of the serial number is worked out from the others, and it does not fit: a character was read or typed wrongly.',
    steps: ['Scan the label again; do not type it.', 'If it repeats, print the label again.', say.leadIf],
    lead: 'Whether the labels of this order keep the rule at all: it is set for the whole station.',
  },
  'scan.unknown-command': {
    means: 'The barcode begins like a command of this program, but this version has no such command.',
    steps: ['Use the command barcodes of this version.', say.leadIf],
    lead: 'Command barcodes are CONFIRM and RETRY. Others are of another version, or were made up.',
  },
  'scanner.gone': {
    means:
      'The scanner at a serial port is unplugged, or its adapter has no power. It is used again by itself when it is back.',
    steps: [
      'Plug the scanner in, and wait a second.',
      'Meanwhile use another scanner, or type the serial number.',
      say.leadIf,
    ],
    lead: 'Whether the scanner’s port in the station’s file is still the place where it is plugged in.',
  },
  'light.unreachable': {
    means:
      'The stack light or relay does not take what it should show, so it may show something old. The screen is right.',
    steps: ['Look at the screen instead of the light.', 'See that the light has power and its cable.', say.leadIf],
    lead: 'The reason in the message; then the port or the address of the light in the station’s file.',
  },
  'scanner.refused': {
    means:
      'The scanner’s port is there, but another program has it, or the station may not open it. It is tried again by itself.',
    steps: [
      'Close other programs that use the scanner.',
      'Meanwhile use another scanner, or type the serial number.',
      say.leadIf,
    ],
    lead: 'The reason in the message: another program, a missing right of the station’s user, or a speed that the port does not have.',
  },
  'lane.armed': {
    means:
      'This unit was scanned for another lane already, which waits for it to be plugged in. One unit starts on one lane alone.',
    steps: [
      'Plug the unit in on the lane that waits for it.',
      'Or scan another unit for that lane, which takes its place; after five minutes it forgets it by itself.',
    ],
    lead: 'On the {audit} screen, by the serial number: who armed the lane, and when.',
  },
  'lane.starts-by-scan': {
    means: 'The lane was to be armed, but it is set up to start with the scan.',
    steps: ['Scan the unit: its run starts at once.', say.leadIf],
    lead: 'In the station’s file: lanes whose fixture takes both hands have start: attach.',
  },
} as const satisfies Part;
