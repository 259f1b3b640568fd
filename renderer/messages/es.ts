import { acts } from './es/acts.ts';
import { audit } from './es/audit.ts';
import { cloud } from './es/cloud.ts';
import { display } from './es/display.ts';
import { errors } from './es/errors.ts';
import { frame } from './es/frame.ts';
import { lanes } from './es/lanes.ts';
import type { Tongue } from './messages.ts';

export const es: Tongue = { messages: { frame, lanes, display, cloud, audit, acts }, errors };
