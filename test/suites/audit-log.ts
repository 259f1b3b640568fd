import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

// A log of the audit trail in memory, written from docs/audit.md and the RFCs alone: what the verifier is tried with has
// to come from somebody else than the station.

export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };

const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 8785 for what the tests write: names sorted by UTF-16 code units. */
export function jcs(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(jcs).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${jcs(value[name] as Value)}`).join(',')}}`;
}

/** RFC 9162, section 2.1: the tree as it is defined, by splitting. */
export class DefinedTree {
  readonly leaves: Buffer[];
  readonly #roots = new Map<string, Buffer>();

  constructor(entries: readonly Buffer[]) {
    this.leaves = entries.map((entry) => sha256(Buffer.of(0), entry));
  }

  add(entry: Buffer): void {
    this.leaves.push(sha256(Buffer.of(0), entry));
  }

  root(to: number, from = 0): Buffer {
    if (to === from) return sha256();
    if (to - from === 1) return this.leaves[from] as Buffer;
    const name = `${from}-${to}`;
    let root = this.#roots.get(name);
    if (!root) {
      const middle = from + split(to - from);
      root = sha256(Buffer.of(1), this.root(middle, from), this.root(to, middle));
      this.#roots.set(name, root);
    }
    return root;
  }

  /** PATH of section 2.1.3.1. */
  inclusion(index: number, to: number, from = 0): Buffer[] {
    if (to - from === 1) return [];
    const middle = from + split(to - from);
    if (index < middle) return [...this.inclusion(index, middle, from), this.root(to, middle)];
    return [...this.inclusion(index, to, middle), this.root(middle, from)];
  }

  /** SUBPROOF of section 2.1.4.1. */
  consistency(first: number, to: number, from = 0, whole = true): Buffer[] {
    if (first === to) return whole ? [] : [this.root(to, from)];
    const middle = from + split(to - from);
    if (first <= middle) return [...this.consistency(first, middle, from, whole), this.root(to, middle)];
    return [...this.consistency(first, to, middle, false), this.root(middle, from)];
  }
}

/** The largest power of two below n. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

export type Half = { readonly spki: Buffer; readonly secret: KeyObject };
export type Pair = { readonly p256: Half; readonly ed25519: Half | undefined };

function half(pair: { publicKey: KeyObject; privateKey: KeyObject }): Half {
  return { spki: pair.publicKey.export({ format: 'der', type: 'spki' }), secret: pair.privateKey };
}

export const newPair = (withEd25519 = true): Pair => ({
  p256: half(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  ed25519: withEd25519 ? half(generateKeyPairSync('ed25519')) : undefined,
});

/** Verifier keys as `birthmark audit key` prints them (C2SP signed-note). */
export function verifierKeys(origin: string, { p256, ed25519 }: Pair): string {
  const line = (id: Buffer, type: number, key: Buffer) =>
    `${origin}+${id.toString('hex')}+${Buffer.concat([Buffer.of(type), key]).toString('base64')}\n`;
  const first = line(p256Id(p256), 2, p256.spki);
  return ed25519 ? first + line(edId(origin, ed25519), 1, ed25519.spki.subarray(-32)) : first;
}

const p256Id = ({ spki }: Half) => sha256(spki).subarray(0, 4);
const edId = (name: string, { spki }: Half) =>
  sha256(Buffer.from(`${name}\n`), Buffer.of(1), spki.subarray(-32)).subarray(0, 4);

/** A checkpoint signed by both halves. */
export function signNote(origin: string, size: number, root: Buffer, { p256, ed25519 }: Pair): string {
  const text = `${origin}\n${size}\n${root.toString('base64')}\n`;
  const line = (id: Buffer, signature: Buffer) =>
    `\u2014 ${origin} ${Buffer.concat([id, signature]).toString('base64')}\n`;
  const first = line(p256Id(p256), sign('sha256', Buffer.from(text), p256.secret));
  const second = ed25519 ? line(edId(origin, ed25519), sign(null, Buffer.from(text), ed25519.secret)) : '';
  return `${text}\n${first}${second}`;
}

