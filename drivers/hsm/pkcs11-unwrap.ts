import { constants, createHmac, type KeyObject, publicEncrypt, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Handle, Template } from 'pkcs11js';
import { StationError } from '../../station-core/contract/errors.ts';
import { ckrOf, effectOf } from './ckr.ts';
import { CKA, CKG, CKK, CKM, CKO, CKR, CKZ_DATA_SPECIFIED } from './cryptoki.ts';
import type { In } from './pkcs11-objects.ts';

// Unwrapping with RSAES-OAEP (RFC 8017 section 7.1, PKCS#11 v2.40 section 2.1.8). The wrapping side chooses the hash and cannot
// know what the token takes (SoftHSM 2.6.1 takes SHA-1 alone), so both are tried: what was wrapped with one never opens with the
// other.

type Oaep = { readonly name: 'sha256' | 'sha1'; readonly hashAlg: number; readonly mgf: number };

const hashes: readonly Oaep[] = [
  { name: 'sha256', hashAlg: CKM.SHA256, mgf: CKG.MGF1_SHA256 },
  { name: 'sha1', hashAlg: CKM.SHA_1, mgf: CKG.MGF1_SHA1 },
];

/** CK_PARAMS_RSA_OAEP of pkcs11js: which C structure the parameter becomes. */
const oaepParameter = 4;

/** Unwraps into a new secret, or answers none when what is wrapped does not open with this key. */
export function unwrapSecret(at: In, handle: Handle, wrapped: Buffer, template: Template): Handle | undefined {
  for (const hash of hashes) {
    const made = unwrapWith(at, handle, hash, wrapped, template);
    if (made !== undefined) return made;
  }
  return undefined;
}

/**
 * Whether the private key is the other half of the pinned public key: it unwraps a random secret that was wrapped with that one,
 * and the secret, which lives in the session only, then makes the right HMAC.
 */
export function provesUnwrapping(at: In, handle: Handle, publicKey: KeyObject): boolean {
  return hashes.some((hash) => provesWith(at, handle, hash, publicKey));
}

function provesWith(at: In, handle: Handle, hash: Oaep, publicKey: KeyObject): boolean {
  const secret = randomBytes(32);
  const challenge = randomBytes(32);
  const wrapped = publicEncrypt(
    { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash.name },
    secret,
  );
  const expected = createHmac('sha256', secret).update(challenge).digest();
  secret.fill(0);
  const made = unwrapWith(at, handle, hash, wrapped, trial);
  if (made === undefined) return false;
  try {
    at.module.C_SignInit(at.session, { mechanism: CKM.SHA256_HMAC }, made);
    return timingSafeEqual(at.module.C_Sign(at.session, challenge, Buffer.alloc(32)), expected);
  } finally {
    at.module.C_DestroyObject(at.session, made);
  }
}

function unwrapWith({ module, session }: In, handle: Handle, hash: Oaep, wrapped: Buffer, template: Template) {
  const { hashAlg, mgf } = hash;
  const parameter = { type: oaepParameter, hashAlg, mgf, source: CKZ_DATA_SPECIFIED, sourceData: Buffer.alloc(0) };
  try {
    return module.C_UnwrapKey(session, { mechanism: CKM.RSA_PKCS_OAEP, parameter }, handle, wrapped, template);
  } catch (thrown) {
    const code = ckrOf(thrown);
    if (code === CKR.KEY_SIZE_RANGE) throw new StationError('hsm.unsupported', { what: 'group keys of this length' });
    if (code === undefined || !maySpeakOfTheInput(code)) throw thrown;
    return undefined;
  }
}

/** SoftHSM answers CKR_ARGUMENTS_BAD to a hash that it lacks, and CKR_GENERAL_ERROR to bytes that do not open. */
function maySpeakOfTheInput(code: number): boolean {
  return (
    code === CKR.GENERAL_ERROR || code === CKR.FUNCTION_FAILED || ['refused', 'unsupported'].includes(effectOf(code))
  );
}

/** A secret for the proof: nothing of it is kept. */
const trial: Template = [
  { type: CKA.CLASS, value: CKO.SECRET_KEY },
  { type: CKA.KEY_TYPE, value: CKK.GENERIC_SECRET },
  { type: CKA.TOKEN, value: false },
  { type: CKA.PRIVATE, value: true },
  { type: CKA.SENSITIVE, value: true },
  { type: CKA.EXTRACTABLE, value: false },
  { type: CKA.SIGN, value: true },
];
