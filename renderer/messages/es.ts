import { calls } from './es/calls.ts';
import { display } from './es/display.ts';
import { errors } from './es/errors.ts';
import { frame } from './es/frame.ts';
import { lanes } from './es/lanes.ts';
import { orders } from './es/orders.ts';
import { people } from './es/people.ts';
import type { Tongue } from './messages.ts';

export const es: Tongue = {
  messages: {
    calls,
    display,
    frame,
    lanes,
    orders,
    people,
  },
  errors,
};
