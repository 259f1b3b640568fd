// The thread that checks signatures for verifying.ts. It knows no state; whatever it cannot read does not hold.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { Checks, Verdicts } from './verifying.ts';

parentPort?.on('message', ({ hashes, bytes, ends }: Checks) => {
  const part = (index: number) => bytes.subarray(ends[index - 1] ?? 0, ends[index]);
  const verdicts: Verdicts = Uint8Array.from(hashes, (hash, index) =>
    holds(hash, part(index * 3), part(index * 3 + 1), part(index * 3 + 2)) ? 1 : 0,
  );
  parentPort?.postMessage(verdicts);
});

function holds(hash: string, spki: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
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
