import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  contentOf,
  contextTag,
  type Der,
  Fields,
  invalid,
  oidOf,
  readDer,
  smallInteger,
  tags,
  wholeOf,
} from './der.ts';
import { type Derivation, decrypt, derive, type PassPhrase } from './encrypted.ts';
import { type PrivateKey, readPrivateKey } from './private-keys.ts';

// PKCS#12 (RFC 7292): a pass phrase, certificates and their keys in one file. Read strictly as DER, with a MAC by the pass phrase
// over all of it; what is encrypted is opened by encrypted.ts.

export type Pkcs12 = {
  /** DER, in the order of the file. */
  readonly certificates: readonly Buffer[];
  /** Whoever asked for them zeroes them. */
  readonly keys: readonly PrivateKey[];
};

/** Largest file that is read, in bytes. */
const maxFile = 1024 * 1024;

const oids = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
} as const;

/** Whether bytes look like a PKCS#12 file: SEQUENCE { INTEGER 3, … }. */
export const looksLikePkcs12 = (bytes: Buffer): boolean =>
  bytes[0] === tags.sequence && bytes.subarray(1, 10).indexOf(Buffer.of(tags.integer, 1, 3)) >= 1;

/** Reads a whole file, or throws `input.invalid` with the place and nothing kept. A wrong pass phrase shows at the MAC. */
export function readPkcs12(bytes: Buffer, phrase: PassPhrase, place: string): Pkcs12 {
  const fields = new Fields(readDer(bytes, place, maxFile), tags.sequence, 'a PKCS#12 file');
  const version = smallInteger(fields.next(tags.integer, 'its version'), 'its version');
  if (version !== 3) throw invalid(place, 'PKCS#12 version 3', `${version}`);
  const safe = dataOf(fields.any('its contents'), 'its contents');
  if (!fields.more) throw invalid(place, 'a MAC by the pass phrase', 'none');
  checkMac(fields.any('its MAC'), safe, phrase);
  fields.end('the PKCS#12 file');
  const found: Found = { certificates: [], keys: [], phrase };
  try {
    const contents = new Fields(readDer(safe, place, maxFile), tags.sequence, 'its safes');
    while (contents.more) readSafe(contents.any('a safe'), found);
    return { certificates: found.certificates, keys: found.keys };
  } catch (thrown) {
    for (const { pkcs8 } of found.keys) pkcs8.fill(0);
    throw thrown;
  }
}

type Found = { readonly certificates: Buffer[]; readonly keys: PrivateKey[]; readonly phrase: PassPhrase };

/** ContentInfo: what it is, and the value that it holds. */
function contentInfo(value: Der, what: string): { readonly oid: string; readonly content: Der } {
  const fields = new Fields(value, tags.sequence, what);
  const oid = oidOf(fields.next(tags.oid, 'its type'), 'its type');
  const explicit = new Fields(fields.any('its content'), contextTag(0, true), 'its content');
  fields.end(what);
  const content = explicit.any('its content');
  explicit.end('its content');
  return { oid, content };
}

function dataOf(value: Der, what: string): Buffer {
  const { oid, content } = contentInfo(value, what);
  if (oid !== oids.data) throw invalid(value.place, 'contents that a pass phrase protects', `contents of type ${oid}`);
  return octetsOf(content, what);
}

function octetsOf(value: Der, what: string): Buffer {
  if (value.tag !== tags.octets)
    throw invalid(value.place, `${what} as DER octets`, 'another encoding (write the file anew with openssl pkcs12)');
  return contentOf(value);
}

const macs: Readonly<Record<string, Derivation['digest']>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const mostRounds = 300_000;

