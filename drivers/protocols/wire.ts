// Fields of uart-v1 messages: CBOR values (RFC 8949) under integer keys, written deterministically (section 4.2.1) and
// read strictly: what is not the one right encoding of the one right shape is no message.
import { cdeDecodeOptions, cdeEncodeOptions, decode, encode } from 'cbor2';

type CborValue = number | string | boolean | Uint8Array | readonly string[];

/** How one kind of value stands on the wire. `read` answers `undefined` for what it does not accept. */
export type Codec<T> = {
  readonly says: string;
  read(value: unknown): T | undefined;
  // A method, not a property: so that a table may hold codecs of different types.
  write(value: T): CborValue;
};

export type Field<T, Needed extends boolean> = {
  readonly key: number;
  readonly codec: Codec<T>;
  readonly needed: Needed;
};
export type Fields = Readonly<Record<string, Field<unknown, boolean>>>;
type Value<F> = F extends Field<infer T, boolean> ? T : never;
type NeededIn<F extends Fields> = { [K in keyof F]: F[K] extends { needed: true } ? K : never }[keyof F];

/** The values of a message's fields, by name. */
export type Values<F extends Fields> = { readonly [K in NeededIn<F>]: Value<F[K]> } & {
  readonly [K in Exclude<keyof F, NeededIn<F>>]?: Value<F[K]>;
};

export const field = <T>(key: number, codec: Codec<T>): Field<T, true> => ({ key, codec, needed: true });
export const optional = <T>(key: number, codec: Codec<T>): Field<T, false> => ({ key, codec, needed: false });

export const uint = (least: number, most: number): Codec<number> => ({
  says: `integer, ${least} to ${most}`,
  read: (value) => (isUint(value) && value >= least && value <= most ? value : undefined),
  write: (value) => value,
});

export const bool: Codec<boolean> = {
  says: 'boolean',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
  write: (value) => value,
};

/** A byte string of `least` to `most` bytes. What is read is a view of the message, not a copy. */
export const bytes = (least: number, most = least): Codec<Buffer> => ({
  says: least === most ? `${least} bytes` : `${least} to ${most} bytes`,
  read: (value) =>
    value instanceof Uint8Array && value.length >= least && value.length <= most ? viewOf(value) : undefined,
  write: (value) => value,
});

/** Text of 1 to `most` printable ASCII characters: a unit's words end up on screens and in logs. */
export const text = (most: number): Codec<string> => ({
  says: `text, 1 to ${most} printable ASCII characters`,
  read: (value) => (isPrintable(value) && value.length <= most ? value : undefined),
  write: (value) => value,
});

export const oneOf = <const T extends string>(words: readonly T[]): Codec<T> => ({
  says: words.map((word) => `\`${word}\``).join(', '),
  read: (value) => words.find((word) => word === value),
  write: (value) => value,
});

/** Up to `most` different names of lower-case letters, digits and hyphens, 1 to 32 characters each. */
export const names = (most: number): Codec<readonly string[]> => ({
  says: `array of at most ${most} names`,
  read: (value) => {
    if (!Array.isArray(value) || value.length > most) return undefined;
    const read = value.filter((name) => typeof name === 'string' && /^[a-z0-9-]{1,32}$/.test(name));
    return read.length === value.length && new Set(read).size === read.length ? read : undefined;
  },
  write: (value) => [...value],
});

const isUint = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);
const isPrintable = (value: unknown): value is string => typeof value === 'string' && /^[\x20-\x7e]+$/.test(value);
const viewOf = (value: Uint8Array): Buffer => Buffer.from(value.buffer, value.byteOffset, value.byteLength);

/**
 * The bytes of a map of fields. The caller owns, and zeroes, the answer: no other copy of long byte strings is left.
 * Throws RangeError for a value that its field does not take.
 */
export function writeFields<F extends Fields>(fields: F, values: Values<F>, head: Iterable<[number, CborValue]> = []) {
  const body = new Map<number, CborValue>(head);
  for (const [name, { key, codec }] of Object.entries(fields)) {
    const value = (values as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) continue;
    // What a reader would refuse is never sent; the name alone is said, the value may be a secret.
    if (codec.read(value) === undefined) throw new RangeError(`${name} is not ${codec.says}`);
    body.set(key, plain(codec.write(value)));
  }
  // cbor2 takes byte strings longer than its chunk by reference and copies once, into its answer; shorter ones go
  // through a buffer of its own that nobody can zero. Eight is its least chunk.
  return viewOf(encode(body, { ...cdeEncodeOptions, chunkSize: 8 }));
}

/** A Buffer's own toJSON would win over its bytes, so cbor2 gets a plain view. */
function plain(value: CborValue): CborValue {
  return value instanceof Uint8Array ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : value;
}

/** What may stand in a message (uart-v1.md, Messages): no null, no tags, and no array or map as a key. */
function isOurs(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isOurs);
  if (value instanceof Map) return [...value].every(([key, inside]) => isKey(key) && isOurs(inside));
  return isKey(value);
}
const isKey = (value: unknown): boolean => typeof value !== 'object' || value instanceof Uint8Array;

/**
 * A strict map, or `undefined`: anything else, indefinite lengths, unsorted or doubled keys, floats, tags, null, undefined and other simple
 * values.
 */
export function readMap(payload: Uint8Array): ReadonlyMap<unknown, unknown> | undefined {
  try {
    const value = decode(payload, {
      ...cdeDecodeOptions,
      maxDepth: 3,
      preferMap: true,
      ignoreGlobalTags: true,
      rejectFloats: true,
      rejectSimple: true,
      rejectUndefined: true,
    });
    return value instanceof Map && isOurs(value) ? value : undefined;
  } catch {
    // cbor2 throws several classes, all of them about the bytes; that they are no message is the answer.
    return undefined;
  }
}

/** The fields' values, or the name of the first field that is missing, wrong or unknown. */
export function readFields<F extends Fields>(
  fields: F,
  body: ReadonlyMap<unknown, unknown>,
  headKeys: readonly number[] = [],
): Values<F> | { readonly wrong: string } {
  const values: Record<string, unknown> = {};
  const known = new Set<unknown>(headKeys);
  for (const [name, { key, codec, needed }] of Object.entries(fields)) {
    known.add(key);
    if (!body.has(key) && !needed) continue;
    const value = codec.read(body.get(key));
    if (value === undefined) return { wrong: name };
    values[name] = value;
  }
  for (const key of body.keys()) if (!known.has(key)) return { wrong: `key ${String(key)}` };
  return values as Values<F>;
}

export const isWrong = (read: object): read is { readonly wrong: string } => 'wrong' in read;
