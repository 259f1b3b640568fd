import forge from 'node-forge';
import { contextTag, invalid, tags } from './der.ts';

// DER, put together of values that are encoded already, each a string of octets: V8 joins strings four times as fast as forge.asn1
// walks a tree. Bytes that must stay as they are (an issuer's name, a public key, what was signed) go in by `wrap`, unchanged.

declare const encoded: unique symbol;
/** A value in DER, an octet a character. */
export type Asn1 = string & { readonly [encoded]: true };

const node = (tag: number, content: string): Asn1 => (header(tag, content.length) + content) as Asn1;
const binary = (bytes: Buffer): string => bytes.toString('latin1');

export const sequence = (...values: Asn1[]): Asn1 => node(tags.sequence, values.join(''));
/** SET OF with one value: with more, DER wants them sorted (X.690 11.6), and nothing here needs more. */
export const setOf = (value: Asn1): Asn1 => node(tags.set, value);
export const boolean = (value: boolean): Asn1 => node(tags.boolean, value ? '\xff' : '\0');
export const nothing = (): Asn1 => node(tags.null, '');
export const octets = (bytes: Buffer): Asn1 => node(tags.octets, binary(bytes));
/** BIT STRING; `unused` bits, 0 to 7, at the end of the last octet. */
export const bitString = (bytes: Buffer, unused = 0): Asn1 =>
  node(tags.bitString, String.fromCharCode(unused) + binary(bytes));
export const enumerated = (value: number): Asn1 => node(tags.enumerated, String.fromCharCode(value));
export const utf8 = (text: string): Asn1 => node(tags.utf8, binary(Buffer.from(text, 'utf8')));
export const printable = (text: string): Asn1 => node(tags.printable, text);
export const ia5 = (text: string): Asn1 => node(tags.ia5, text);
export const utcTime = (text: string): Asn1 => node(tags.utcTime, text);
export const generalizedTime = (text: string): Asn1 => node(tags.generalizedTime, text);
/** Context-specific and primitive, IMPLICIT. */
export const tagged = (number: number, bytes: Buffer): Asn1 => node(contextTag(number, false), binary(bytes));

/** Two's complement, big-endian; an octet of padding in front is dropped (X.690 8.3.2). */
export function integer(bytes: Buffer): Asn1 {
  const [first, second = 0] = bytes;
  const padded = bytes.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  return node(tags.integer, binary(padded ? bytes.subarray(1) : bytes));
}

/** A whole number from 0 to 2^47 - 1, which is what is read back. Throws `input.invalid` for any other. */
export function smallNumber(value: number): Asn1 {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 47) {
    throw invalid('number', 'a whole number from 0 to 2^47 - 1', `${value}`);
  }
  const digits = value.toString(16);
  return integer(positive(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')));
}

/** An unsigned big-endian number as the content of an INTEGER: no zeros in front but the one that keeps it positive. */
export function positive(unsigned: Buffer): Buffer {
  const first = unsigned.findIndex((octet) => octet !== 0);
  if (first < 0) return Buffer.of(0);
  const digits = unsigned.subarray(first);
  return (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
}

/** The few that are written again and again. */
const oids = new Map<string, Asn1>();
const mostOids = 1_000;

/** An object identifier with dots. Throws `input.invalid` for what is none; arcs are below 2^32 (forge's limit). */
export function oid(dotted: string): Asn1 {
  const known = oids.get(dotted);
  if (known !== undefined) return known;
  const content = /^[0-2](\.(0|[1-9]\d{0,9})){1,30}$/.test(dotted) ? oidContent(dotted) : undefined;
  if (content === undefined)
    throw invalid('object identifier', 'one with dots and arcs below 2^32', dotted.slice(0, 80));
  const made = node(tags.oid, content);
  if (oids.size < mostOids) oids.set(dotted, made);
  return made;
}

function oidContent(dotted: string): string | undefined {
  try {
    return forge.asn1.oidToDer(dotted).getBytes();
  } catch {
    return undefined;
  }
}

/** The DER of a value. */
export const encode = (value: Asn1): Buffer => Buffer.from(value, 'latin1');

/** A header for this identifier octet, and behind it bytes that are DER already, unchanged. */
export function wrap(tag: number, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from(header(tag, length), 'latin1'), ...parts]);
}

/** SEQUENCE of values that are DER already. */
export const wrapSequence = (...parts: readonly Buffer[]): Buffer => wrap(tags.sequence, ...parts);

/** Identifier octet and minimal definite length (X.690 10.1). */
function header(tag: number, length: number): string {
  if (length < 0x80) return String.fromCharCode(tag, length);
  const octetsOf: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 0x100)) octetsOf.unshift(rest % 0x100);
  return String.fromCharCode(tag, 0x80 | octetsOf.length, ...octetsOf);
}
