import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { type TbsCrlFields, writeTbsCrl } from '../../drivers/asn1/crl.ts';
import { assemble, writeCsrInfo } from '../../drivers/asn1/csr.ts';
import { isKeyAlgorithm, readPublicKey } from '../../drivers/asn1/keys.ts';
import type { Name } from '../../drivers/asn1/names.ts';
import {
  digestOf,
  type SignatureAlgorithm,
  signatureAlgorithmOf,
  signatureValue,
  verifySignatureAsync,
} from '../../drivers/asn1/signatures.ts';
import type { Hsm, PublicKeyRef } from '../../drivers/hsm/hsm.ts';
import { StationError } from '../contract/errors.ts';
import { Intended } from './intended.ts';
import type { Signer } from './issuer.ts';

/** What a CRL says beside who signs it. */
export type CrlFields = Pick<TbsCrlFields, 'thisUpdate' | 'nextUpdate' | 'number' | 'revoked'>;

/** How a signature ended. `unsigned`: the HSM certainly did not sign. `possible`: it may have, and nobody has the certificate. */
export type Signed =
  | { readonly state: 'issued'; readonly der: Buffer }
  | { readonly state: 'unsigned' | 'possible'; readonly error: StationError };

/**
 * Signs a TBS whose intent is durable, once, and checks what came back: the stored bytes unchanged, read by OpenSSL
 * with the stored serial number, the signature good under the issuer's key. Never throws for what the HSM answers.
 */
export async function signCertificate(hsm: Pick<Hsm, 'sign'>, issuer: Signer, intended: Intended): Promise<Signed> {
  if (!Intended.is(intended)) throw new TypeError('only what is written down is signed');
  const { linted } = intended;
  const { keyIdentifier } = linted.rules.issuer;
  if (!keyIdentifier.equals(issuer.rules.keyIdentifier)) throw new TypeError('it was linted for another issuer');
  const algorithm = signatureAlgorithmOf(issuer.rules.algorithm);
  let raw: Buffer;
  try {
    raw = await hsm.sign(issuer.key, digestOf(algorithm, linted.bytes));
  } catch (thrown) {
    if (!(thrown instanceof StationError)) throw thrown;
    return { state: thrown.code === 'hsm.ambiguous' ? 'possible' : 'unsigned', error: thrown };
  }
  const signature = readable(algorithm, raw);
  const der = signature && assemble(linted.bytes, algorithm, signature);
  const wrong = der ? await whatIsWrong(der, algorithm, issuer, linted, signature) : 'no signature came back';
  if (der && wrong === undefined) return { state: 'issued', der };
  // Something was signed, and it is not what we know: somebody may hold a certificate with this serial number.
  return { state: 'possible', error: new StationError('ca.signature-wrong', { what: wrong ?? '?' }) };
}

/** What the HSM answered as the bytes of a signature, or nothing when it cannot be one. */
function readable(algorithm: SignatureAlgorithm, raw: Buffer): Buffer | undefined {
  try {
    return signatureValue(algorithm, raw);
  } catch (thrown) {
    if (thrown instanceof StationError) return undefined;
    throw thrown;
  }
}

async function whatIsWrong(
  der: Buffer,
  algorithm: SignatureAlgorithm,
  issuer: Signer,
  linted: Intended['linted'],
  signature: Buffer,
): Promise<string | undefined> {
  if (der.indexOf(linted.bytes) < 0) return 'the bytes to be signed changed';
  let read: X509Certificate;
  try {
    read = new X509Certificate(der);
  } catch {
    return 'OpenSSL cannot read the certificate'; // its own text says nothing that a person can use
  }
  if (!Buffer.from(read.serialNumber, 'hex').equals(linted.tbs.serial)) return 'the serial number';
  return (await verifySignatureAsync(algorithm, issuer.publicKey, linted.bytes, signature))
    ? undefined
    : 'the signature';
}

