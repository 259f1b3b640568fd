import * as z from 'zod/mini';

// What recipes say of files on a unit.

export const filePath = z.string().check(z.regex(/^\/[\x20-\x7e]{1,511}$/, 'an absolute path of printable characters'));

/** Permission bits in octal, such as 0600. */
export const fileMode = z.string().check(z.regex(/^0[0-7]{3}$/, 'permission bits such as 0600'));

/** Those bits as a number. */
export const bitsOf = (mode: string): number => Number.parseInt(mode, 8);
