import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Wrong } from '../../../../station-core/verifier/findings.ts';
import { leafOf, proveConsistency, proveInclusion, Tree } from '../../../../station-core/verifier/tree.ts';
import { DefinedTree } from '../../../suites/audit-log.ts';

// Leaves and roots of transparency-dev/merkle, testonly/constants.go (commit 417fb0c), which RFC 6962's authors published.
const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const leaves = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  '0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7',
  '07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7',
  'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  '4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658',
  'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
  '46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1',
];
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
// Roots over entries "0", "1", "2", …, on which Go's x/mod, transparency-dev/merkle and two more agree.
const large: [number, string][] = [
  [255, '32f85bcaa87d7bcd05728f09e9aeba350ba6a2f733830087f0597682848be5cb'],
  [256, '828515d033c19d8c901f37eccb8aed919667703486f8d2fff1cf7040321c5db1'],
  [257, '1eda049a4351d86f76252bd7ec0b7746ad75b7fa0316ad5f541dbda458a312c4'],
  [65536, 'f025d06ed804859fd274a1bdacadd6e48ea87634aa91e1edb20143f9498cd02b'],
  [70000, '1a4cdfcb66374a0c0dcbef49acbd4976d13ee864fb3cb241fc943cad04f02f7e'],
];

const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex');
const base64 = (hash: Buffer) => hash.toString('base64');
const leafHash = (entry: Buffer) => leafOf(Buffer.concat([Buffer.of(0), entry]));
const other = base64(Buffer.alloc(32, 7));
const sha256 = (lines: string[]) => createHash('sha256').update(lines.join('')).digest('hex');

test('leaves and roots are those that RFC 6962 implementations agree on', () => {
  const tree = new Tree();
  expect(hex(tree.root())).toBe(roots[0]);
  for (const [at, entry] of entries.entries()) {
    const leaf = leafHash(Buffer.from(entry, 'hex'));
    tree.append(leaf);
    expect([hex(leaf), hex(tree.root())]).toEqual([leaves[at], roots[at + 1]]);
  }
});

test('roots of larger trees are right', () => {
  const tree = new Tree();
  for (const [size, root] of large) {
    while (tree.size < size) tree.append(leafHash(Buffer.from(String(tree.size))));
    expect(hex(tree.root())).toBe(root);
  }
});

// Every proof of every tree of up to 130 entries, entry i being the one byte i. The sums were made with Go's x/mod.
const bytes = Array.from({ length: 130 }, (_, i) => Buffer.of(i));
const defined = new DefinedTree(bytes);

const holds = (prove: () => void): boolean => {
  try {
    prove();
    return true;
  } catch (thrown) {
    if (thrown instanceof Wrong) return false;
    throw thrown;
  }
};

test('every inclusion proof up to 130 entries holds, and no other does', () => {
  const lines: string[] = [];
  const alarms: string[] = [];
  for (let size = 1; size <= 130; size++)
    for (let index = 0; index < size; index++) {
      const proof = defined.inclusion(index, size);
      lines.push(`${[`${index} ${size}`, ...proof.map((hash) => hash.toString('hex'))].join(' ')}\n`);
      const leaf = base64(defined.leaves[index] as Buffer);
      const root = base64(defined.root(size));
      const hashes = proof.map(base64);
      proveInclusion(index, size, leaf, hashes, root);
      const others = [
        () => proveInclusion(index, size, leaf, [...hashes, root], root),
        () => proveInclusion(size, size, leaf, hashes, root),
        () => proveInclusion(index, size, other, hashes, root),
        () => proveInclusion(index, size, leaf, hashes, other),
        () => proveInclusion(index, size + size, leaf, hashes, root),
      ];
      if (hashes.length > 0) others.push(() => proveInclusion(index, size, leaf, hashes.slice(1), root));
      if (others.some(holds)) alarms.push(`${index} of ${size}`);
    }
  expect(alarms).toEqual([]);
  expect(sha256(lines)).toBe('893ce6eea61adc33c22c0e3a952498b76dfa3c282e78ac659f6fcc0ea44f9983');
});

test('every consistency proof up to 130 entries holds, and no other does', () => {
  const lines: string[] = [];
  const alarms: string[] = [];
  for (let size = 1; size <= 130; size++)
    for (let first = 1; first <= size; first++) {
      const proof = defined.consistency(first, size);
      lines.push(`${[`${first} ${size}`, ...proof.map((hash) => hash.toString('hex'))].join(' ')}\n`);
      if (first === size) continue;
      const [earlier, later] = [first, size].map((n) => ({ size: n, root: base64(defined.root(n)) })) as [Head, Head];
      const hashes = proof.map(base64);
      proveConsistency(earlier, later, hashes);
      const others = [
        () => proveConsistency(earlier, later, [...hashes, later.root]),
        () => proveConsistency(earlier, later, hashes.slice(0, -1)),
        () => proveConsistency({ ...earlier, root: other }, later, hashes),
        () => proveConsistency(earlier, { ...later, root: other }, hashes),
        () => proveConsistency(later, earlier, hashes),
        () => proveConsistency(later, later, []),
        () => proveConsistency({ ...earlier, size: 0 }, later, hashes),
      ];
      if (others.some(holds)) alarms.push(`${first} of ${size}`);
    }
  expect(alarms).toEqual([]);
  expect(sha256(lines)).toBe('2498232e1aebe8d1aa8d339d897fc471f4495fe0b8a55ac08f7dae3d88bc4c2a');
});

type Head = { size: number; root: string };

test('sizes beyond 32 bits are numbers too', () => {
  const size = 2 ** 40;
  const leaf = leafHash(Buffer.from('x'));
  const proof = Array.from({ length: 40 }, () => leaf);
  expect(() => proveInclusion(2 ** 39 + 1, size, leaf, proof, leaf)).toThrow('lead to the root');
  expect(() => proveInclusion(2 ** 39 + 1, size, leaf, [...proof, leaf], leaf)).toThrow('too long');
});
