// Consistent Overhead Byte Stuffing (Cheshire and Baker, IEEE/ACM Transactions on Networking 7(2), 1999): bytes without
// a single zero, so that a zero can end a frame and a reader can always find the next one.

/** Bytes that stuffing adds to `length` bytes in the worst case. */
export const cobsOverhead = (length: number): number => 1 + Math.floor(length / 254);

/** The stuffed bytes, without the closing zero. The caller owns, and zeroes, the answer. */
export function cobsEncode(bytes: Uint8Array): Buffer {
  const out = Buffer.alloc(bytes.length + cobsOverhead(bytes.length));
  let code = 0; // where the current group's length goes
  let end = 1;
  const open = (): void => {
    code = end;
    end += 1;
  };
  for (const [at, byte] of bytes.entries()) {
    if (byte !== 0) out[end++] = byte;
    const full = end - code === 255;
    if (byte !== 0 && !full) continue;
    out[code] = end - code;
    // A group of 254 bytes without a zero stands for no zero, so at the very end nothing follows it.
    if (byte === 0 || at < bytes.length - 1) open();
    else return out.subarray(0, end);
  }
  out[code] = end - code;
  return out.subarray(0, end);
}

/** What was stuffed, or `undefined` when these bytes are not COBS: a zero inside, or a group longer than the rest. */
export function cobsDecode(bytes: Uint8Array): Buffer | undefined {
  if (bytes.length === 0 || bytes.includes(0)) return undefined;
  const out = Buffer.alloc(bytes.length);
  let from = 0;
  let end = 0;
  while (from < bytes.length) {
    const code = bytes[from] ?? 0;
    const next = from + code;
    if (next > bytes.length) return undefined;
    out.set(bytes.subarray(from + 1, next), end);
    end += code - 1;
    if (code < 255 && next < bytes.length) out[end++] = 0;
    from = next;
  }
  return out.subarray(0, end);
}
