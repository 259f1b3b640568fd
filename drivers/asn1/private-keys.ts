import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { contentOf, Fields, invalid, oidOf, readDer, smallInteger, tags } from './der.ts';
import { decrypt, type PassPhrase } from './encrypted.ts';
import { type PublicKey, readPublicKey } from './keys.ts';

// Private keys as files hold them: PKCS#8 in the clear or encrypted (RFC 5958), and the older forms of EC and RSA keys.

/** A private key, PKCS#8 in DER, which whoever asked for it zeroes. */
export type PrivateKey = { readonly pkcs8: Buffer; readonly publicKey: PublicKey };

/** Labels of PEM blocks that hold a private key. */
export const privateKeyLabels: ReadonlySet<string> = new Set([
  'PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
  'EC PRIVATE KEY',
  'RSA PRIVATE KEY',
]);

/** Reads what stands in a PEM block of this label; `der` is the caller's to zero. Throws `input.invalid`. */
export function readPrivateKey(label: string, der: Buffer, phrase: PassPhrase | undefined, place: string): PrivateKey {
  if (label !== 'ENCRYPTED PRIVATE KEY') return checked(der, types[label] ?? 'pkcs8', place);
  if (!phrase) throw invalid(place, 'the pass phrase of an encrypted key', 'none');
  const clear = openKey(der, phrase, place);
  try {
    return checked(clear, 'pkcs8', place);
  } finally {
    clear.fill(0);
  }
}

const types: Readonly<Record<string, 'sec1' | 'pkcs1'>> = { 'EC PRIVATE KEY': 'sec1', 'RSA PRIVATE KEY': 'pkcs1' };

/** EncryptedPrivateKeyInfo (RFC 5958 section 3). */
function openKey(der: Buffer, phrase: PassPhrase, place: string): Buffer {
  const fields = new Fields(readDer(der, place), tags.sequence, 'an encrypted key');
  const algorithm = fields.any('its encryption');
  const encrypted = contentOf(fields.next(tags.octets, 'the encrypted bytes'));
  fields.end('the encrypted key');
  return decrypt(algorithm, encrypted, phrase);
}

/** OpenSSL reads and writes any version; a unit may not: 0, and inside 1 for EC (RFC 5915) or 0 for RSA of two primes (RFC 8017). */
function checkVersions(pkcs8: Buffer, place: string): void {
  const fields = new Fields(readDer(pkcs8, place), tags.sequence, 'a private key');
  const outer = smallInteger(fields.next(tags.integer, 'its version'), 'its version');
  const algorithm = new Fields(fields.any('its algorithm'), tags.sequence, 'its algorithm');
  const isEc = oidOf(algorithm.next(tags.oid, 'its algorithm'), 'its algorithm') === '1.2.840.10045.2.1';
  const octets = contentOf(fields.next(tags.octets, 'the key'));
  const inner = new Fields(readDer(octets, place), tags.sequence, 'a key of an EC or RSA pair');
  const version = smallInteger(inner.next(tags.integer, 'its version'), 'its version');
  if (outer !== 0 || version !== (isEc ? 1 : 0)) throw invalid(place, 'a private key of the known version', 'another');
}

function belong(key: KeyObject, publicHalf: KeyObject): boolean {
  try {
    const message = Buffer.from('birthmark');
    return verify('sha256', message, publicHalf, sign('sha256', message, key));
  } catch {
    // A key that cannot sign at all, such as X25519, is none of a device's.
    return false;
  }
}

function checked(der: Buffer, type: 'pkcs8' | 'sec1' | 'pkcs1', place: string): PrivateKey {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: der, format: 'der', type });
  } catch {
    // OpenSSL's words about a key are nobody's business.
    throw invalid(place, 'a private key that OpenSSL can read', 'something else, or another pass phrase');
  }
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
  try {
    checkVersions(pkcs8, place);
    const publicHalf = createPublicKey(key);
    // An EC key brings its public half along, and OpenSSL takes its word for it: only a signature tells whether they belong together.
    if (!belong(key, publicHalf)) throw invalid(place, 'a private key that fits its public half', 'one that does not');
    return { pkcs8, publicKey: readPublicKey(publicHalf.export({ format: 'der', type: 'spki' }), place) };
  } catch (thrown) {
    pkcs8.fill(0);
    throw thrown;
  }
}
