import type { LogKey } from '../audit/note.ts';
import { type Checkpoint, ecdsaKeyId, ed25519KeyId, parseCheckpoint, verifyNote } from '../audit/note.ts';
import { StationError } from '../contract/errors.ts';

/** The log as this station has it. */
export type Own = {
  readonly entries: number;
  /** Entries under its newest signed head; 0 without one. */
  readonly sealed: number;
  /** Throws RangeError when the database lacks entries. */
  readonly root: (size: number) => Buffer;
  readonly keys: readonly LogKey[];
  /** Origins that two people ended since an anchor knew more, and the size of the head that they left behind. */
  readonly left: ReadonlyMap<string, number>;
};

/** A head that was seen outside. A code of the shift book knows no origin, and only the first bytes of the root. */
export type Seen = { readonly size: number; readonly root: Buffer; readonly origin?: string };

/**
 * `same`: the log holds this head. `left`: two people left it behind. `older`: the head knows more than this log. `forked`: the log
 * signed other entries in its place.
 */
export type Verdict = 'same' | 'left' | 'older' | 'forked';

/**
 * The four cases of a comparison (C2SP tlog-witness has them as 409 and 422): a root that our own entries make again at that size is as
 * good as a consistency proof, since any proof is made of them.
 */
export function judge(own: Own, seen: Seen): Verdict {
  // A head is durable here before any anchor has it: one that only the anchor knows was taken away.
  if (seen.size <= own.sealed && holds(own, seen)) return 'same';
  const left = seen.origin === undefined ? Math.max(0, ...own.left.values()) : (own.left.get(seen.origin) ?? 0);
  if (seen.size <= left) return 'left';
  return seen.size > own.sealed ? 'older' : 'forked';
}

function holds({ entries, root }: Own, seen: Seen): boolean {
  if (seen.size > entries) return false;
  try {
    return root(seen.size).subarray(0, seen.root.length).equals(seen.root);
  } catch (thrown) {
    if (thrown instanceof RangeError) return false; // entries are missing: it is not the log that the head speaks of
    throw thrown;
  }
}

/** Whose signature a note bears: a key that this log knows, or one that it does not know (any more). */
export type Signer = 'known' | 'unknown';

/**
 * Reads a note from outside. A key that the log does not know is no reason to pass over it: a database from before the key was rotated
 * knows it not either. Throws `input.invalid` for what is no signed head, or was changed after a key of this log signed it.
 */
export function readHead(
  note: string,
  keys: readonly LogKey[],
): { readonly head: Checkpoint; readonly signer: Signer } {
  const head = parseCheckpoint(note);
  const key = keys.find((one) => one.origin === head.origin && head.signatures.some(({ keyId }) => hasId(one, keyId)));
  if (!key) return { head, signer: 'unknown' };
  if (verifyNote(head, key)) return { head, signer: 'known' };
  throw new StationError('input.invalid', {
    place: 'the checkpoint',
    expected: 'signatures that hold',
    found: 'others: it was changed after it was signed',
  });
}

const hasId = ({ origin, p256, ed25519 }: LogKey, id: Buffer): boolean =>
  id.equals(ecdsaKeyId(p256)) || (ed25519 !== undefined && id.equals(ed25519KeyId(origin, ed25519)));
