// Certificates for units in tests, from a certification authority that lives as long as its test file. Written by hand in
// DER (RFC 5280), so that the station's own issuer is not what its units are tested with.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import forge from 'node-forge';
import type { CredentialObject } from '../../drivers/protocols/protocol.ts';

const { asn1 } = forge;
const { Class, Type } = asn1;
const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** The chain for this public key as a unit gets it: PEM, leaf first, then the authority's own certificate. */
export const chainFor = (publicKey: KeyObject, name = 'sn-000001'): Buffer =>
  Buffer.from(
    [certificate(publicKey, name), certificate(authority.publicKey, 'unit tests')].map(pem).join(''),
    'latin1',
  );

/** A key with its chain as a unit may have come with them. */
export function ownKey(name: string): { readonly key: string; readonly chain: string; readonly publicKey: KeyObject } {
  const { publicKey, privateKey } = pairs.p384();
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { key, chain: chainFor(publicKey, name).toString('latin1'), publicKey };
}

/** A private key as a station sends it, with its chain. */
export function sentKey(make: () => { publicKey: KeyObject; privateKey: KeyObject } = pairs.p256) {
  const { publicKey, privateKey } = make();
  return { key: privateKey.export({ format: 'der', type: 'pkcs8' }), chain: chainFor(publicKey), publicKey };
}

type Sent = CredentialObject & { operation: Buffer };

export const keyObject = (operation: Buffer, bytes: Buffer): Sent => ({
  operation,
  kind: 'private-key',
  delivery: 'clear',
  bytes,
});
export const chainObject = (operation: Buffer, bytes: Buffer): Sent => ({
  operation,
  kind: 'chain',
  delivery: 'clear',
  bytes,
});

export const pairs = {
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  rsa2048: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
} as const;

/** The public half of a private key as a unit keeps it: PKCS#8 in DER, base64. */
export const publicHalf = (pkcs8: string): KeyObject =>
  createPublicKey(createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' }));

/** The public key that a certificate request (PKCS#10) asks a certificate for. */
export function requestedKey(csr: Buffer): KeyObject {
  const info = parts(asn1.fromDer(csr.toString('latin1')))[0];
  const spki = info && parts(info)[2];
  if (spki === undefined) throw new TypeError('this is no certificate request');
  return createPublicKey({ key: der(spki), format: 'der', type: 'spki' });
}

const parts = ({ value }: forge.asn1.Asn1): forge.asn1.Asn1[] => (typeof value === 'string' ? [] : value);

function certificate(publicKey: KeyObject, name: string): Buffer {
  const spki = asn1.fromDer(publicKey.export({ format: 'der', type: 'spki' }).toString('latin1'));
  const algorithm = sequence(node(Type.OID, asn1.oidToDer('1.2.840.10045.4.3.2').getBytes()));
  const version = asn1.create(Class.CONTEXT_SPECIFIC, 0, true, [node(Type.INTEGER, '\x02')]);
  const serial = node(Type.INTEGER, `\x01${randomBytes(8).toString('latin1')}`);
  const validity = sequence(node(Type.UTCTIME, '200101000000Z'), node(Type.UTCTIME, '491231235959Z'));
  const body = sequence(version, serial, algorithm, dn('unit tests'), validity, dn(name), spki);
  const signature = sign('sha256', der(body), authority.privateKey).toString('latin1');
  return der(sequence(body, algorithm, node(Type.BITSTRING, `\0${signature}`)));
}

const pem = (bytes: Buffer): string => {
  const lines = bytes.toString('base64').replace(/(.{64})(?=.)/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
};
const dn = (name: string) => {
  const type = node(Type.OID, asn1.oidToDer('2.5.4.3').getBytes());
  return sequence(node(Type.SET, [sequence(type, node(Type.UTF8, name))]));
};
const node = (type: forge.asn1.Type, value: string | forge.asn1.Asn1[]) =>
  asn1.create(Class.UNIVERSAL, type, Array.isArray(value), value);
const sequence = (...parts: forge.asn1.Asn1[]) => node(Type.SEQUENCE, parts);
const der = (value: forge.asn1.Asn1): Buffer => Buffer.from(asn1.toDer(value).getBytes(), 'latin1');
