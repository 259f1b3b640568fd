const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1');

/** Standard base64 with padding (RFC 4648, section 4), from bytes to bytes: a string of a secret could not be zeroed. */
export function base64(bytes: Buffer): Buffer {
  const out = Buffer.alloc(Math.ceil(bytes.length / 3) * 4, '=');
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const left = Math.min(3, bytes.length - from);
    const three = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    for (let digit = 0; digit <= left; digit++) out[to + digit] = alphabet[(three >> (18 - 6 * digit)) & 63] ?? 0;
  }
  return out;
}
