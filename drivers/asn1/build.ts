import forge from 'node-forge';
import { invalid, tags } from './der.ts';

// DER built with forge.asn1. Bytes that must stay as they are (an issuer's name, a public key, what was signed) never go
// through a tree and back: `wrap` puts them together unchanged.

const { create, Class, Type } = forge.asn1;

/** A value that is not encoded yet. */
export type Asn1 = forge.asn1.Asn1;

const primitive = (type: forge.asn1.Type, value: string): Asn1 => create(Class.UNIVERSAL, type, false, value);
const binary = (bytes: Buffer): string => bytes.toString('latin1');

export const sequence = (...values: Asn1[]): Asn1 => create(Class.UNIVERSAL, Type.SEQUENCE, true, values);
/** SET OF with one value: with more, DER wants them sorted (X.690 11.6), and nothing here needs more. */
export const setOf = (value: Asn1): Asn1 => create(Class.UNIVERSAL, Type.SET, true, [value]);
export const boolean = (value: boolean): Asn1 => primitive(Type.BOOLEAN, value ? '\xff' : '\0');
export const nothing = (): Asn1 => primitive(Type.NULL, '');
export const octets = (bytes: Buffer): Asn1 => primitive(Type.OCTETSTRING, binary(bytes));
/** BIT STRING; `unused` bits, 0 to 7, at the end of the last octet. */
export const bitString = (bytes: Buffer, unused = 0): Asn1 =>
  primitive(Type.BITSTRING, String.fromCharCode(unused) + binary(bytes));
/** Two's complement, big-endian; forge drops an octet of padding. */
export const integer = (bytes: Buffer): Asn1 => primitive(Type.INTEGER, binary(bytes));
export const enumerated = (value: number): Asn1 => primitive(Type.ENUMERATED, String.fromCharCode(value));
export const utf8 = (text: string): Asn1 => primitive(Type.UTF8, binary(Buffer.from(text, 'utf8')));
export const printable = (text: string): Asn1 => primitive(Type.PRINTABLESTRING, text);
export const ia5 = (text: string): Asn1 => primitive(Type.IA5STRING, text);
/** Context-specific and primitive, IMPLICIT. */
export const tagged = (number: number, bytes: Buffer): Asn1 =>
  create(Class.CONTEXT_SPECIFIC, number, false, binary(bytes));

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

/** An object identifier with dots. Throws `input.invalid` for what is none; arcs are below 2^32 (forge's limit). */
export function oid(dotted: string): Asn1 {
  const content = /^[0-2](\.(0|[1-9]\d{0,9})){1,30}$/.test(dotted) ? oidContent(dotted) : undefined;
  if (content === undefined)
    throw invalid('object identifier', 'one with dots and arcs below 2^32', dotted.slice(0, 80));
  return primitive(Type.OID, content);
}

function oidContent(dotted: string): string | undefined {
  try {
    return forge.asn1.oidToDer(dotted).getBytes();
  } catch {
    return undefined;
  }
}

/** The DER of a value. */
export const encode = (value: Asn1): Buffer => Buffer.from(forge.asn1.toDer(value).getBytes(), 'latin1');

/** A header for this identifier octet, and behind it bytes that are DER already, unchanged. */
export function wrap(tag: number, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([head(tag, length), ...parts]);
}

/** SEQUENCE of values that are DER already. */
export const wrapSequence = (...parts: readonly Buffer[]): Buffer => wrap(tags.sequence, ...parts);

function head(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.of(tag, length);
  const count = length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4;
  const made = Buffer.alloc(2 + count, tag);
  made[1] = 0x80 | count;
  made.writeUIntBE(length, 2, count);
  return made;
}
