import * as z from 'zod/mini';

// What values in audit entries look like.

/** A word or a few: a name, a label, a template. Never a person's, and never what names a unit. */
export const text = z.string().check(z.maxLength(1_024));

/** How people, serials, registration IDs, MACs and endorsement keys stand in entries: under a salt that can be erased. */
export const commitment = z
  .string()
  .check(z.regex(/^hmac-sha256:[A-Za-z0-9+/]{43}=$/, 'hmac-sha256: and 32 bytes in base64'));

/** A person who was erased meanwhile has no commitment any more. */
export const person = z.union([commitment, z.literal('(erased)')]);

export const count = z.int().check(z.gte(0));
export const whole = z.int();
export const yes = z.literal(true);
export const flag = z.boolean();

/** ISO 8601 in UTC with milliseconds. */
export const time = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'a time in UTC'));

const hexOf = (least: number, most: number) =>
  z.string().check(z.regex(new RegExp(`^([0-9a-f]{2}){${least},${most}}$`), `${least} to ${most} bytes in hex`));

export const sha256 = hexOf(32, 32);
/** The operation id of a credential. */
export const operation = hexOf(16, 16);
/** Of a certificate (RFC 5280 section 4.1.2.2: at most 20 bytes; other people's have more at times). */
export const serialNumber = hexOf(1, 32);
/** 32 bytes in standard base64, padded. */
export const base64Hash = z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/, '32 bytes in base64'));
/** A SubjectPublicKeyInfo. */
export const publicKey = z.string().check(z.regex(/^[A-Za-z0-9+/]{40,400}={0,2}$/, 'base64'));
