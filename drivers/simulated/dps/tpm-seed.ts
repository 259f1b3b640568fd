import {
  constants,
  createHash,
  createHmac,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import type { TpmPublic } from './tpm-public.ts';

/** Protected objects' labels (TPM 2.0 part 1, Protected Storage and Credential Protection). */
export type SeedLabel = 'IDENTITY' | 'DUPLICATE';

/** A secret that only the TPM with that key can learn: the seed, and what it is sent as (TPM2B_ENCRYPTED_SECRET's content). */
export type SharedSeed = { readonly seed: Buffer; readonly encrypted: Buffer };

const SEED_BYTES = 32;

/** Shares a fresh seed with a TPM: RSA-OAEP or one-pass ECDH (TPM 2.0 part 1, annexes B.10.3 and C.6.1). */
export function shareSeed(to: TpmPublic, label: SeedLabel): SharedSeed {
  if (to.type === 'ecc') return shareByEcdh(to.key, label);
  const seed = randomBytes(SEED_BYTES);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const oaepLabel = terminated(label);
  return { seed, encrypted: publicEncrypt({ key: to.key, padding, oaepHash: 'sha256', oaepLabel }, seed) };
}

function shareByEcdh(theirs: KeyObject, label: SeedLabel): SharedSeed {
  const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ours = pointOf(ephemeral.publicKey);
  const z = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: theirs });
  const seed = kdfe(z, label, ours.x, pointOf(theirs).x);
  z.fill(0);
  return { seed, encrypted: Buffer.concat([sized(ours.x), sized(ours.y)]) };
}

function pointOf(key: KeyObject): { x: Buffer; y: Buffer } {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return { x: Buffer.from(x, 'base64url'), y: Buffer.from(y, 'base64url') };
}

/** KDFa with SHA-256: counter mode of SP 800-108 (TPM 2.0 part 1, 11.4.10.2). At most 256 bits, so one block is enough. */
export function kdfa(key: Buffer, label: string, context: Buffer, bits: 128 | 256): Buffer {
  const block = createHmac('sha256', key).update(uint32(1)).update(terminated(label)).update(context);
  return block
    .update(uint32(bits))
    .digest()
    .subarray(0, bits / 8);
}

/** KDFe with SHA-256 for a seed of 256 bits: one block of SP 800-56A's hash (TPM 2.0 part 1, 11.4.10.3). */
function kdfe(z: Buffer, label: string, partyU: Buffer, partyV: Buffer): Buffer {
  const block = createHash('sha256').update(uint32(1)).update(z).update(terminated(label));
  return block.update(partyU).update(partyV).digest();
}

/** A TPM2B: a big-endian 16-bit size, then the content. */
export function sized(content: Buffer): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(content.length);
  return Buffer.concat([size, content]);
}

/** TPM labels include their terminating zero byte, in OAEP as well as in both KDFs. */
function terminated(label: string): Buffer {
  return Buffer.from(`${label}\0`, 'ascii');
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
