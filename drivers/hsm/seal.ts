import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import { checkLabel } from './checks.ts';

/**
 * The sealing format: version(1) ‖ salt(32) ‖ nonce(12) ‖ ciphertext ‖ tag(16), AES-256-GCM (NIST SP 800-38D) under
 * HMAC-SHA256(sealing key, label ‖ 0x00 ‖ salt), with what the secret belongs to as associated data. Each secret has a key of
 * its own by its salt, so no nonce can ever repeat under one key.
 */
const version = 1;
const saltLength = 32;
const nonceLength = 12;
const tagLength = 16;
const headLength = 1 + saltLength + nonceLength;

/** Makes the HMAC-SHA256 with the sealing key; who calls it zeroes the answer. */
export type Mac = (message: Buffer) => Promise<Buffer>;

/** Seals `secret`, which stays the caller's to zero. */
export async function seal(mac: Mac, label: string, secret: Buffer, associated: Buffer): Promise<Buffer> {
  checkLabel(label);
  const head = Buffer.alloc(headLength);
  head[0] = version;
  randomFillSync(head, 1);
  const key = await mac(keyMessage(label, saltOf(head)));
  try {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(head), { authTagLength: tagLength });
    cipher.setAAD(associated);
    const first = cipher.update(secret);
    const last = cipher.final();
    return Buffer.concat([head, first, last, cipher.getAuthTag()]);
  } finally {
    key.fill(0);
  }
}

/** Opens what `seal` made. Throws `hsm.unsealable`, whatever is wrong with it: an attacker learns nothing from the reason. */
export async function unseal(mac: Mac, label: string, sealed: Buffer, associated: Buffer): Promise<Buffer> {
  checkLabel(label);
  if (sealed.length < headLength + tagLength || sealed[0] !== version) throw unsealable(label);
  const key = await mac(keyMessage(label, saltOf(sealed)));
  try {
    return open(key, label, sealed, associated);
  } finally {
    key.fill(0);
  }
}

function open(key: Buffer, label: string, sealed: Buffer, associated: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(sealed), { authTagLength: tagLength });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
  // GCM is a stream: update gives all bytes and final only checks them, so nothing leaves before the check.
  const secret = decipher.update(sealed.subarray(headLength, sealed.length - tagLength));
  try {
    decipher.final();
    return secret;
  } catch (cause) {
    secret.fill(0);
    throw unsealable(label, cause);
  }
}

function keyMessage(label: string, salt: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${label}\0`, 'latin1'), salt]);
}

const saltOf = (sealed: Buffer) => sealed.subarray(1, 1 + saltLength);
const nonceOf = (sealed: Buffer) => sealed.subarray(1 + saltLength, headLength);

function unsealable(label: string, cause?: unknown): StationError {
  return new StationError('hsm.unsealable', { what: label }, { cause });
}
