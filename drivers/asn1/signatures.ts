import { hash, type KeyObject, verify } from 'node:crypto';
import { encode, integer, nothing, oid, positive, sequence, wrapSequence } from './build.ts';
import { type Der, Fields, invalid, oidOf, tags } from './der.ts';
import { isKeyAlgorithm, type KeyAlgorithm, type PublicKey } from './keys.ts';
import { holdsInThread } from './verifying.ts';

// Signature algorithms and values (RFC 5758 section 3.2 for ECDSA, RFC 4055 section 5 for RSA).

export type SignatureAlgorithm =
  | 'ecdsa-sha256'
  | 'ecdsa-sha384'
  | 'ecdsa-sha512'
  | 'rsa-sha256'
  | 'rsa-sha384'
  | 'rsa-sha512';

type Row = { readonly oid: string; readonly kind: 'ec' | 'rsa'; readonly hash: string; readonly der: Buffer };

/** ECDSA has no parameters (RFC 5758 3.2), RSA has NULL (RFC 4055 5). */
const row = (dotted: string, kind: Row['kind'], hashName: string): Row => ({
  oid: dotted,
  kind,
  hash: hashName,
  der: encode(kind === 'ec' ? sequence(oid(dotted)) : sequence(oid(dotted), nothing())),
});

const rows: Readonly<Record<SignatureAlgorithm, Row>> = {
  'ecdsa-sha256': row('1.2.840.10045.4.3.2', 'ec', 'sha256'),
  'ecdsa-sha384': row('1.2.840.10045.4.3.3', 'ec', 'sha384'),
  'ecdsa-sha512': row('1.2.840.10045.4.3.4', 'ec', 'sha512'),
  'rsa-sha256': row('1.2.840.113549.1.1.11', 'rsa', 'sha256'),
  'rsa-sha384': row('1.2.840.113549.1.1.12', 'rsa', 'sha384'),
  'rsa-sha512': row('1.2.840.113549.1.1.13', 'rsa', 'sha512'),
};

/** Names for messages, of algorithms that nothing here verifies. */
const others: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'rsa-md2',
  '1.2.840.113549.1.1.4': 'rsa-md5',
  '1.2.840.113549.1.1.5': 'rsa-sha1',
  '1.2.840.113549.1.1.14': 'rsa-sha224',
  '1.2.840.113549.1.1.10': 'rsa-pss',
  '1.2.840.10045.4.1': 'ecdsa-sha1',
  '1.2.840.10045.4.3.1': 'ecdsa-sha224',
  '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448',
};

const byOid = new Map(Object.entries(rows).map(([name, { oid: dotted }]) => [dotted, name]));

export const isSignatureAlgorithm = (name: string): name is SignatureAlgorithm => Object.hasOwn(rows, name);

/** What a key of ours signs with. */
const ofKey: Readonly<Record<KeyAlgorithm, SignatureAlgorithm>> = {
  p256: 'ecdsa-sha256',
  p384: 'ecdsa-sha384',
  rsa2048: 'rsa-sha256',
  rsa3072: 'rsa-sha256',
  rsa4096: 'rsa-sha256',
};
export const signatureAlgorithmOf = (key: KeyAlgorithm): SignatureAlgorithm => ofKey[key];

/** DER of the AlgorithmIdentifier. */
export const algorithmIdentifier = (algorithm: SignatureAlgorithm): Buffer => rows[algorithm].der;

/**
 * The algorithm that an AlgorithmIdentifier names: one of ours, or a name for messages. RSA's NULL may be absent
 * (RFC 4055 5 wants readers to take both), and ECDSA may have one where the caller says so. Throws `input.invalid` for ours with other
 * parameters.
 */
export function readAlgorithm(value: Der, { ecdsaNull = false } = {}): SignatureAlgorithm | string {
  const fields = new Fields(value, tags.sequence, 'the signature algorithm');
  const dotted = oidOf(fields.next(tags.oid, 'the signature algorithm'), 'the signature algorithm');
  const name = byOid.get(dotted) ?? others[dotted] ?? dotted;
  if (!isSignatureAlgorithm(name)) return name;
  const parameters = fields.more ? fields.any('parameters') : undefined;
  const isNull = parameters?.tag === tags.null && parameters.at === parameters.end && !fields.more;
  if (parameters !== undefined && !(isNull && (ecdsaNull || rows[name].kind === 'rsa'))) {
    throw invalid(value.place, `${name} without parameters of its own`, 'parameters');
  }
  return name;
}

/** The digest that the algorithm signs. */
export const digestOf = (algorithm: SignatureAlgorithm, signed: Buffer): Buffer =>
  hash(rows[algorithm].hash, signed, 'buffer');

/**
 * What an HSM answers, as the bytes of signatureValue: raw r‖s becomes a SEQUENCE of two INTEGERs (RFC 3279 2.2.3), PKCS#1
 * stays as it is. Throws `input.invalid` for what cannot be such an answer.
 */
export function signatureValue(algorithm: SignatureAlgorithm, raw: Buffer): Buffer {
  if (rows[algorithm].kind === 'rsa') {
    if (raw.length < 256) throw invalid('signature', 'at least 256 bytes of PKCS#1', `${raw.length} bytes`);
    return raw;
  }
  const half = raw.length / 2;
  const [r, s] = [raw.subarray(0, half), raw.subarray(half)];
  if ((half !== 32 && half !== 48) || !hasBits(r) || !hasBits(s)) {
    throw invalid('signature', 'r and s of P-256 or P-384', `${raw.length} bytes`);
  }
  return wrapSequence(encode(integer(positive(r))), encode(integer(positive(s))));
}

const hasBits = (number: Buffer): boolean => number.some((octet) => octet !== 0);

/** Whether the signature (bytes of signatureValue) is this key's over these bytes. Never throws. */
export function verifySignature(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  signed: Buffer,
  signature: Buffer,
): boolean {
  if (!fits(algorithm, key)) return false;
  try {
    return verify(rows[algorithm].hash, signed, key, signature);
  } catch {
    return false;
  }
}

/** The same in another thread. Rejects only when that thread dies, which says nothing about the signature. */
export function verifySignatureAsync(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  signed: Buffer,
  signature: Buffer,
): Promise<boolean> {
  if (!fits(algorithm, key)) return Promise.resolve(false);
  return holdsInThread({ spki: spkiOf(key), hash: rows[algorithm].hash, signed, signature });
}

/** Whether a key that was read (keys.ts) made the signature, asked like `verifySignatureAsync`, but OpenSSL reads the key there. */
export function verifyWithKeyAsync(
  algorithm: SignatureAlgorithm,
  key: PublicKey,
  signed: Buffer,
  signature: Buffer,
): Promise<boolean> {
  if (!isKeyAlgorithm(key.algorithm) || rows[ofKey[key.algorithm]].kind !== rows[algorithm].kind)
    return verifySignatureAsync(algorithm, key.key, signed, signature);
  return holdsInThread({ spki: key.spki, hash: rows[algorithm].hash, signed, signature });
}

/** An issuer's key is asked for at each of its certificates; exporting it takes longer than asking. */
const exported = new WeakMap<KeyObject, Buffer>();

function spkiOf(key: KeyObject): Buffer {
  const known = exported.get(key);
  if (known) return known;
  const spki = key.export({ type: 'spki', format: 'der' });
  exported.set(key, spki);
  return spki;
}

/** OpenSSL would go by the key's kind alone and take an ECDSA signature for one that says RSA. */
const fits = (algorithm: SignatureAlgorithm, key: KeyObject): boolean =>
  key.type === 'public' && key.asymmetricKeyType === rows[algorithm].kind;
