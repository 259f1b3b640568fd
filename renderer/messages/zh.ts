import type { Tongue } from './messages.ts';
import { display } from './zh/display.ts';
import { errors } from './zh/errors.ts';
import { frame } from './zh/frame.ts';
import { lanes } from './zh/lanes.ts';
import { setup } from './zh/setup.ts';

export const zh: Tongue = { messages: { frame, lanes, display, setup }, errors };
