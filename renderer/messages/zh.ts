import type { Tongue } from './messages.ts';
import { calls } from './zh/calls.ts';
import { display } from './zh/display.ts';
import { errors } from './zh/errors.ts';
import { frame } from './zh/frame.ts';
import { lanes } from './zh/lanes.ts';
import { people } from './zh/people.ts';

export const zh: Tongue = { messages: { frame, lanes, display, people, calls }, errors };
