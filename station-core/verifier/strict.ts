import { isAscii, isUtf8 } from 'node:buffer';
import { Wrong } from './findings.ts';

// Everything that is read can be written in one way only, so that no byte can change without a change of meaning.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** UTF-8 from byte `from` on. Throws Wrong. */
export function textOf(bytes: Buffer, from = 0): string {
  if (isAscii(bytes)) return bytes.toString('latin1', from);
  if (isUtf8(bytes)) return bytes.toString('utf8', from);
  throw new Wrong('it is not UTF-8');
}

/** A value whose RFC 8785 bytes are exactly this text. Throws Wrong. */
export function canonicalJson(text: string): Json {
  let value: Json;
  let again: string;
  try {
    value = JSON.parse(text) as Json;
    // Most of the time ECMAScript's own writing is canonical already, once the names are in order.
    const plain = JSON.stringify(value) === text && namesAscend(value) && !text.includes('\\ud');
    again = plain ? text : canonical(value);
  } catch (thrown) {
    if (thrown instanceof Wrong) throw thrown;
    // A SyntaxError, or a RangeError for what is nested beyond any sense.
    throw new Wrong('it is not JSON');
  }
  if (again !== text) throw new Wrong('it is not canonical JSON (RFC 8785)');
  return value;
}

function namesAscend(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(namesAscend);
  let before = '';
  for (const name in value) {
    if (name < before || !namesAscend(value[name] as Json)) return false;
    before = name;
  }
  return true;
}

function canonical(value: Json): string {
  if (typeof value === 'string' && !value.isWellFormed()) throw new Wrong('it holds half a character');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  // Plain sort compares UTF-16 code units, as RFC 8785, section 3.2.3 asks.
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${canonical(name)}:${canonical(value[name] as Json)}`).join(',')}}`;
}

/** The text of a whole file of one JSON value and a line feed. Throws Wrong. */
export function jsonFile(bytes: Buffer): Json {
  const text = textOf(bytes);
  if (!text.endsWith('\n')) throw new Wrong('it is cut: its last line does not end');
  return canonicalJson(text.slice(0, -1));
}

/** Padded standard base64. Node's decoder takes anything: only the way back shows. Throws Wrong. */
export function base64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new Wrong('it holds base64 that is not written as it should be');
  return bytes;
}

/** A number as C2SP writes it: decimal, without leading zeros. Throws Wrong. */
export function decimal(text: string): number {
  if (!/^(0|[1-9][0-9]*)$/.test(text) || !Number.isSafeInteger(Number(text))) throw new Wrong(`${text} is no number`);
  return Number(text);
}

export type Guard<T> = (value: unknown) => value is T;
type Shape = { readonly [name: string]: Guard<unknown> };
export type Members<S extends Shape> = { readonly [K in keyof S]: S[K] extends Guard<infer T> ? T : never };

export const isText = (value: unknown): value is string => typeof value === 'string';
export const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
export const isSha256 = (value: unknown): value is string => isText(value) && /^[0-9a-f]{64}$/.test(value);
/** A hash of the tree: base64 of 32 bytes, the last two bits of whose 43 characters are none of theirs and zero. */
export const isHash = (value: unknown): value is string =>
  isText(value) && /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(value);
export const isTime = (value: unknown): value is string =>
  isText(value) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value);
const commitmentStart = 'hmac-sha256:';
export const isCommitment = (value: unknown): value is string =>
  isText(value) && isHash(value.slice(commitmentStart.length)) && value.startsWith(commitmentStart);
export const isOneOf =
  <T extends string>(words: readonly T[]): Guard<T> =>
  (value): value is T =>
    words.includes(value as T);
export const isList =
  <T>(item: Guard<T>): Guard<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.every(item);
export const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object with these members, perhaps the optional ones, and no other. Throws Wrong. */
export function members<R extends Shape, O extends Shape>(
  value: unknown,
  required: R,
  optional: O,
): Members<R> & Partial<Members<O>> {
  if (!isObject(value)) throw new Wrong('it is no JSON object');
  for (const [name, guard] of Object.entries(required)) {
    if (!Object.hasOwn(value, name)) throw new Wrong(`its member ${name} is missing`);
    if (!guard(value[name])) throw new Wrong(`its member ${name} is not what it should be`);
  }
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(required, name)) continue;
    if (!Object.hasOwn(optional, name))
      throw new Wrong(`it has a member ${JSON.stringify(name.slice(0, 40))} that does not belong`);
    if (!optional[name]?.(value[name])) throw new Wrong(`its member ${name} is not what it should be`);
  }
  return value as Members<R> & Partial<Members<O>>;
}
