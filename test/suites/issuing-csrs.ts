// Certificate requests as units, factories and attackers make them (PKCS#10, RFC 2986), in DER, from keys of node:crypto.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  bitString,
  encode,
  integer,
  octets,
  oid,
  sequence,
  setOf,
  wrap,
  wrapSequence,
} from '../../drivers/asn1/build.ts';
import { assemble } from '../../drivers/asn1/csr.ts';
import { writeExtensions } from '../../drivers/asn1/extension-list.ts';
import type { Extension } from '../../drivers/asn1/extensions.ts';
import { encodeName, type Name } from '../../drivers/asn1/names.ts';
import type { SignatureAlgorithm } from '../../drivers/asn1/signatures.ts';

export type Pair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

const ec = (namedCurve: string) => () => generateKeyPairSync('ec', { namedCurve });
const rsa =
  (modulusLength: number, publicExponent = 65537) =>
  () =>
    generateKeyPairSync('rsa', { modulusLength, publicExponent });

/** Keys that a recipe may ask for, and such as none may. */
export const makers = {
  p256: ec('P-256'),
  p384: ec('P-384'),
  rsa2048: rsa(2048),
  rsa3072: rsa(3072),
  p521: ec('P-521'),
  secp256k1: ec('secp256k1'),
  rsa1024: rsa(1024),
  rsa2048e3: rsa(2048, 3),
  ed25519: () => generateKeyPairSync('ed25519'),
} as const satisfies Record<string, () => Pair>;
export type Maker = keyof typeof makers;

export type Wish = {
  readonly subject: Name | Buffer;
  readonly pair: Pair;
  /** The key that signs, when it is another than the one in the request. */
  readonly signer?: KeyObject;
  readonly hash?: string;
  /** Extensions asked for (RFC 2985 section 5.4.2), none of which may ever be granted. */
  readonly extensions?: readonly Extension[];
  readonly challenge?: Buffer;
  /** What becomes of the information before it is signed: the signature holds all the same. */
  readonly spoil?: (info: Buffer) => Buffer;
};

const sha1 = { ec: '1.2.840.10045.4.1', rsa: '1.2.840.113549.1.1.5' } as const;

/** A request; its signature holds unless the wish says otherwise. */
export function makeCsr(wish: Wish): Buffer {
  const { subject, pair, signer = pair.privateKey, hash = 'sha256', extensions, challenge, spoil } = wish;
  const attributes: Buffer[] = [];
  const attribute = (type: string, value: Buffer) => wrapSequence(encode(oid(type)), wrap(0x31, value));
  if (extensions) attributes.push(attribute('1.2.840.113549.1.9.14', writeExtensions(extensions)));
  if (challenge) attributes.push(attribute('1.2.840.113549.1.9.7', wrap(0x0c, challenge)));
  const whole = wrapSequence(
    encode(integer(Buffer.of(0))),
    Buffer.isBuffer(subject) ? subject : encodeName(subject),
    pair.publicKey.export({ type: 'spki', format: 'der' }),
    wrap(0xa0, ...attributes),
  );
  const info = spoil ? spoil(whole) : whole;
  const kind = signer.asymmetricKeyType;
  if (kind === 'ed25519') return raw(info, '1.3.101.112', sign(null, info, signer));
  const family = kind === 'rsa' ? 'rsa' : 'ec';
  const signature = sign(hash, info, signer);
  if (hash === 'sha1') return raw(info, sha1[family], signature);
  return assemble(info, `${family === 'ec' ? 'ecdsa' : 'rsa'}-${hash}` as SignatureAlgorithm, signature);
}

const raw = (info: Buffer, algorithm: string, signature: Buffer): Buffer =>
  wrapSequence(info, encode(sequence(oid(algorithm))), encode(bitString(signature)));

/** An RDN with two attributes, as `CN=a+O=b`. */
export const multiRdn = (commonName: string, organization: string): Buffer => {
  const pairOf = (type: string, text: string) => wrapSequence(encode(oid(type)), wrap(0x0c, Buffer.from(text)));
  return wrapSequence(wrap(0x31, pairOf('2.5.4.3', commonName), pairOf('2.5.4.10', organization)));
};

/** Basic constraints CA:TRUE as a foreign hand would ask for them. */
export const asksCa: Extension = { oid: '2.5.29.19', critical: true, value: Buffer.from('30030101ff', 'hex') };
/** keyCertSign and cRLSign. */
export const asksCertSign: Extension = { oid: '2.5.29.15', critical: true, value: Buffer.from('03020106', 'hex') };
/** Some text under an OID of nobody. */
export const asksOther: Extension = {
  oid: '1.2.3.4.5',
  critical: false,
  value: encode(setOf(octets(Buffer.from('x')))),
};

/** A plain request for this name, with a new P-256 key. */
export const plainCsr = (commonName: string, pair: Pair = makers.p256()): Buffer =>
  makeCsr({ subject: [{ type: 'CN', value: commonName }], pair });
