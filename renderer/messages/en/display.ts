/** The screen about the screen itself: colours, language, sounds, sizes. */
export const display = {
  title: 'This screen',
  about: 'It is kept on this computer. The language follows the person who signs in.',
  theme: 'Colours',
  themes: { auto: 'As the computer has them', light: 'Light', dark: 'Dark', contrast: 'High contrast' },
  language: 'Language',
  sound: 'Sounds',
  soundMeans: 'Scan taken, PASS, FAIL, a person is needed. Nothing is said by sound alone.',
  soundPass: 'A sound for PASS, too',
  sizes: 'Sizes',
  sizesMean: 'Text is as large as it has to be at this distance: 4.1 mm at 0.7 m.',
  diagonal: 'Diagonal of the screen, inches',
  distance: 'Distance of the eyes, metres',
  asItComes: 'Sizes follow the window until both are given.',
  sample: 'This line is {mm} mm high. Measure it with a ruler.',
  clear: 'Forget both sizes',
  kiosk: 'Kiosk',
  kioskMeans:
    'The station fills the whole screen, and nobody closes the window. A line lead or a security officer leaves it here.',
  openKiosk: 'Open the kiosk',
  leaveKiosk: 'Leave the kiosk',
} as const;