/** Signs the request for a CA key's own certificate (PKCS#10, RFC 2986): it proves that the HSM has the private half. */
export async function signRequest(hsm: Pick<Hsm, 'sign'>, key: PublicKeyRef, subject: Name): Promise<Buffer> {
  const publicKey = readPublicKey(Buffer.from(key.publicKey, 'base64'), 'the key that the HSM made');
  if (!isKeyAlgorithm(publicKey.algorithm)) throw new StationError('hsm.unsupported', { what: publicKey.algorithm });
  const algorithm = signatureAlgorithmOf(publicKey.algorithm);
  const info = writeCsrInfo(subject, publicKey.spki);
  const signature = signatureValue(algorithm, await hsm.sign(key, digestOf(algorithm, info)));
  if (await verifySignatureAsync(algorithm, publicKey.key, info, signature))
    return assemble(info, algorithm, signature);
  throw new StationError('ca.signature-wrong', { what: 'the certificate request' });
}

/** Signs a list of revoked certificates (RFC 5280 section 5) and checks what came back. */
export async function signCrl(hsm: Pick<Hsm, 'sign'>, issuer: Signer, fields: CrlFields): Promise<Buffer> {
  const algorithm = signatureAlgorithmOf(issuer.rules.algorithm);
  const { subjectDer: issuerDer, keyIdentifier: authorityKeyIdentifier } = issuer.rules;
  const tbs = writeTbsCrl({ ...fields, issuerDer, authorityKeyIdentifier, signatureAlgorithm: algorithm });
  const signature = signatureValue(algorithm, await hsm.sign(issuer.key, digestOf(algorithm, tbs)));
  if (await verifySignatureAsync(algorithm, issuer.publicKey, tbs, signature))
    return assemble(tbs, algorithm, signature);
  throw new StationError('ca.signature-wrong', { what: 'the CRL' });
}

/** Signs a ceremony's record, or a head's text, with the audit key, P-256 with SHA-256: raw r‖s made DER, as openssl dgst -verify reads it. */
export async function signRecord(hsm: Pick<Hsm, 'sign'>, key: PublicKeyRef, record: Buffer): Promise<Buffer> {
  const { key: publicKey } = readPublicKey(Buffer.from(key.publicKey, 'base64'), 'the audit key');
  return signed(hsm, { key, publicKey }, 'ecdsa-sha256', record, 'the record');
}

/** Signs a text with the audit log's Ed25519 key (RFC 8032: the message itself, no digest) and checks what came back. */
export async function signText(hsm: Pick<Hsm, 'sign'>, key: PublicKeyRef, text: Buffer): Promise<Buffer> {
  const publicKey = createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), format: 'der', type: 'spki' });
  const signature = await hsm.sign(key, text);
  if (verify(null, text, publicKey, signature)) return signature;
  throw new StationError('ca.signature-wrong', { what: 'the head' });
}

/** Signs the signing input of a bundle's JWS (RFC 7515 section 5.1) with the audit key: ES256, raw r‖s (RFC 7518 section 3.4). */
export async function signJws(hsm: Pick<Hsm, 'sign'>, key: PublicKeyRef, input: Buffer): Promise<Buffer> {
  const { key: publicKey } = readPublicKey(Buffer.from(key.publicKey, 'base64'), 'the audit key');
  const raw = await hsm.sign(key, digestOf('ecdsa-sha256', input));
  if (verify('sha256', input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)) return raw;
  throw new StationError('ca.signature-wrong', { what: 'the bundle' });
}

/** A signature that was checked, of what is no certificate. Throws `ca.signature-wrong`. */
async function signed(
  hsm: Pick<Hsm, 'sign'>,
  signer: Pick<Signer, 'key' | 'publicKey'>,
  algorithm: SignatureAlgorithm,
  bytes: Buffer,
  what: string,
): Promise<Buffer> {
  const signature = readable(algorithm, await hsm.sign(signer.key, digestOf(algorithm, bytes)));
  if (signature && (await verifySignatureAsync(algorithm, signer.publicKey, bytes, signature))) return signature;
  throw new StationError('ca.signature-wrong', { what });
}
