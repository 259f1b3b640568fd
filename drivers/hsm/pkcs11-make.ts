import type { Handle } from 'pkcs11js';
import { StationError } from '../../station-core/contract/errors.ts';
import { requireAttributes, type Use } from './attributes.ts';
import { ckrOf } from './ckr.ts';
import { CKA, CKM, CKO } from './cryptoki.ts';
import type { KeyName, PairAlgorithm, PublicKeyRef } from './hsm.ts';
import { findKeys, type In, labelTaken, readAttributes, readBytes } from './pkcs11-objects.ts';
import { makers, privateTemplate, publicKeyFrom, publicTemplate, secretTemplate } from './pkcs11-templates.ts';

// Making keys in the token, one module call after the other.

/** Throws `hsm.key-exists`. `again`: objects of this very name are ours, of an attempt whose answer was lost, and are destroyed. */
export function requireFree(at: In, name: KeyName, again: boolean): void {
  if (again) {
    const left = findKeys(at, name, [CKO.SECRET_KEY, CKO.PRIVATE_KEY, CKO.PUBLIC_KEY]);
    for (const handle of left) at.module.C_DestroyObject(at.session, handle);
  }
  if (labelTaken(at, name.label)) throw new StationError('hsm.key-exists', { label: name.label });
}

/** A secret out of bytes that the station has. */
export function createSecret({ module, session }: In, name: KeyName, value: Buffer): Handle {
  return module.C_CreateObject(session, [...secretTemplate(name), { type: CKA.VALUE, value }]);
}

/** A secret that the token makes. */
export function generateSecret({ module, session }: In, name: KeyName): Promise<Handle> {
  const template = [...secretTemplate(name), { type: CKA.VALUE_LEN, value: 32 }];
  return module.C_GenerateKeyAsync(session, { mechanism: CKM.GENERIC_SECRET_KEY_GEN }, template);
}

/** A pair that the token makes, with its public key as the token reports it. */
export async function makePair(at: In, name: KeyName, algorithm: PairAlgorithm, use: Use): Promise<PublicKeyRef> {
  const { publicKey: half, privateKey: handle } = await at.module.C_GenerateKeyPairAsync(
    at.session,
    { mechanism: makers[algorithm].generate },
    publicTemplate(name, algorithm, use),
    privateTemplate(name, use),
  );
  return keepOnlyIfGood(at, [half, handle], async () => {
    requireAttributes(readAttributes(at, handle, name), true, use);
    const publicKey = publicKeyFrom(algorithm, {
      point: readBytes(at, half, CKA.EC_POINT),
      modulus: readBytes(at, half, CKA.MODULUS),
      exponent: readBytes(at, half, CKA.PUBLIC_EXPONENT),
    });
    if (publicKey === undefined) throw new StationError('hsm.unsupported', { what: `${algorithm} public keys` });
    return { ...name, publicKey };
  });
}

/** A token that grants less than it was asked for keeps no key of it. */
export async function keepOnlyIfGood<T>(at: In, handles: readonly Handle[], check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (thrown) {
    for (const handle of handles) destroyIfItCan(at, handle);
    throw thrown;
  }
}

/** What made the key unwanted is what its maker is told, whether the token then takes it away or not. */
function destroyIfItCan(at: In, handle: Handle): void {
  try {
    at.module.C_DestroyObject(at.session, handle);
  } catch (thrown) {
    if (ckrOf(thrown) === undefined) throw thrown;
  }
}

/**
 * Tokens may refuse HMAC keys that are shorter than the hash (SoftHSM wants 32 bytes), DPS takes 16. HMAC fills a short key up
 * with zeros itself (RFC 2104 section 2), so a filled one makes the same HMACs.
 */
export function padded(key: Buffer): Buffer {
  return Buffer.concat([key], Math.max(32, key.length));
}
