import type { Phrases } from '../page.ts';

export const say: Phrases = {
  again: 'Scan the unit again.',
  reseat: 'Seat the unit again and see that it has power.',
  aside: 'Set the unit aside, marked with this code.',
  asideIf: 'If it repeats, set the unit aside, marked with this code, and call the lead.',
  bothAside: 'Set both units aside, each marked with this code.',
  notAgain: 'Do not scan it again: the answer will be the same.',
  goOn: 'Go on with the next unit.',
  lead: 'Call the lead.',
  officer: 'Call the security officer.',
  released: 'The lead looks at the units and releases the lane on the {lanes} screen.',
  look: 'Read again what the screen shows now, and decide from that.',
};
