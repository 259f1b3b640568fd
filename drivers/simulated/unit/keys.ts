// The private keys of a unit: made here or sent to it, always PKCS#8 in DER.
import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { possessionDigest } from '../../protocols/possession.ts';

const makers = {
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  rsa2048: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
} as const;
/** The kinds of keys that a simulated unit makes; longer RSA keys would hold up its neighbours for seconds. */
export type MadeAlgorithm = keyof typeof makers;

export const isMadeAlgorithm = (algorithm: string): algorithm is MadeAlgorithm => Object.hasOwn(makers, algorithm);

/** A new private key. The caller zeroes it. */
export const makeKey = (algorithm: MadeAlgorithm): Buffer =>
  makers[algorithm]().privateKey.export({ format: 'der', type: 'pkcs8' });

/** A private key that this unit can prove, or `undefined` for what is none. */
export function readKey(pkcs8: Buffer): KeyObject | undefined {
  try {
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    return possessionDigest(key) === undefined ? undefined : key;
  } catch {
    // OpenSSL's words about a key are nobody's business; that it is none is the answer.
    return undefined;
  }
}

/** Which of the kinds that a unit makes this key is, if any. */
export function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): MadeAlgorithm | undefined {
  if (asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'p256';
  if (asymmetricKeyDetails?.namedCurve === 'secp384r1') return 'p384';
  return asymmetricKeyType === 'rsa' && asymmetricKeyDetails?.modulusLength === 2048 ? 'rsa2048' : undefined;
}

/** The first certificate of a chain in PEM, or `undefined` for what is none. */
export function leafOf(chain: Buffer): X509Certificate | undefined {
  if (!chain.includes('-----BEGIN CERTIFICATE-----')) return undefined;
  try {
    return new X509Certificate(chain);
  } catch {
    return undefined;
  }
}
