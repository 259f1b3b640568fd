import { acts } from './de/acts.ts';
import { audit } from './de/audit.ts';
import { cloud } from './de/cloud.ts';
import { display } from './de/display.ts';
import { errors } from './de/errors.ts';
import { frame } from './de/frame.ts';
import { lanes } from './de/lanes.ts';
import type { Tongue } from './messages.ts';

export const de: Tongue = { messages: { frame, lanes, display, cloud, audit, acts }, errors };
