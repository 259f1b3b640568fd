import type { Tongue } from './messages.ts';
import { display } from './zh/display.ts';
import { errors } from './zh/errors.ts';
import { frame } from './zh/frame.ts';
import { lanes } from './zh/lanes.ts';
import { orders } from './zh/orders.ts';

export const zh: Tongue = { messages: { frame, lanes, display, orders }, errors };
