// Certificates of endorsement keys and of the CAs above them, as TPM makers issue them, and as they do not.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { encode, nothing, octets, oid, sequence, utf8, wrap, wrapSequence } from '../../drivers/asn1/build.ts';
import { type Certificate, readCertificate, type TbsFields, writeTbs } from '../../drivers/asn1/certificate.ts';
import { assemble } from '../../drivers/asn1/csr.ts';
import { contextTag, tags } from '../../drivers/asn1/der.ts';
import * as x from '../../drivers/asn1/extensions.ts';
import { encodeName, type Name } from '../../drivers/asn1/names.ts';
import { type SignatureAlgorithm, signatureValue } from '../../drivers/asn1/signatures.ts';
import { type EkPublicKey, readEkCertificate } from '../../drivers/tpm/ek-certificate.ts';
import { readPublicArea } from '../../drivers/tpm/public.ts';

export const now = Date.parse('2026-11-20T12:00:00Z');
export const day = 86_400_000;
/** "No end" (RFC 5280 4.1.2.5). */
export const never = Date.parse('9999-12-31T23:59:59Z');
export const ekPurpose = '2.23.133.8.1';

export type Keys = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
export type Kind = 'p256' | 'p384' | 'rsa2048';

const made = {
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  rsa2048: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
} as const;
export const makeKeys = (kind: Kind): Keys => made[kind]();
export const spkiOf = ({ publicKey }: Pick<Keys, 'publicKey'>): Buffer =>
  publicKey.export({ type: 'spki', format: 'der' });

/** As TPM2B_PUBLIC would give the key. */
export function ekKeyOf({ publicKey }: Pick<Keys, 'publicKey'>): EkPublicKey {
  const { kty, n = '', x: first = '', y = '', crv } = publicKey.export({ format: 'jwk' });
  const bytes = (text: string) => Buffer.from(text, 'base64url');
  if (kty === 'RSA') return { type: 'rsa', modulus: bytes(n), exponent: 65_537 };
  return { type: 'ec', curve: crv === 'P-256' ? 'p256' : 'p384', x: bytes(first), y: bytes(y) };
}

export const ekKeyOfPublic = (sized: Buffer): EkPublicKey => readPublicArea(sized, 'EK').key;

/** Who issues: a certificate and the key behind it. */
export type Authority = { readonly certificate: Certificate; readonly keys: Keys };

type Change = Partial<Omit<TbsFields, 'issuerDer' | 'subject' | 'signatureAlgorithm'>>;
type CaWish = Change & {
  readonly issuer?: Authority;
  readonly keys?: Keys;
  readonly kind?: Kind;
  readonly pathLength?: number;
  /** Key usage, and what else there is, instead of keyCertSign and cRLSign. */
  readonly usage?: x.Extension;
  readonly more?: readonly x.Extension[];
};

export function makeAuthority(name: string, wish: CaWish = {}): Authority {
  const { issuer, keys = makeKeys(wish.kind ?? 'p256'), kind: _, pathLength, usage, more = [], ...change } = wish;
  const spki = spkiOf(keys);
  const extensions = [
    x.basicConstraints({ ca: true, ...(pathLength === undefined ? {} : { pathLength }) }),
    usage ?? x.keyUsage(['keyCertSign', 'cRLSign']),
    x.subjectKeyIdentifier(spki),
    ...(issuer ? [x.authorityKeyIdentifier(x.keyIdentifierOf(spkiOf(issuer.keys)))] : []),
    ...more,
  ];
  const subject: Name = [
    { type: 'C', value: 'DE' },
    { type: 'O', value: 'Maker of TPMs' },
    { type: 'CN', value: name },
  ];
  const der = issue(subject, spki, issuer ?? { keys, subjectDer: encodeName(subject) }, { extensions, ...change });
  return { certificate: readCertificate(der, name), keys };
}

export type EkWish = Change & {
  /** Its subject; none as makers have it. */
  readonly subject?: Name;
  readonly algorithm?: SignatureAlgorithm;
  /** Instead of the alternative name of `form`. */
  readonly name?: x.Extension | 'none';
  readonly purposes?: x.Extension | 'none';
  readonly usage?: x.Extension | 'none';
  readonly constraints?: x.Extension | 'none';
};

