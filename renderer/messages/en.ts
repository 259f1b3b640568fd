import { acts } from './en/acts.ts';
import { audit } from './en/audit.ts';
import { cloud } from './en/cloud.ts';
import { display } from './en/display.ts';
import { frame } from './en/frame.ts';
import { lanes } from './en/lanes.ts';

/** Every text of the screens but the sentences of errors, which stand in the contract in English. */
export const en = { frame, lanes, display, cloud, audit, acts } as const;
