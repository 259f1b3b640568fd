import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Proofs } from '../../../../station-core/audit/export/proofs.ts';
import { leafHash, verifyConsistency, verifyInclusion } from '../../../../station-core/audit/merkle.ts';
import { StoredTree } from '../../../../station-core/audit/tree.ts';
import { SignedLog } from '../../../suites/signed-log.ts';

const entries = 66_000;
let folder: string;
let log: SignedLog;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
  log = new SignedLog(folder);
  await log.raw(Array.from({ length: entries }, (_, index) => String(index)));
});
afterAll(() => {
  log.db.close();
  rmSync(folder, { recursive: true, force: true });
});

const sizes = [1, 2, 3, 7, 8, 255, 256, 257, 600, 65_535, 65_536, 65_537, entries];

test('every proof of inclusion is the one of the tree, and holds', () => {
  const proofs = new Proofs(log.db, entries);
  const tree = new StoredTree(log.db);
  for (const size of sizes) {
    const root = tree.root(size);
    const places = [0, 1, 5, 254, 255, 256, 511, 512, 65_535, 65_536, size - 1].filter((index) => index < size);
    for (const index of places) {
      const proof = proofs.inclusion(index, size);
      expect(proof).toEqual(tree.inclusion(index, size));
      expect([index, size, verifyInclusion(index, size, leafHash(String(index)), proof, root)]).toEqual([
        index,
        size,
        true,
      ]);
    }
  }
});

test('every proof that a head holds the one before is the one of the tree, and holds', () => {
  const proofs = new Proofs(log.db, entries);
  const tree = new StoredTree(log.db);
  for (const [at, second] of sizes.entries()) {
    for (const first of sizes.slice(0, at + 1)) {
      const proof = proofs.consistency(first, second);
      expect([first, second, proof]).toEqual([first, second, tree.consistency(first, second)]);
      expect(verifyConsistency(first, second, proof, tree.root(first), tree.root(second))).toBe(true);
    }
  }
});

test('a proof over more entries than there are is refused', () => {
  const proofs = new Proofs(log.db, entries);
  expect(() => proofs.inclusion(0, entries + 1)).toThrow(RangeError);
  expect(() => proofs.inclusion(7, 7)).toThrow(RangeError);
  expect(() => proofs.consistency(8, 7)).toThrow(RangeError);
  expect(() => proofs.consistency(0, 7)).toThrow(RangeError);
});