/** RFC 7292 section 4, and appendix A for the key of the MAC. */
function checkMac(value: Der, safe: Buffer, { utf16 }: PassPhrase): void {
  const { place } = value;
  const fields = new Fields(value, tags.sequence, 'its MAC');
  const info = new Fields(fields.any('the digest'), tags.sequence, 'the digest');
  const salt = contentOf(fields.next(tags.octets, 'the salt'));
  const given = fields.optional(tags.integer);
  const rounds = given ? smallInteger(given, 'rounds') : 1;
  fields.end('its MAC');
  const oid = oidOf(
    new Fields(info.any('its algorithm'), tags.sequence, 'its algorithm').next(tags.oid, 'its algorithm'),
    'its algorithm',
  );
  const mac = contentOf(info.next(tags.octets, 'the digest'));
  const digest = macs[oid];
  if (!digest) throw invalid(place, 'a MAC with SHA-1 or SHA-2', `one with ${oid}`);
  if (rounds < 1 || rounds > mostRounds)
    throw invalid(place, `1 to ${mostRounds} rounds of key derivation`, `${rounds}`);
  const length = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 }[digest];
  const key = derive({ phrase: utf16, salt, rounds, digest, purpose: 3, length });
  const made = createHmac(digest, key).update(safe).digest();
  key.fill(0);
  if (mac.length === made.length && timingSafeEqual(mac, made)) return;
  throw invalid(place, 'the pass phrase that it was written with', 'another one, or changed bytes');
}

function readSafe(value: Der, found: Found): void {
  const { place } = value;
  const { oid, content } = contentInfo(value, 'a safe');
  if (oid === oids.data) {
    readBags(octetsOf(content, 'a safe'), found, place);
    return;
  }
  if (oid !== oids.encryptedData)
    throw invalid(place, 'safes in the clear or under a pass phrase', `one of type ${oid}`);
  const fields = new Fields(content, tags.sequence, 'an encrypted safe');
  fields.next(tags.integer, 'its version');
  const inner = new Fields(fields.any('its content'), tags.sequence, 'its content');
  inner.next(tags.oid, 'its type');
  const algorithm = inner.any('its encryption');
  const clear = decrypt(algorithm, contentOf(inner.next(contextTag(0, false), 'the encrypted bytes')), found.phrase);
  try {
    readBags(clear, found, place);
  } finally {
    // Certificates are copied out; a key inside of an encrypted safe goes with it.
    clear.fill(0);
  }
}

function readBags(bytes: Buffer, found: Found, place: string): void {
  const bags = new Fields(readDer(bytes, place, maxFile), tags.sequence, 'a safe');
  while (bags.more) readBag(bags.any('a bag'), found);
}

/** SafeBag. Friendly names and local key ids are passed over: a key's certificate is told by its public key. */
function readBag(bag: Der, { certificates, keys, phrase }: Found): void {
  const fields = new Fields(bag, tags.sequence, 'a bag');
  const oid = oidOf(fields.next(tags.oid, 'its type'), 'its type');
  const explicit = new Fields(fields.any('its value'), contextTag(0, true), 'its value');
  const value = explicit.any('its value');
  const place = `${bag.place}, key ${keys.length + 1}`;
  if (oid === oids.keyBag) keys.push(readPrivateKey('PRIVATE KEY', wholeOf(value), undefined, place));
  else if (oid === oids.shroudedKeyBag)
    keys.push(readPrivateKey('ENCRYPTED PRIVATE KEY', wholeOf(value), phrase, place));
  else if (oid === oids.certBag) certificates.push(certificateOf(value));
  else throw invalid(bag.place, 'keys and certificates', `a bag of type ${oid}`);
}

function certificateOf(value: Der): Buffer {
  const fields = new Fields(value, tags.sequence, 'a certificate bag');
  const oid = oidOf(fields.next(tags.oid, 'its type'), 'its type');
  if (oid !== oids.x509) throw invalid(value.place, 'X.509 certificates', `one of type ${oid}`);
  const explicit = new Fields(fields.any('the certificate'), contextTag(0, true), 'the certificate');
  return Buffer.from(octetsOf(explicit.any('the certificate'), 'the certificate'));
}
