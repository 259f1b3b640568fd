import { createPublicKey, type KeyObject } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import type { PairAlgorithm, PublicKeyRef } from './hsm.ts';

/** What a pinned public key says about its private half: the algorithm, and the key to check signatures with. */
export type Pinned = { readonly algorithm: PairAlgorithm; readonly publicKey: KeyObject };

/** A CA signs with one key all day: reading it costs more than asking for the signature. */
const known = new Map<string, Pinned>();
const mostKnown = 64;

/** Reads the pinned public key of a reference. Throws `hsm.key-differs` for what no key of ours can be. */
export function pinnedKey(key: PublicKeyRef): Pinned {
  const before = known.get(key.publicKey);
  if (before) return before;
  const pinned = readPinned(key);
  if (known.size >= mostKnown) known.clear();
  known.set(key.publicKey, pinned);
  return pinned;
}

function readPinned(key: PublicKeyRef): Pinned {
  const publicKey = readSpki(key);
  const algorithm = algorithmOf(publicKey);
  if (algorithm === undefined) throw new StationError('hsm.key-differs', { label: key.label });
  return { algorithm, publicKey };
}

/** Throws unless these bytes can have been wrapped with this RSA key: OAEP makes as many as the modulus has. */
export function checkWrapped({ publicKey }: Pinned, wrapped: Buffer): void {
  const bytes = (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  if (bytes > 0 && wrapped.length === bytes) return;
  const expected = bytes > 0 ? `${bytes} bytes of RSA-OAEP` : 'an RSA key that wrapped it';
  throw new StationError('input.invalid', { place: 'wrapped key', expected, found: `${wrapped.length} bytes` });
}

/** DER SubjectPublicKeyInfo (RFC 5280 section 4.1) in base64, the form in which keys are pinned. */
export function spkiOf(publicKey: KeyObject): string {
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}

function readSpki(key: PublicKeyRef): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), type: 'spki', format: 'der' });
  } catch (cause) {
    throw new StationError('hsm.key-differs', { label: key.label }, { cause });
  }
}

function algorithmOf(publicKey: KeyObject): PairAlgorithm | undefined {
  const { namedCurve, modulusLength } = publicKey.asymmetricKeyDetails ?? {};
  const name =
    publicKey.asymmetricKeyType === 'rsa' ? `rsa${modulusLength}` : (namedCurve ?? publicKey.asymmetricKeyType);
  return name === undefined ? undefined : byName[name];
}

const byName: Readonly<Record<string, PairAlgorithm>> = {
  prime256v1: 'p256',
  secp384r1: 'p384',
  ed25519: 'ed25519',
  rsa2048: 'rsa2048',
  rsa3072: 'rsa3072',
  rsa4096: 'rsa4096',
};
