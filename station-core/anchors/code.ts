import { hash } from 'node:crypto';
import { StationError } from '../contract/errors.ts';
import type { Seen } from './compare.ts';

// A head as people write it into the shift book: `1234-7K3M-9QXZ-5T0E-W2B8-HV`. The size in decimal; 80 bits of the root in 16
// characters of Crockford's base32, which has no I, L, O and U, so that no two characters look alike in handwriting; two characters of
// check. A mistyped code must not be taken for a forked log, which stops a factory: the check is a polynomial modulo a prime, so
// that any one wrong character and any two swapped neighbours are found, and of everything else 1,020 in 1,021. The log's label
// goes into it, so that a code out of another station's book is found as well.

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 80 bits: whoever wants another log with the same ones has to search through 2^80. */
const rootBytes = 10;
/** The largest prime that two characters can tell. */
const prime = 1_021;

/** The code of a head. `label` names the log. */
export function codeOf(label: string, { size, root }: Pick<Seen, 'size' | 'root'>): string {
  const digits = characters(root.subarray(0, rootBytes));
  const check = checkOf(label, size, digits);
  const all = digits + (alphabet[check >> 5] ?? '') + (alphabet[check & 31] ?? '');
  return [size, ...(all.match(/.{1,4}/g) ?? [])].join('-');
}

/** Reads what a person typed; case, spaces and dashes do not count, O is 0, I and L are 1. Throws `input.invalid`. */
export function readCode(label: string, typed: string): Seen {
  const [, size = '', rest = ''] = /^\s*(0|[1-9]\d{0,14})[\s-]+([0-9A-Za-z\s-]{1,64})$/.exec(typed) ?? [];
  const plain = rest.replace(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
  const digits = plain.slice(0, -2);
  const values = [...plain].map((one) => alphabet.indexOf(one));
  if (size === '' || plain.length !== 18 || values.includes(-1))
    throw refused('a number, then 18 characters in groups');
  const [high = 0, low = 0] = values.slice(-2);
  if (high * 32 + low !== checkOf(label, Number(size), digits)) {
    throw refused('a code of this station as it stands in the shift book (its check does not fit)');
  }
  return { size: Number(size), root: bytesOf(digits) };
}

function checkOf(label: string, size: number, digits: string): number {
  const seed = hash('sha256', label, 'buffer').readUInt32BE() % prime;
  const all = [...String(size), ...digits].map((one) => alphabet.indexOf(one));
  return all.reduce((sum, value) => (sum * 32 + value) % prime, seed);
}

function characters(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)] ?? '').join('');
}

function bytesOf(text: string): Buffer {
  const bits = Array.from(text, (one) => alphabet.indexOf(one).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
}

const refused = (expected: string) =>
  new StationError('input.invalid', { place: 'the code', expected, found: 'something else' });
