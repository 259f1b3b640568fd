/** What became of scans, beside a run that started. */
export const scans = {
  armedOn: 'lane {lane, number} waits: plug the unit in',
  armedUntil: 'Plug the unit in: its run starts by itself. The lane waits until {until}.',
  chosen: 'lane {lane, number} takes the next scan',
  misread: 'Not a label',
  missed:
    '{count, plural, one {# scan was} other {# scans were}} not taken, at {since}: no window of the station took scans then. Scan again.',
  tested: 'Test',
  test: {
    same: 'The scanner and this computer agree.',
    capsLock: 'Caps Lock is on: turn it off, then test again.',
    qwertz: 'The scanner types for another keyboard than the German one here: set it to German, then test again.',
    azerty: 'The scanner types for another keyboard than the French one here: set it to French, then test again.',
    other: 'The scanner types for another keyboard than the one here: set both to the same, then test again.',
  },
  unplaced: {
    elsewhere: 'Not taken: units are scanned on the lanes screen, with no question open. Go there, then scan it again.',
    badge: 'This is a badge. Sign out first, then scan it to sign in.',
    'nothing-to-retry': 'There is no unit that may be made once more.',
    'nothing-to-confirm': 'There is nothing to confirm by barcode.',
  },
} as const;
