import { type Row, row } from './row.ts';

/** What can go wrong with scanners and stack lights. */
export const scanningErrors = {
  'scan.unreadable': row(
    'operator',
    true,
    'What came from the scanner is no label that could be read. Scan it again; if it repeats, print the label again.',
  ),
  'scan.no-serial': row(
    'operator',
    false,
    'The label names no single serial number (GS1 AI 21). Scan the label that has the serial number of the unit.',
  ),
  'scan.checksum': row(
    'operator',
    true,
    'The check character of {serial} is wrong: it was read or typed wrongly. Scan it again; if it repeats, print the label again.',
  ),
  'scan.unknown-command': row(
    'operator',
    false,
    'There is no command {code}. Scan one of the command barcodes of this version.',
  ),
  'scanner.gone': row('station', true, 'Scanner {scanner} is not there. Plug it in; it is used again by itself.'),
  'light.unreachable': row(
    'station',
    true,
    'Stack light {light} cannot be set ({reason}). Lanes work on, and it is tried again by itself.',
  ),
  'scanner.refused': row(
    'station',
    true,
    'Scanner {scanner} could not be opened: {reason}. Close the program that uses it; it is tried again by itself.',
  ),
} as const satisfies Record<string, Row>;
