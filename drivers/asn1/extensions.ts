import { hash } from 'node:crypto';
import { type Asn1, bitString, boolean, encode, octets, oid, sequence, smallNumber, tagged } from './build.ts';
import {
  booleanOf,
  contentOf,
  contextTag,
  type Der,
  Fields,
  invalid,
  oidOf,
  readDer,
  smallInteger,
  tags,
  wholeBits,
} from './der.ts';
import type { Extension } from './extension-list.ts';

export type { Extension } from './extension-list.ts';

// The extensions that the station writes and judges (RFC 5280 section 4.2.1).

export const oids = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  nameConstraints: '2.5.29.30',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
} as const;
export type ExtensionName = keyof typeof oids;

/** The extension of this name, if the certificate has it. */
export const extensionOf = (
  tbs: { readonly extensions: readonly Extension[] },
  name: ExtensionName,
): Extension | undefined => tbs.extensions.find(({ oid: dotted }) => dotted === oids[name]);

const extension = (name: ExtensionName, critical: boolean, value: Asn1): Extension => ({
  oid: oids[name],
  critical,
  value: encode(value),
});

const read = ({ oid: dotted, value }: Extension): Der => readDer(value, `extension ${dotted}`);

// Basic constraints, 4.2.1.9

export type BasicConstraints = { readonly ca: boolean; readonly pathLength?: number };

/** Critical unless told otherwise, as it must be for a CA. */
export function basicConstraints({
  ca,
  pathLength,
  critical = true,
}: BasicConstraints & { readonly critical?: boolean }): Extension {
  const path = pathLength === undefined ? [] : [smallNumber(pathLength)];
  return extension('basicConstraints', critical, sequence(...(ca ? [boolean(true)] : []), ...path));
}

export function readBasicConstraints(of: Extension): BasicConstraints {
  const fields = new Fields(read(of), tags.sequence, 'basicConstraints');
  const flag = fields.optional(tags.boolean);
  const path = fields.optional(tags.integer);
  fields.end('basicConstraints');
  const ca = flag !== undefined && booleanOf(flag, 'cA');
  return path ? { ca, pathLength: smallInteger(path, 'pathLenConstraint') } : { ca };
}

// Key usage, 4.2.1.3

/** By the number of their bit. */
export const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof keyUsages)[number];

/** Critical. A named bit list has no zeros at its end (X.690 11.2.2). Throws `input.invalid` for no usage at all. */
export function keyUsage(usages: readonly KeyUsage[]): Extension {
  const numbers = usages.map((usage) => keyUsages.indexOf(usage));
  const highest = Math.max(-1, ...numbers);
  if (highest < 0) throw invalid('keyUsage', 'at least one usage', 'none');
  const bits = Buffer.alloc(highest > 7 ? 2 : 1);
  for (const number of numbers) bits[number >> 3] = (bits[number >> 3] ?? 0) | (0x80 >> (number & 7));
  return extension('keyUsage', true, bitString(bits, 7 - (highest & 7)));
}

/**
 * In the order of their bits. `padded` takes zeros at the end of the list, which DER does not have (X.690 11.2.2) and Infineon's and
 * Intel's certificates for TPMs do.
 */
export function readKeyUsage(of: Extension, { padded = false } = {}): readonly KeyUsage[] {
  const value = read(of);
  const [unused = 8, ...bits] = contentOf(value);
  const last = bits.at(-1) ?? 0;
  // The last bit that is there is set, those behind it are not.
  const minimal = (last & (1 << unused)) !== 0;
  const isClean = unused < 8 && (last & ((1 << unused) - 1)) === 0 && ((bits[1] ?? 0) & 0x7f) === 0;
  const usages = keyUsages.filter((_, number) => ((bits[number >> 3] ?? 0) & (0x80 >> (number & 7))) !== 0);
  const isList = value.tag === tags.bitString && bits.length <= 2 && isClean && usages.length > 0;
  if (!isList || !(minimal || padded)) {
    throw invalid(value.place, 'keyUsage as a minimal list of at least one bit', 'something else');
  }
  return usages;
}

// Extended key usage, 4.2.1.12

const purposes = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
  anyExtendedKeyUsage: '2.5.29.37.0',
} as const;
export type Purpose = keyof typeof purposes | (string & {});

const purposeOids: ReadonlyMap<string, string> = new Map(Object.entries(purposes));
const purposeNames = new Map(Object.entries(purposes).map(([name, dotted]): [string, string] => [dotted, name]));

/** Purposes by name or object identifier. Throws `input.invalid` for none. */
export function extendedKeyUsage(wanted: readonly Purpose[], critical = false): Extension {
  if (wanted.length === 0) throw invalid('extendedKeyUsage', 'at least one purpose', 'none');
  return extension('extendedKeyUsage', critical, sequence(...wanted.map((name) => oid(purposeOids.get(name) ?? name))));
}

/** Purposes by name where they have one, else the object identifier. */
export function readExtendedKeyUsage(of: Extension): readonly Purpose[] {
  const fields = new Fields(read(of), tags.sequence, 'extendedKeyUsage');
  const found: Purpose[] = [];
  do {
    const dotted = oidOf(fields.next(tags.oid, 'a purpose'), 'a purpose');
    found.push(purposeNames.get(dotted) ?? dotted);
  } while (fields.more);
  return found;
}

// Key identifiers, 4.2.1.1 and 4.2.1.2

/** Method 1 of RFC 5280 4.2.1.2: SHA-1 over the bits of the public key. It names a key and protects nothing. */
export function keyIdentifierOf(spki: Buffer): Buffer {
  const fields = new Fields(readDer(spki, 'public key'), tags.sequence, 'SubjectPublicKeyInfo');
  fields.any('its algorithm');
  return hash('sha1', wholeBits(fields.next(tags.bitString, 'its bits'), 'its bits'), 'buffer');
}

export const subjectKeyIdentifier = (spki: Buffer): Extension =>
  extension('subjectKeyIdentifier', false, octets(keyIdentifierOf(spki)));

export function readSubjectKeyIdentifier(of: Extension): Buffer {
  const value = read(of);
  if (value.tag !== tags.octets) throw invalid(value.place, 'a key identifier', 'another value');
  return nonEmpty(value);
}

export const authorityKeyIdentifier = (keyIdentifier: Buffer): Extension =>
  extension('authorityKeyIdentifier', false, sequence(tagged(0, keyIdentifier)));

/** The key identifier; none when the issuer is named by its name and serial number only. */
export function readAuthorityKeyIdentifier(of: Extension): Buffer | undefined {
  const fields = new Fields(read(of), tags.sequence, 'authorityKeyIdentifier');
  const identifier = fields.optional(contextTag(0, false));
  const issuer = fields.optional(contextTag(1, true));
  const serial = fields.optional(contextTag(2, false));
  fields.end('authorityKeyIdentifier');
  if ((issuer === undefined) !== (serial === undefined)) {
    throw invalid(`extension ${of.oid}`, 'issuer and serial number, or none of them', 'one of them');
  }
  return identifier && nonEmpty(identifier);
}

function nonEmpty(value: Der): Buffer {
  if (value.at === value.end) throw invalid(value.place, 'a key identifier', 'an empty one');
  return contentOf(value);
}
