import { createHash, type KeyObject } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, compactVerify, decodeProtectedHeader, errors } from 'jose';
import { type ApplierFile, largestCarried, type StationFile } from '../contract/bundle.ts';
import { canonical, type Json } from '../contract/canonical.ts';
import { StationError } from '../contract/errors.ts';
import { parse } from '../contract/parse.ts';
import { encryptedHeaderSchema, fingerprintOf, type Manifest, readKey, signedHeaderSchema } from './format.ts';

// A bundle: a JWS (RFC 7515, compact) by the station over a JWE (RFC 7516, compact) to the applier. Encrypted first and signed then:
// the applier knows whose bundle it is before its private key touches a byte of it. That the signature could be cut off and replaced by
// another station's is why the JWE's own header, which its tag authenticates, holds the same manifest.

/** Makes the signature over a JWS signing input: raw r‖s of P-256 with SHA-256 (RFC 7518 section 3.4). */
export type SignJws = (input: Buffer) => Promise<Buffer>;

/** What a bundle is told by: SHA-256 of its signing input. The signature stays out, since ECDSA has two spellings of each. */
export function bundleHash(signingInput: string): Buffer {
  return createHash('sha256').update(signingInput, 'latin1').digest();
}

const base64url = (bytes: string | Buffer): string => Buffer.from(bytes).toString('base64url');

/** Encrypts `plain` to the applier and signs it. Answers the file's text and the bundle's hash. The caller zeroes `plain`. */
export async function makeBundle(
  manifest: Manifest,
  plain: Buffer,
  applier: Pick<ApplierFile, 'encryption'>,
  station: StationFile,
  sign: SignJws,
): Promise<{ readonly text: string; readonly sha256: Buffer }> {
  const jwe = await new CompactEncrypt(plain)
    .setProtectedHeader({
      alg: 'ECDH-ES',
      enc: 'A256GCM',
      typ: 'birthmark-rows',
      kid: manifest.applier,
      bundle: manifest,
    })
    .encrypt(readKey(applier.encryption, 'the applier'));
  const header = canonical({
    alg: 'ES256',
    typ: 'birthmark-bundle',
    cty: 'JWE',
    kid: fingerprintOf(station),
    bundle: manifest as Json,
  });
  const input = `${base64url(header)}.${base64url(jwe)}`;
  const signature = await sign(Buffer.from(input, 'latin1'));
  return { text: `${input}.${base64url(signature)}\n`, sha256: bundleHash(input) };
}

/** A bundle that was read and not believed yet. */
export type ReadBundle = {
  readonly manifest: Manifest;
  readonly signer: string;
  readonly sha256: Buffer;
  readonly jws: string;
};

/** Reads what stands outside, before anything is known to be true. Throws `input.invalid` with the place. */
export function readBundle(text: string): ReadBundle {
  const jws = compactOf(text, 'bundle');
  const header = parse(signedHeaderSchema, headerOf(jws, 'bundle'), 'bundle, header');
  return {
    manifest: header.bundle,
    signer: header.kid,
    sha256: bundleHash(jws.slice(0, jws.lastIndexOf('.'))),
    jws,
  };
}

/** Checks the station's signature, and answers what it encrypted. Throws `bundle.forged`. */
export async function verifyBundle(read: ReadBundle, station: StationFile): Promise<string> {
  const forged = () => new StationError('bundle.forged', { what: 'bundle', whom: `the station ${station.origin}` });
  if (read.signer !== fingerprintOf(station) || read.manifest.station !== station.station) throw forged();
  return Buffer.from(await verified(read.jws, readKey(station.key, 'the station'), forged)).toString('latin1');
}

/** Opens what a verified bundle encrypted to us. Throws `bundle.foreign`, `input.invalid`. The caller zeroes the answer. */
export async function decryptRows(jwe: string, manifest: Manifest, key: KeyObject): Promise<Buffer> {
  const header = parse(
    encryptedHeaderSchema,
    headerOf(compactOf(jwe, 'bundle, content', 5), 'bundle, content'),
    'bundle, content header',
  );
  // Somebody else's content under this signature (surreptitious forwarding): what it was encrypted for must be what was signed.
  if (canonical(header.bundle as Json) !== canonical(manifest as Json) || header.kid !== manifest.applier) {
    throw new StationError('bundle.foreign', { what: 'content', whom: 'another bundle than the one it is in' });
  }
  try {
    const algorithms = { keyManagementAlgorithms: ['ECDH-ES'], contentEncryptionAlgorithms: ['A256GCM'] };
    const { plaintext } = await compactDecrypt(jwe, key, algorithms);
    return Buffer.from(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength);
  } catch (cause) {
    if (!isAboutInput(cause)) throw cause;
    const found = 'something that it does not open';
    throw new StationError(
      'input.invalid',
      { place: 'bundle, content', expected: 'what was encrypted to this key', found },
      { cause },
    );
  }
}

/** The payload of a JWS whose signature is the key's. */
export async function verified(jws: string, key: KeyObject, forged: () => StationError): Promise<Uint8Array> {
  try {
    return (await compactVerify(jws, key, { algorithms: ['ES256'] })).payload;
  } catch (cause) {
    if (isAboutInput(cause)) throw forged();
    throw cause;
  }
}

/** What the library says of what it was given; anything else is a fault of ours. */
const isAboutInput = (thrown: unknown): boolean =>
  thrown instanceof errors.JOSEError || thrown instanceof TypeError || thrown instanceof DOMException;

/** The text of a compact serialization, with its line feed or without. */
export function compactOf(text: string, place: string, parts: 3 | 5 = 3): string {
  if (text.length > largestCarried) {
    throw new StationError('input.invalid', {
      place,
      expected: `at most ${largestCarried} bytes`,
      found: `${text.length}`,
    });
  }
  const compact = text.endsWith('\n') ? text.slice(0, text.endsWith('\r\n') ? -2 : -1) : text;
  const found = compact.split('.');
  const whole = found.length === parts && found.every((part, index) => isBase64url(part, parts === 5 && index === 1));
  if (whole) return compact;
  const expected = `${parts} parts in base64url with dots between them`;
  throw new StationError('input.invalid', { place, expected, found: `${found.length} parts of something else` });
}

/** Without padding, and with no other spelling of the same bytes (RFC 7515 section 2). */
function isBase64url(part: string, mayBeEmpty: boolean): boolean {
  if (part === '') return mayBeEmpty;
  return /^[A-Za-z0-9_-]+$/.test(part) && Buffer.from(part, 'base64url').toString('base64url') === part;
}

export function headerOf(compact: string, place: string): unknown {
  try {
    return decodeProtectedHeader(compact);
  } catch (cause) {
    throw new StationError(
      'input.invalid',
      { place: `${place}, header`, expected: 'JSON', found: 'something else' },
      { cause },
    );
  }
}
