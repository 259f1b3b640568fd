import { hash } from 'node:crypto';
import { Wrong } from './findings.ts';

// The Merkle tree of RFC 6962 and RFC 9162. Sizes go up to 2^53: no bit operators, which cut to 32 bits.

const half = (n: number) => Math.floor(n / 2);
const isOdd = (n: number) => n % 2 === 1;

/** SHA-256 in base64, as hashes stand in notes, proofs and entries. */
export type Hash = string;

/** SHA-256 of bytes that begin with 00: the leaf hash of what follows. */
export const leafOf = (prefixed: Uint8Array): Hash => hash('sha256', prefixed, 'base64');

const pair = Buffer.alloc(65, 1);

/** SHA-256(01 ‖ left ‖ right). */
export function nodeOf(left: Hash, right: Hash): Hash {
  pair.write(left, 1, 'base64');
  pair.write(right, 33, 'base64');
  return hash('sha256', pair, 'base64');
}

/** The tree over leaves that come one at a time: it keeps the roots of the full subtrees, at most 53 (RFC 9162, section 2.1.2). */
export class Tree {
  readonly #full: Hash[] = [];
  readonly #onNode: ((level: number, node: Hash) => void) | undefined;
  size = 0;

  /** `onNode` is told every node over 2^level leaves once it is final. */
  constructor(onNode?: (level: number, node: Hash) => void) {
    this.#onNode = onNode;
  }

  append(leaf: Hash): void {
    let node = leaf;
    let level = 0;
    this.#onNode?.(level, node);
    for (let n = this.size; isOdd(n); n = half(n)) {
      node = nodeOf(this.#full.pop() ?? node, node);
      this.#onNode?.(++level, node);
    }
    this.#full.push(node);
    this.size++;
  }

  root(): Hash {
    return this.#full.length === 0
      ? hash('sha256', '', 'base64')
      : this.#full.reduceRight((right, left) => nodeOf(left, right));
  }
}

/** That `leaf` is number `index` of the tree of this size and root (RFC 9162, section 2.1.3.2). Throws Wrong. */
export function proveInclusion(index: number, size: number, leaf: Hash, proof: readonly Hash[], root: Hash): void {
  if (index >= size) throw new Wrong(`it is number ${index} of ${size}`);
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const p of proof) {
    if (sn === 0) throw new Wrong('its inclusion proof is too long');
    if (isOdd(fn) || fn === sn) {
      r = nodeOf(p, r);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else r = nodeOf(r, p);
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0 || r !== root) throw new Wrong('its inclusion proof does not lead to the root of the newest head');
}

/** One size and root of a tree. */
export type Head = { readonly size: number; readonly root: Hash };

/** That the later tree holds the earlier one as its beginning (RFC 9162, section 2.1.4.2). Throws Wrong. */
export function proveConsistency(earlier: Head, later: Head, proof: readonly Hash[]): void {
  const failed = () => new Wrong('its consistency proof does not lead from the head before to it');
  if (earlier.size <= 0 || earlier.size >= later.size) throw failed();
  let [fn, sn] = [earlier.size - 1, later.size - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  // The first root itself begins the path when it is a full subtree.
  const [seed, ...path] = fn === 0 ? [earlier.root, ...proof] : proof;
  if (!seed || proof.length === 0) throw failed();
  let [fr, sr] = [seed, seed];
  for (const c of path) {
    if (sn === 0) throw failed();
    if (isOdd(fn) || fn === sn) {
      [fr, sr] = [nodeOf(c, fr), nodeOf(c, sr)];
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else sr = nodeOf(sr, c);
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0 || fr !== earlier.root || sr !== later.root) throw failed();
}
