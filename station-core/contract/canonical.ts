import { StationError } from './errors.ts';

/** What canonical JSON can hold. Whole numbers beyond ±(2^53−1) belong in strings (RFC 8785, Appendix D). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined };

/**
 * Canonical JSON as RFC 8785 has it: no white space, names sorted by UTF-16 code units, numbers and strings as ECMAScript
 * writes them. Encode the answer as UTF-8 and store those bytes; never write them again to verify.
 * A member that is `undefined` is left out, so that optional fields read naturally; everything else that JSON cannot
 * hold (NaN, Date, Map, lone surrogates, holes) is refused instead of silently changed.
 */
export function canonical(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return `[${Array.from(value, (item: Json) => canonical(item)).join(',')}]`;
  if (typeof value === 'object' && isPlain(value))
    return members(value as { readonly [name: string]: Json | undefined });
  throw refuse(typeof value);
}

function members(value: { readonly [name: string]: Json | undefined }): string {
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  // Plain sort compares UTF-16 code units, which is the order RFC 8785, section 3.2.3 asks for; localeCompare is not.
  return `{${names
    .sort()
    .map((name) => `${text(name)}:${canonical(value[name] as Json)}`)
    .join(',')}}`;
}

function number(value: number): string {
  if (!Number.isFinite(value)) throw refuse('a number that is not finite');
  return JSON.stringify(value);
}

function text(value: string): string {
  if (!value.isWellFormed()) throw refuse('a text with half a character');
  return JSON.stringify(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const refuse = (found: string) =>
  new StationError('input.invalid', {
    place: 'canonical JSON',
    expected: 'null, true, false, a number, a text, a list or an object',
    found,
  });
