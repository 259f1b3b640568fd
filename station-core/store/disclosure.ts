import { createHmac, randomBytes } from 'node:crypto';
import { canonical } from '../contract/canonical.ts';
import { StationError } from '../contract/errors.ts';
import { personalFields } from '../contract/record.ts';
import type { Db } from './open.ts';

/** A clear value's row: others keep the id (journal, outbox, unit) or the commitment (audit), never the value. */
export type Disclosure = { readonly id: number; readonly commitment: string };

/**
 * The commitment to a value: HMAC-SHA256 under the value's own 32-byte salt over the canonical `{label: value}`.
 * Once value and salt are erased it tells nothing, and no byte of the log changes.
 */
export function commitmentTo(label: string, value: string, salt: Buffer): string {
  return `hmac-sha256:${createHmac('sha256', salt)
    .update(canonical({ [label]: value }))
    .digest('base64')}`;
}

/** What stands where a value was erased. */
export const erasedMark = '(erased)';

/** Labels of what makes a unit the one that it is: once erased, they are no other unit's. */
export const identityLabels: ReadonlySet<string> = new Set(['serial', 'registrationId', 'mac', 'endorsementKey']);

/** What an erased identity is recognised by. */
export type Fingerprint = (label: string, value: string) => Buffer;

type OpenedRow = Disclosure & { readonly label: string; readonly value: string | null; readonly salt: Buffer | null };

/** Rows whose value is not the one that its commitment speaks of; an erased one has lost value and salt together. */
export function* wrongDisclosures(db: Db): Generator<number> {
  const page = db.prepare<[number], OpenedRow>(
    'SELECT id, label, value, salt, commitment FROM disclosure WHERE id > ? ORDER BY id LIMIT 1000',
  );
  for (let rows = page.all(0); rows.length > 0; rows = page.all(rows.at(-1)?.id ?? 0)) {
    for (const { id, label, value, salt, commitment } of rows) {
      const erased = value === null && salt === null;
      const holds = value !== null && salt !== null && commitmentTo(label, value, salt) === commitment;
      if (!erased && !holds) yield id;
    }
  }
}

/** Values that name units and people. `put` belongs inside a commit. */
export class Disclosures {
  readonly #find;
  readonly #insert;
  readonly #value;
  readonly #byFingerprint;
  readonly #anyErased;
  readonly #behind;
  #fingerprint: Fingerprint | undefined;

  constructor(db: Db) {
    this.#find = db.prepare<[string, string], Disclosure>(
      'SELECT id, commitment FROM disclosure WHERE label = ? AND value = ?',
    );
    this.#insert = db.prepare('INSERT INTO disclosure (label, value, salt, commitment) VALUES (?, ?, ?, ?)');
    this.#value = db.prepare<[number], { value: string | null }>('SELECT value FROM disclosure WHERE id = ?');
    this.#byFingerprint = db.prepare<[string, Buffer], Disclosure>(
      'SELECT id, commitment FROM disclosure WHERE label = ? AND fingerprint = ?',
    );
    this.#anyErased = db.prepare('SELECT 1 FROM disclosure WHERE fingerprint IS NOT NULL LIMIT 1').pluck();
    this.#behind = db.prepare<[string, string], { label: string; value: string }>(
      `SELECT label, value FROM disclosure WHERE substr(commitment, 13, 16) = ? AND commitment = ? AND value IS NOT NULL`,
    );
  }

  /** From now on erased identities are recognised; the HSM made the key behind it. */
  recogniseBy(fingerprint: Fingerprint): void {
    this.#fingerprint = fingerprint;
  }

  find(label: string, value: string): Disclosure | undefined {
    return this.#find.get(label, value);
  }

  /**
   * The row of this value, made when it is new. Throws `identity.erased` for an identity that was erased, and `hsm.locked` where
   * that cannot be told.
   */
  put(label: string, value: string): Disclosure {
    const known = this.find(label, value);
    if (known) return known;
    if (identityLabels.has(label) && this.#anyErased.get() !== undefined) {
      if (!this.#fingerprint) throw new StationError('hsm.locked');
      if (this.erased(label, value)) throw new StationError('identity.erased', { what: label });
    }
    return this.#add(label, value);
  }

  /** The row that this value had before it was erased; none when it was not, or while the HSM is locked. */
  erased(label: string, value: string): Disclosure | undefined {
    if (!this.#fingerprint || !identityLabels.has(label) || this.#anyErased.get() === undefined) return undefined;
    return this.#byFingerprint.get(label, this.#fingerprint(label, value));
  }

  #add(label: string, value: string): Disclosure {
    const salt = randomBytes(32);
    const commitment = commitmentTo(label, value, salt);
    const id = Number(this.#insert.run(label, value, salt, commitment).lastInsertRowid);
    return { id, commitment };
  }

  /** What a commitment stands for; nothing where it was erased or is none of this station's. */
  behind(commitment: string): { readonly label: string; readonly value: string } | undefined {
    return this.#behind.get(commitment.slice(12, 28), commitment);
  }

  /** The clear value, or a mark that it was erased. */
  value(id: number): string {
    return this.#value.get(id)?.value ?? erasedMark;
  }

  /**
   * A copy of a JSON value with every personal field replaced by a reference to its row, at any depth. An erased identity that
   * turns up again stays erased: the reference is to the row that it had.
   */
  veil(value: unknown): unknown {
    return walk(value, (label, text) => (typeof text === 'string' ? { ref: this.#rowOf(label, text).id } : undefined));
  }

  #rowOf(label: string, value: string): Disclosure {
    return this.find(label, value) ?? this.erased(label, value) ?? this.#add(label, value);
  }

  /** Inside a commit: a copy of a JSON value with every personal field replaced by its commitment, as audit entries have them. */
  committed(value: unknown): unknown {
    return walk(value, (label, text) => (typeof text === 'string' ? this.#rowOf(label, text).commitment : undefined));
  }

  /** The inverse of `veil`, with the clear values that are still there. */
  unveil(value: unknown): unknown {
    return walk(value, (_, ref) => (isReference(ref) ? this.value(ref.ref) : undefined));
  }
}

function isReference(value: unknown): value is { ref: number } {
  return typeof value === 'object' && value !== null && typeof (value as { ref?: unknown }).ref === 'number';
}

/** Copies a JSON value; `change` may put something else in the place of a personal field. */
function walk(value: unknown, change: (label: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(item, change));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([field, item]) => {
    const label = Object.hasOwn(personalFields, field) ? personalFields[field] : undefined;
    const changed = label === undefined ? undefined : change(label, item);
    return [field, changed ?? walk(item, change)];
  });
  return Object.fromEntries(members);
}
