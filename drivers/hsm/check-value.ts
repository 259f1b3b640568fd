import { timingSafeEqual } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import type { SecretKeyRef } from './hsm.ts';

/** The message of the check value; its zero byte keeps it out of the grammar of registration IDs (docs/design.md, HSM interface). */
export const checkValueMessage: Buffer = Buffer.from('birthmark/kcv\0', 'latin1');

/** The check value out of the HMAC over that message. */
export function checkValueOf(mac: Buffer): string {
  return mac.toString('hex', 0, 8);
}

/** Throws `hsm.key-differs` unless the key found is the pinned one. */
export function requireCheckValue(key: SecretKeyRef, found: string): void {
  const expected = Buffer.from(key.checkValue, 'latin1');
  const actual = Buffer.from(found, 'latin1');
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) {
    throw new StationError('hsm.key-differs', { label: key.label });
  }
}
