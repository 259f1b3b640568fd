import type { Tongue } from './messages.ts';
import { acts } from './zh/acts.ts';
import { audit } from './zh/audit.ts';
import { cloud } from './zh/cloud.ts';
import { display } from './zh/display.ts';
import { errors } from './zh/errors.ts';
import { frame } from './zh/frame.ts';
import { lanes } from './zh/lanes.ts';

export const zh: Tongue = { messages: { frame, lanes, display, cloud, audit, acts }, errors };
