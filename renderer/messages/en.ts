import { calls } from './en/calls.ts';
import { display } from './en/display.ts';
import { frame } from './en/frame.ts';
import { lanes } from './en/lanes.ts';
import { orders } from './en/orders.ts';
import { people } from './en/people.ts';

/** Every text of the screens but the sentences of errors, which stand in the contract in English. */
export const en = {
  calls,
  display,
  frame,
  lanes,
  orders,
  people,
} as const;
