/** Files that people bring and take away. */
export const files = {
  save: 'Save: {what}',
  show: 'Show: {what}',
  choose: 'Choose a file: {what}',
  unread: 'This file could not be read, or is longer than what is asked for here.',
} as const;
