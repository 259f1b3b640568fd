import { createHash } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648 base32 in lower case without padding. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >>> bits) & 31];
      value &= (1 << bits) - 1;
    }
  }
  return bits === 0 ? text : text + alphabet[(value << (5 - bits)) & 31];
}

/**
 * Registration IDs that follow from an endorsement key, TPM2B_PUBLIC with its size prefix (dps-reference 9.3; F-94): the SDKs' rule,
 * base32 of its SHA-256 in 52 characters, and its SHA-256 in hex.
 */
export const registrationIds = {
  sdk: (endorsementKey: Uint8Array): string => base32(createHash('sha256').update(endorsementKey).digest()),
  'sha256-hex': (endorsementKey: Uint8Array): string => createHash('sha256').update(endorsementKey).digest('hex'),
} as const;
export type IdRule = keyof typeof registrationIds;
