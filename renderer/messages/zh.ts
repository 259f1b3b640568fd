import type { Tongue } from './messages.ts';
import { calls } from './zh/calls.ts';
import { display } from './zh/display.ts';
import { errors } from './zh/errors.ts';
import { frame } from './zh/frame.ts';
import { lanes } from './zh/lanes.ts';
import { orders } from './zh/orders.ts';
import { people } from './zh/people.ts';

export const zh: Tongue = {
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