/** A certificate over this key in DER. */
export function makeEkCertificate(keys: Pick<Keys, 'publicKey'>, issuer: Authority, wish: EkWish = {}): Buffer {
  const { subject = [], name, purposes, usage, constraints, algorithm, ...change } = wish;
  const kind = keys.publicKey.asymmetricKeyType === 'ec' ? 'keyAgreement' : 'keyEncipherment';
  const extensions = [
    name ?? alternativeName(tpmNames),
    constraints ?? x.basicConstraints({ ca: false }),
    purposes ?? x.extendedKeyUsage([ekPurpose]),
    usage ?? x.keyUsage([kind]),
    x.authorityKeyIdentifier(x.keyIdentifierOf(spkiOf(issuer.keys))),
  ].filter((extension) => extension !== 'none');
  return issue(subject, spkiOf(keys), issuer, { extensions, ...change }, algorithm);
}

type Signer = Authority | { readonly keys: Keys; readonly subjectDer: Buffer };

function issue(subject: Name, spki: Buffer, by: Signer, change: Change, algorithm?: SignatureAlgorithm): Buffer {
  const { keys } = by;
  const signatureAlgorithm = algorithm ?? algorithmOf(keys);
  const tbs = writeTbs({
    serial: Buffer.concat([Buffer.of(0x42), randomBytes(15)]),
    issuerDer: 'certificate' in by ? by.certificate.subjectDer : by.subjectDer,
    notBefore: now - day,
    notAfter: never,
    subject,
    spki,
    extensions: [],
    ...change,
    signatureAlgorithm,
  });
  return signed(tbs, signatureAlgorithm, keys);
}

/** Signs a TBS as its owner would, whatever stands in it. */
export function signed(tbs: Buffer, algorithm: SignatureAlgorithm, { privateKey }: Pick<Keys, 'privateKey'>): Buffer {
  const [, hash] = algorithm.split('-');
  const raw = sign(hash, tbs, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return assemble(tbs, algorithm, signatureValue(algorithm, raw));
}

export const algorithmOf = ({ publicKey }: Pick<Keys, 'publicKey'>): SignatureAlgorithm =>
  publicKey.asymmetricKeyType === 'ec' ? 'ecdsa-sha256' : 'rsa-sha256';

export const tpmNames: Name = [
  { type: '2.23.133.2.1', value: 'id:54455354' },
  { type: '2.23.133.2.2', value: 'Model 1' },
  { type: '2.23.133.2.3', value: 'id:00010002' },
];

/** subjectAltName with these directory names; before them what else is given, in DER. */
export const alternativeNames = (critical: boolean, ...names: readonly Buffer[]): x.Extension => ({
  oid: x.oids.subjectAltName,
  critical,
  value: wrapSequence(...names),
});
export const directoryName = (name: Buffer): Buffer => wrap(contextTag(4, true), name);

/** Attributes in an RDN each, as Infineon, Intel and STMicroelectronics have them. */
export const alternativeName = (name: Name, critical = true): x.Extension =>
  alternativeNames(critical, directoryName(encodeName(name)));

/** All attributes in one RDN, as Nuvoton has them. */
export function oneRdn(name: Name): Buffer {
  const attributes = name.map(({ type, value }) => encode(sequence(oid(type), utf8(value))));
  return wrapSequence(wrap(tags.set, ...attributes));
}

/** The same RSA key for RSAES-OAEP alone, with the label that TPM 1.2 has. */
export function oaepSpki(keys: Pick<Keys, 'publicKey'>): Buffer {
  const spki = spkiOf(keys);
  const bits = spki.subarray(wrapSequence(encode(sequence(oid('1.2.840.113549.1.1.1'), nothing()))).length + 2);
  const label = wrap(contextTag(2, true), encode(sequence(oid('1.2.840.113549.1.1.9'), octets(Buffer.from('TCPA')))));
  const identifier = wrapSequence(encode(oid('1.2.840.113549.1.1.7')), wrapSequence(label));
  return wrapSequence(identifier, bits);
}

/** As it is read out of a TPM. */
export const readEk = (der: Buffer) => readEkCertificate(der, 'the certificate');

/** The same key as a private one, from PEM. */
export const keysOf = (pem: string | Buffer): Keys => {
  const privateKey = createPrivateKey(pem);
  return { privateKey, publicKey: createPublicKey(privateKey) };
};