export type MadeHead = { n: number; size: number; root: Buffer; origin: string; note: string; why: string };
export type Disclosed = { commitment: string; label: string; salt: string; value: string };

/** A log that is written entry by entry, with its heads and its keys. */
export class MadeLog {
  readonly station: string;
  readonly entries: Buffer[] = [];
  readonly tree = new DefinedTree([]);
  readonly heads: MadeHead[] = [];
  readonly disclosed: Disclosed[] = [];
  readonly software = '0.1.0';
  origin: string;
  #keys = 0;
  #inForce: Pair | undefined;
  #next: Pair | undefined;

  constructor(station = 'line-3', origin = `birthmark.example/${station}/5f3a`) {
    this.station = station;
    this.origin = origin;
  }

  /** Appends an entry; answers its number. */
  add(action: string, more: { [name: string]: Value } = {}): number {
    const seq = this.entries.length;
    const common = {
      v: 1,
      seq,
      prev: (this.tree.leaves[seq - 1] ?? Buffer.alloc(32)).toString('base64'),
      at: new Date(Date.UTC(2026, 10, 20, 6) + seq * 1_000).toISOString(),
      mono: seq * 1_000,
      boot: 'b-1',
      clock: 'synchronised',
      config: '0'.repeat(64),
      station: this.station,
      origin: this.origin,
      software: this.software,
      result: 'ok',
    };
    this.put(jcs({ ...common, action, ...more }));
    return seq;
  }

  /** Appends whatever bytes. */
  put(text: string): void {
    this.entries.push(Buffer.from(text));
    this.tree.add(Buffer.from(text));
  }

  /** A commitment, and what is behind it. */
  commit(label: string, value: string): string {
    const salt = randomBytes(32);
    const commitment = `hmac-sha256:${createHmac('sha256', salt)
      .update(jcs({ [label]: value }))
      .digest('base64')}`;
    this.disclosed.push({ commitment, label, salt: salt.toString('base64'), value });
    return commitment;
  }

  makeKey(pair: Pair): void {
    this.#inForce = pair;
    this.add('audit.key-made', { details: { ...this.#named(pair), origin: this.origin } });
  }

  /** The key before signs the head that covers the new one; a thief's would sign `at once`. */
  rotate(pair: Pair, from: 'next head' | 'at once' = 'next head'): void {
    this.#next = pair;
    if (from === 'at once') this.#inForce = pair;
    this.add('audit.key-rotated', { details: this.#named(pair) });
    this.head('rotation');
  }

  begin(origin: string, pair: Pair, why: string, quotes: Value | undefined = this.lastHead()): void {
    this.origin = origin;
    this.#inForce = pair;
    const details = { ...this.#named(pair), origin, why, ...(quotes ? { quotes } : {}) };
    this.add('audit.origin-begun', { details });
    this.head('reconciled');
  }

  lastHead(): Value | undefined {
    const last = this.heads.at(-1);
    return last && { origin: last.origin, size: last.size, root: last.root.toString('base64') };
  }

  #named({ p256, ed25519 }: Pair): { [name: string]: Value } {
    const halves = { p256: p256.spki.toString('base64'), ...(ed25519 && { ed25519: ed25519.spki.toString('base64') }) };
    return { n: ++this.#keys, ...halves };
  }

  /** Signs a head over every entry that is there. */
  head(why: string): MadeHead {
    const size = this.entries.length;
    const last = this.heads.at(-1);
    if (last?.size === size) return last;
    if (!this.#inForce) throw new TypeError('the log has no key');
    const root = this.tree.root(size);
    const note = signNote(this.origin, size, root, this.#inForce);
    const head = { n: this.heads.length + 1, size, root, origin: this.origin, note, why };
    this.heads.push(head);
    this.#inForce = this.#next ?? this.#inForce;
    this.#next = undefined;
    return head;
  }
}
