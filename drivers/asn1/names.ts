import { type Asn1, encode, ia5, oid, printable, sequence, setOf, utf8 } from './build.ts';
import { type Der, Fields, invalid, oidOf, readDer, tags, wholeOf } from './der.ts';
import { attributeOids, attributeRule, attributeTypes } from './name-attributes.ts';
import { readText } from './text.ts';

// Distinguished names (RFC 5280 section 4.1.2.4, upper bounds of its appendix A.1 after X.520).

export type NameAttribute = {
  /** A short name of RFC 4514 and OpenSSL, or an object identifier with dots. */
  readonly type: 'CN' | 'O' | 'OU' | 'C' | 'ST' | 'L' | 'serialNumber' | 'DC' | 'emailAddress' | (string & {});
  readonly value: string;
};

/** One attribute an RDN, from the country down to the common name. */
export type Name = readonly NameAttribute[];

export type ReadName = {
  /** Byte for byte as it was read. */
  readonly der: Buffer;
  /** All attributes, also those of RDNs with several. */
  readonly attributes: Name;
  /** Whether an RDN has several attributes. */
  readonly multi: boolean;
};

const maxAttributes = 64;

/** A name to encode. Throws `input.invalid` for a value that its attribute does not take. */
export function writeName(name: Name): Asn1 {
  return sequence(...name.map((attribute) => setOf(sequence(oid(oidOfType(attribute.type)), writeValue(attribute)))));
}

const oidOfType = (type: string): string => attributeOids.get(type) ?? type;

function writeValue({ type, value }: NameAttribute): Asn1 {
  const { min, max, form } = attributeRule(type);
  const length = [...value].length;
  const place = `name, ${type}`;
  if (length < min || length > max) throw invalid(place, `${min} to ${max} characters`, `${length}`);
  // Control characters have no place in a name that people read; a lone surrogate has no UTF-8.
  if (/\p{Cc}/u.test(value) || !value.isWellFormed()) throw invalid(place, 'printable characters', 'another');
  if (form === 'printable' && !/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value)) {
    throw invalid(place, "letters, digits, space and '()+,-./:=? (PrintableString)", 'another character');
  }
  if (form === 'ia5' && !/^[\0-\x7f]*$/.test(value)) throw invalid(place, 'ASCII (IA5String)', 'another character');
  return writers[form](value);
}

const writers = { printable, ia5, utf8 } as const;

/** Reads a name in its own DER, or one inside of what was read. Throws `input.invalid`. */
export function readName(name: Der | Buffer, place: string): ReadName {
  const value = Buffer.isBuffer(name) ? readDer(name, place) : { ...name, place };
  const fields = new Fields(value, tags.sequence, 'a name');
  const attributes: NameAttribute[] = [];
  let multi = false;
  while (fields.more) {
    const rdn = new Fields(fields.any('an RDN'), tags.set, 'an RDN');
    attributes.push(readAttribute(rdn));
    for (; rdn.more; multi = true) attributes.push(readAttribute(rdn));
    if (attributes.length > maxAttributes) throw invalid(place, `at most ${maxAttributes} attributes`, 'more');
  }
  return { der: wholeOf(value), attributes, multi };
}

function readAttribute(rdn: Fields): NameAttribute {
  const fields = new Fields(rdn.any('an attribute'), tags.sequence, 'an attribute');
  const dotted = oidOf(fields.next(tags.oid, 'its type'), 'its type');
  const value = fields.any('its value');
  fields.end('an attribute');
  // RFC 4514 2.4: a value that is no string is shown as # and its DER in hex.
  const text = readText(value) ?? `#${wholeOf(value).toString('hex')}`;
  return { type: attributeTypes.get(dotted) ?? dotted, value: text };
}

/** DER of a name. Throws `input.invalid` like `writeName`. */
export const encodeName = (name: Name): Buffer => encode(writeName(name));

/** A name for people, as RFC 4514 writes it: the last RDN first, special and control characters escaped. */
export function nameText(name: Name): string {
  return name
    .map(({ type, value }) => `${type}=${escaped(value)}`)
    .reverse()
    .join(',');
}

function escaped(value: string): string {
  return value
    .replace(/[\\",+;<>]/g, '\\$&')
    .replace(/^[ #]| $/g, '\\$&')
    .replace(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/gu, (character) =>
      Buffer.from(character, 'utf8').toString('hex').replace(/../g, '\\$&').toUpperCase(),
    );
}
