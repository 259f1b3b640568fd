import type Database from 'better-sqlite3';
import { Heads, type KeyRow } from './heads.ts';
import type { Finding } from './tree-check.ts';

/** Entries that name keys of the log (docs/audit.md, Keys). */
const keyActions: ReadonlySet<unknown> = new Set(['audit.key-made', 'audit.key-rotated', 'audit.origin-begun']);

/** `action` is the first member of canonical bytes: most entries need not be parsed to see that they name no key. */
const mayName = [Buffer.from('{"action":"audit.key-'), Buffer.from('{"action":"audit.origin-')];

/** Whether an entry names a key of the log. A partial export holds it whatever was asked for. */
export function namesKey(bytes: Buffer): boolean {
  if (!mayName.some((begin) => bytes.subarray(0, begin.length).equals(begin))) return false;
  return keyActions.has(membersOf(bytes)?.action);
}

/** The members of an entry; none where its bytes are no JSON object. */
export function membersOf(bytes: Buffer): { readonly [name: string]: unknown } | undefined {
  try {
    const parsed: unknown = JSON.parse(bytes.toString('utf8'));
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as { readonly [name: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}

/** Compares the rows of keys with the entries that name them. */
export class KeyCheck {
  readonly #rows: Map<number | null, KeyRow>;
  readonly #report: (finding: Finding) => void;

  constructor(db: Database.Database, report: (finding: Finding) => void) {
    this.#rows = new Map(new Heads(db).keys().map((row) => [row.since, row]));
    this.#report = report;
  }

  /** The next entry, whatever it says. */
  entry(seq: number, bytes: Buffer): void {
    if (!namesKey(bytes)) return;
    const row = this.#rows.get(seq);
    this.#rows.delete(seq);
    if (row && agrees(row, membersOf(bytes))) return;
    const what = row ? `key ${row.n} is not the one that its entry names` : 'it names a key that is not there';
    this.#report({ seq, what, where: `entry ${seq}` });
  }

  /** After the last of `size` entries: keys that no entry names. One of an older version is named at the next start. */
  end(size: number): void {
    for (const [since, { n }] of this.#rows) {
      if (since === null || since >= size) continue;
      this.#report({ seq: since, what: `key ${n} is named by no entry ${since}`, where: `key ${n}` });
    }
  }
}

/** What an entry says of its key, and what the row has: their public halves, and what the HSM knows them by. */
function agrees(row: KeyRow, members: { readonly [name: string]: unknown } | undefined): boolean {
  const { details, key, origin } = { details: {}, key: {}, origin: undefined, ...members } as {
    details: { readonly [name: string]: unknown };
    key: { readonly [name: string]: unknown };
    origin: unknown;
  };
  const { n, p256, id, ed25519 = null, edLabel = null, edId = null } = details;
  const said = { n, origin, label: key.label, id, publicKey: p256, edLabel, edId, edPublicKey: ed25519 };
  return Object.entries(said).every(([name, value]) => row[name as keyof KeyRow] === value);
}
