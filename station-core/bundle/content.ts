import { canonical, type Json } from '../contract/canonical.ts';
import { StationError } from '../contract/errors.ts';
import type { Carried } from '../sync/targets/target.ts';
import { type CarriedRow, parseCanonical, rowsSchema } from './format.ts';

// What is encrypted: the length of the rows' JSON (4 bytes, big-endian), the JSON, and behind it the keys as bytes, in the order of
// the rows. A key in the JSON would become a string at either end, and no string can be zeroed.

/** A row that goes into a bundle, with its opened keys, which stay the caller's to zero. */
export type PackedRow = Omit<CarriedRow, 'carried'> & { readonly carried: Carried | undefined };

/** The plain bytes of a bundle; the caller zeroes them. */
export function pack(rows: readonly PackedRow[]): Buffer {
  const keys = rows.flatMap(({ carried }) =>
    carried && 'keys' in carried ? [carried.keys.primary, carried.keys.secondary] : [],
  );
  const json = Buffer.from(
    canonical(rows.map(({ carried, ...row }) => ({ ...row, carried: described(carried) })) as unknown as Json),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, ...keys]);
}

function described(carried: Carried | undefined): Json {
  if (!carried) return null;
  if (!('keys' in carried)) return { ...carried };
  return { keys: { primary: carried.keys.primary.length, secondary: carried.keys.secondary.length } };
}

/** An opened bundle: its rows, and what each carries, as parts of `plain`, which whoever opened it zeroes. */
export type Content = {
  /** By their number at the station, in its order. */
  readonly rows: ReadonlyMap<number, CarriedRow>;
  readonly carried: ReadonlyMap<number, Carried>;
};

const place = 'bundle, rows';

/** Reads what `pack` made. Throws `input.invalid` with the place. */
export function unpack(plain: Buffer): Content {
  const length = plain.length >= 4 ? plain.readUInt32BE() : -1;
  if (length < 0 || 4 + length > plain.length) throw refused('as many bytes as it says', `${plain.length}`);
  const rows = parseCanonical(rowsSchema, plain.subarray(4, 4 + length), place);
  const carried = new Map<number, Carried>();
  let at = 4 + length;
  const take = (bytes: number): Buffer => {
    if (at + bytes > plain.length) throw refused('a key for each row that has one', 'fewer bytes');
    at += bytes;
    return plain.subarray(at - bytes, at);
  };
  const byId = new Map(rows.map((row) => [row.id, row]));
  if (byId.size !== rows.length) throw refused('every row once', 'one twice');
  for (const row of rows) {
    if (row.carried) carried.set(row.id, carriedOf(row.carried, take));
  }
  if (at !== plain.length) throw refused('no byte behind the keys', `${plain.length - at}`);
  return { rows: byId, carried };
}

function carriedOf(said: NonNullable<CarriedRow['carried']>, take: (bytes: number) => Buffer): Carried {
  if (!('keys' in said)) return said;
  const { primary, secondary } = said.keys;
  return { keys: { primary: take(primary), secondary: take(secondary) } };
}

const refused = (expected: string, found: string) => new StationError('input.invalid', { place, expected, found });
