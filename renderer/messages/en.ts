import { display } from './en/display.ts';
import { frame } from './en/frame.ts';
import { lanes } from './en/lanes.ts';
import { orders } from './en/orders.ts';

/** Every text of the screens but the sentences of errors, which stand in the contract in English. */
export const en = { frame, lanes, display, orders } as const;
