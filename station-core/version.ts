import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The program's version, as audit entries and `--version` say it. */
export const version: string = (
  JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as { version: string }
).version;

/** When this version was made: a clock before this day cannot be right. Set with the version. */
export const builtOn = '2026-11-20';
