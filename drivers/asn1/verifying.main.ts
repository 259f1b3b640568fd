// The thread that checks signatures for verifying.ts. It knows no state; whatever it cannot read does not hold.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { Checks, Verdicts } from './verifying.ts';

parentPort?.on('message', ({ hashes, bytes, ends }: Checks) => {
  let at = 0;
  const parts = ends.map((end) => {
    const part = bytes.subarray(at, end);
    at = end;
    return part;
  });
  const verdicts: Verdicts = Uint8Array.from(hashes, (hash, index) =>
    holds(hash, parts.slice(index * 3, index * 3 + 3)) ? 1 : 0,
  );
  parentPort?.postMessage(verdicts);
});

function holds(hash: string, [spki, signed, signature]: readonly Uint8Array[]): boolean {
  if (!spki || !signed || !signature) return false;
  try {
    return verify(hash, signed, keyOf(spki), signature);
  } catch {
    return false;
  }
}

let last: { readonly spki: Buffer; readonly key: KeyObject } | undefined;

/** Many certificates of one issuer are checked in a row; OpenSSL takes 40 µs to read its key. */
function keyOf(spki: Uint8Array): KeyObject {
  if (last?.spki.equals(spki) !== true) {
    const bytes = Buffer.from(spki);
    last = { spki: bytes, key: createPublicKey({ key: bytes, type: 'spki', format: 'der' }) };
  }
  return last.key;
}
