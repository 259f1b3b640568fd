import { hash } from 'node:crypto';

// The Merkle tree of RFC 6962 section 2.1 and RFC 9162 section 2.1, without any storage. Sizes and places are whole numbers below
// 2^53: no shifts, which work on 32 bits.

const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);

/** SHA-256(00 ‖ bytes): the first byte tells leaves and nodes apart, so that neither can be taken for the other. */
export function leafHash(bytes: string | Buffer): Buffer {
  const entry = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
  return hash('sha256', Buffer.concat([leafPrefix, entry]), 'buffer');
}

/** SHA-256(01 ‖ left ‖ right). */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return hash('sha256', Buffer.concat([nodePrefix, left, right]), 'buffer');
}

/** The root of a tree without entries: SHA-256 of nothing. */
export const emptyRoot: Buffer = hash('sha256', Buffer.alloc(0), 'buffer');

/** The largest power of two that is smaller than n, for n > 1: where a tree of n leaves is split. */
export function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** The roots of the perfect trees that n leaves fall into, largest first: all that appending and the root need. */
export class CompactRange {
  readonly #roots: Buffer[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(leaf: Buffer): void {
    let root = leaf;
    for (let left = this.#size; left % 2 === 1; left = (left - 1) / 2) {
      root = nodeHash(this.#roots.pop() as Buffer, root);
    }
    this.#roots.push(root);
    this.#size++;
  }

  root(): Buffer {
    const [last, ...larger] = this.#roots.toReversed();
    return last ? larger.reduce((right, left) => nodeHash(left, right), last) : emptyRoot;
  }
}

const isLength = (proof: readonly Buffer[]) => proof.every((hash) => hash.length === 32);

/** Whether the proof shows that `leaf` is the entry `index` of the tree of `size` entries under `root` (RFC 9162 2.1.3.2). */
export function verifyInclusion(
  index: number,
  size: number,
  leaf: Buffer,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  if (!(index >= 0 && index < size) || !isLength(proof)) return false;
  let fn = index;
  let sn = size - 1;
  let r = leaf;
  for (const p of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(p, r);
      [fn, sn] = untilOdd(fn, sn);
    } else r = nodeHash(r, p);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && r.equals(root);
}

/** Whether the proof shows that the tree of `second` entries only added to the one of `first` entries (RFC 9162 2.1.4.2). */
export function verifyConsistency(
  first: number,
  second: number,
  proof: readonly Buffer[],
  firstRoot: Buffer,
  secondRoot: Buffer,
): boolean {
  if (first < 1 || first > second || !isLength(proof)) return false;
  if (first === second) return proof.length === 0 && firstRoot.equals(secondRoot);
  const isPower = first === 1 || splitOf(first) * 2 === first;
  const path = isPower ? [firstRoot, ...proof] : [...proof];
  const begin = path.shift();
  if (!begin || (isPower ? proof.length === 0 : false)) return false;
  let [fn, sn] = untilEven(first - 1, second - 1);
  let fr = begin;
  let sr = begin;
  for (const c of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(c, fr);
      sr = nodeHash(c, sr);
      [fn, sn] = untilOdd(fn, sn);
    } else sr = nodeHash(sr, c);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && fr.equals(firstRoot) && sr.equals(secondRoot);
}

const half = (n: number): number => Math.floor(n / 2);

function untilOdd(fn: number, sn: number): [number, number] {
  while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
  return [fn, sn];
}

function untilEven(fn: number, sn: number): [number, number] {
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  return [fn, sn];
}
