import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { seeded, whole } from '../../../../drivers/simulated/unit/random.ts';
import { codeOf, readCode } from '../../../../station-core/anchors/code.ts';
import { long, testSeed } from '../../../suites/seed.ts';

const label = 'birthmark-audit-00c0ffee';
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const invalid = expect.objectContaining({ code: 'input.invalid' }) as Error;

test('a code tells the size and 80 bits of the root, also as a hurried hand writes it', () => {
  const root = Buffer.from('00443214c74254b635cf84653a56d7c675be77df0011223344556677ffeeddcc', 'hex');
  const code = codeOf(label, { size: 1234, root });
  expect(code).toMatch(/^1234-0123-4567-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}$/);
  const seen = { size: 1234, root: root.subarray(0, 10) };
  expect(readCode(label, code)).toEqual(seen);
  const hurried = code.toLowerCase().replace('-0123', '-O l23').replaceAll('-', ' ');
  expect(readCode(label, ` ${hurried}\n`)).toEqual(seen);
});

test('every wrong character and every pair of swapped neighbours is found, in the size as in the root', () => {
  const code = codeOf(label, { size: 90_817, root: randomBytes(32) });
  const accepted: string[] = [];
  const attempt = (typed: string) => {
    if (typed === code) return;
    try {
      readCode(label, typed);
      accepted.push(typed);
    } catch (thrown) {
      expect(thrown).toEqual(invalid);
    }
  };
  for (const [at, one] of [...code].entries()) {
    if (one === '-') continue;
    const others = at < 5 ? '0123456789' : alphabet;
    for (const other of others) attempt(code.slice(0, at) + other + code.slice(at + 1));
    const next = code[at + 1];
    if (next !== undefined && next !== '-') attempt(code.slice(0, at) + next + one + code.slice(at + 2));
  }
  expect(accepted).toEqual([]);
});

test('a code out of the book of another station is none of this one', () => {
  const found = Array.from({ length: 200 }, (_, n) =>
    codeOf(`birthmark-audit-${n}`, { size: n + 1, root: randomBytes(32) }),
  );
  const accepted = found.filter((code) => {
    try {
      return readCode(label, code) !== undefined;
    } catch {
      return false;
    }
  });
  // One in 1,021 by chance.
  expect(accepted.length).toBeLessThan(5);
});

test(`${long ? 100_000 : 1_000} typed texts are a code that its root makes again, or refused with the place`, () => {
  const random = seeded(testSeed('shift-book'));
  const letters = `${alphabet}${alphabet.toLowerCase()}-- \tOILUoilu+/=é\n0123456789`;
  for (let n = 0; n < (long ? 100_000 : 1_000); n++) {
    const good = codeOf(label, { size: whole(random, 1e9) + 1, root: randomBytes(32) });
    const at = whole(random, good.length);
    const strange = Array.from({ length: whole(random, 12) }, () => letters[whole(random, letters.length)]).join('');
    const typed = whole(random, 4) === 0 ? strange : good.slice(0, at) + strange + good.slice(at + whole(random, 6));
    try {
      const seen = readCode(label, typed);
      expect(codeOf(label, seen).replace(/-/g, '')).toBe(
        typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1'),
      );
    } catch (thrown) {
      expect(thrown).toEqual(invalid);
    }
  }
});
