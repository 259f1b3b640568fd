import { hash } from 'node:crypto';
import { type Checkpoint, ecdsaKeyId, type LogKey, parseCheckpoint, verifyNote } from '../note.ts';
import { type Line, said } from './line.ts';

// What stands behind a document: the newest signed head, and the key that signed it, as the log names it.

const naming = new Set(['audit.key-made', 'audit.key-rotated', 'audit.origin-begun']);

/** The keys that entries name (docs/audit.md, Keys), in their order. */
export class LogKeys {
  readonly #keys: LogKey[] = [];

  take(line: Line): void {
    const p256 = said(line, 'p256');
    if (!naming.has(line.action) || p256 === undefined) return;
    const origin = said(line, 'origin') ?? this.#keys.at(-1)?.origin ?? line.origin;
    const ed = said(line, 'ed25519');
    const ed25519 = ed === undefined ? undefined : Buffer.from(ed, 'base64');
    this.#keys.push({ origin, p256: Buffer.from(p256, 'base64'), ed25519 });
  }

  /** The key that signed a checkpoint, or nothing: then no entry names it. */
  of({ signatures: [line] }: Checkpoint): LogKey | undefined {
    return this.#keys.findLast(({ p256 }) => line !== undefined && ecdsaKeyId(p256).equals(line.keyId));
  }
}

/** A signed head as a document shows it. */
export type ShownHead = {
  readonly note: string;
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  /** SHA-256 of the key's SubjectPublicKeyInfo in hex; nothing when no entry names the key. */
  readonly fingerprint: string | undefined;
  /** Whether the signatures hold under the key that the log names. */
  readonly holds: boolean;
};

/** A head as it is stored, damaged or not. */
export function shownHead({ note, size }: { readonly note: string; readonly size: number }, keys: LogKeys): ShownHead {
  try {
    const checkpoint = parseCheckpoint(note);
    const key = keys.of(checkpoint);
    return {
      note,
      size,
      origin: checkpoint.origin,
      root: checkpoint.root.toString('base64'),
      fingerprint: key && hash('sha256', key.p256, 'hex'),
      holds: key !== undefined && checkpoint.size === size && verifyNote(checkpoint, key),
    };
  } catch {
    // Whatever is wrong with the note or with the key that entries name, the head proves nothing, and the document says so.
    return { note, size, origin: 'unreadable', root: 'unreadable', fingerprint: undefined, holds: false };
  }
}
