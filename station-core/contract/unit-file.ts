import * as z from 'zod/mini';

// What recipes say of files on a unit.

/** A whole path of a file, as the unit's side takes it too: no step back, no folder, nothing that a terminal takes for more. */
export const filePath = z
  .string()
  .check(
    z.maxLength(512),
    z.regex(/^(?:\/(?!\.{1,2}(?:\/|$))[\x20-\x2e\x30-\x7e]+)+$/, 'an absolute path of a file, of printable characters'),
  );

/** Permission bits in octal, such as 0600. */
export const fileMode = z.string().check(z.regex(/^0[0-7]{3}$/, 'permission bits such as 0600'));

/** Those bits as a number. */
export const bitsOf = (mode: string): number => Number.parseInt(mode, 8);
