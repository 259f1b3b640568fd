import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  CompactRange,
  emptyRoot,
  leafHash,
  verifyConsistency,
  verifyInclusion,
} from '../../../../station-core/audit/merkle.ts';
import { StoredTree } from '../../../../station-core/audit/tree.ts';
import { openStore } from '../../../../station-core/store/open.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

/** A stored tree over these entries, as the log would write it. */
function stored(entries: readonly Buffer[]): StoredTree {
  const db = openStore(temporaryFolder(), 'owner');
  const tree = new StoredTree(db);
  const insert = db.prepare('INSERT INTO audit_entry (seq, bytes, leaf) VALUES (?, ?, ?)');
  db.transaction(() => {
    for (const [seq, entry] of entries.entries()) {
      insert.run(seq, '', leafHash(entry));
      tree.append(seq);
    }
  })();
  return tree;
}

const decimal = (n: number) => Array.from({ length: n }, (_, i) => Buffer.from(String(i)));
const rootOf = (entries: readonly Buffer[]) => {
  const range = new CompactRange();
  for (const entry of entries) range.append(leafHash(entry));
  return range.root();
};

// transparency-dev/merkle testonly/constants.go: the leaf inputs of the Certificate Transparency test vectors.
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (hex) => Buffer.from(hex, 'hex'),
);
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

test('the roots are those of the Certificate Transparency vectors, in memory and stored', () => {
  const tree = stored(inputs);
  expect(emptyRoot.toString('hex')).toBe(roots[0]);
  for (const [n, root] of roots.entries()) {
    expect(rootOf(inputs.slice(0, n)).toString('hex')).toBe(root);
    expect(tree.root(n).toString('hex')).toBe(root);
  }
});

// Entries "0", "1", …: computed by Go (transparency-dev/merkle, x/mod), Python and Node alike.
const large: readonly [number, string][] = [
  [255, '32f85bcaa87d7bcd05728f09e9aeba350ba6a2f733830087f0597682848be5cb'],
  [256, '828515d033c19d8c901f37eccb8aed919667703486f8d2fff1cf7040321c5db1'],
  [257, '1eda049a4351d86f76252bd7ec0b7746ad75b7fa0316ad5f541dbda458a312c4'],
  [600, '3e7332551f050738a741dfe1c55508fd9525510fbcab30ca679f35fbe9f6cc26'],
  [1_000, '638afa98022925bacfddadb15ef22fd0199c1ac99c2973b6158243d13fce05c2'],
  [65_535, '74f13a0e1a75689372efb990cf68c664e44c763d9304844955b2eaff624e8df1'],
  [65_536, 'f025d06ed804859fd274a1bdacadd6e48ea87634aa91e1edb20143f9498cd02b'],
  [65_537, 'dc8795a25fd4bd52a0b84f639fd3139ba160824023d188e428eb5db0f3ce221a'],
  [70_000, '1a4cdfcb66374a0c0dcbef49acbd4976d13ee864fb3cb241fc943cad04f02f7e'],
];

test('the stored tree has the published roots at the edges of tiles, and its proofs hold there', () => {
  const entries = decimal(70_000);
  const tree = stored(entries);
  for (const [n, root] of large) {
    expect(tree.root(n).toString('hex')).toBe(root);
    for (const index of [0, 1, 254, 255, n - 1].filter((one) => one < n)) {
      const leaf = leafHash(entries[index] as Buffer);
      expect(verifyInclusion(index, n, leaf, tree.inclusion(index, n), tree.root(n))).toBe(true);
    }
    for (const first of [1, 255, 256, n - 1, n]) {
      if (first > n) continue;
      expect(verifyConsistency(first, n, tree.consistency(first, n), tree.root(first), tree.root(n))).toBe(true);
    }
  }
});

/** One digest over all lines: an empty proof adds nothing behind the numbers. */
const digest = (lines: readonly string[]) => createHash('sha256').update(lines.join('')).digest('hex');
const line = (numbers: readonly number[], proof: readonly Buffer[]) =>
  `${[...numbers, ...proof.map((hash) => hash.toString('hex'))].join(' ')}\n`;

test('all roots and proofs up to 130 entries are those that Go computes', () => {
  const tree = stored(Array.from({ length: 130 }, (_, i) => Buffer.from([i])));
  const sizes = Array.from({ length: 131 }, (_, n) => n);
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
  expect(digest(sizes.map((n) => line([n], [tree.root(n)])))).toBe(
    '9c67f07f906103b6bf201842a50ff0b8c91fca9b3e211334a6b7aa3133165dec',
  );
  expect(digest(sizes.flatMap((n) => upTo(n).map((i) => line([i, n], tree.inclusion(i, n)))))).toBe(
    '893ce6eea61adc33c22c0e3a952498b76dfa3c282e78ac659f6fcc0ea44f9983',
  );
  expect(digest(sizes.flatMap((n) => upTo(n).map((i) => line([i + 1, n], tree.consistency(i + 1, n)))))).toBe(
    '2498232e1aebe8d1aa8d339d897fc471f4495fe0b8a55ac08f7dae3d88bc4c2a',
  );
});

test('a proof holds for nothing but what it proves', () => {
  const entries = Array.from({ length: 40 }, (_, i) => Buffer.from([i]));
  const tree = stored(entries);
  for (let n = 1; n <= 40; n++) {
    const root = tree.root(n);
    for (let index = 0; index < n; index++) {
      const leaf = leafHash(entries[index] as Buffer);
      const proof = tree.inclusion(index, n);
      expect(verifyInclusion(index, n, leaf, proof, root)).toBe(true);
      expect(verifyInclusion(index, n, leafHash('other'), proof, root)).toBe(false);
      expect(verifyInclusion(index, n, leaf, [...proof, root], root)).toBe(false);
      if (proof.length > 0) expect(verifyInclusion(index, n, leaf, proof.slice(1), root)).toBe(false);
    }
    for (let first = 1; first <= n; first++) {
      const proof = tree.consistency(first, n);
      expect(verifyConsistency(first, n, proof, tree.root(first), root)).toBe(true);
      expect(verifyConsistency(first, n, proof, leafHash('other'), root)).toBe(false);
      expect(verifyConsistency(first, n, [...proof, root], tree.root(first), root)).toBe(false);
      if (proof.length > 0) expect(verifyConsistency(first, n, proof.slice(1), tree.root(first), root)).toBe(false);
    }
  }
  expect(verifyInclusion(5, 5, leafHash(''), [], tree.root(5))).toBe(false);
  expect(verifyInclusion(-1, 5, leafHash(''), [], tree.root(5))).toBe(false);
  expect(verifyConsistency(0, 5, [], emptyRoot, tree.root(5))).toBe(false);
  expect(verifyConsistency(6, 5, [], emptyRoot, tree.root(5))).toBe(false);
});
