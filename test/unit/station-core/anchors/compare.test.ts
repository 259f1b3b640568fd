import { generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { seeded, whole } from '../../../../drivers/simulated/unit/random.ts';
import { judge, type Own, readHead } from '../../../../station-core/anchors/compare.ts';
import { CompactRange, leafHash } from '../../../../station-core/audit/merkle.ts';
import { checkpointText, type LogKey, noteOf } from '../../../../station-core/audit/note.ts';
import { long, testSeed } from '../../../suites/seed.ts';

/** A log of entries that are told apart by their branch from `forkAt` on. */
function logOf(entries: number, more: Partial<Own> = {}, branch = 'a', forkAt = Number.POSITIVE_INFINITY): Own {
  const root = (size: number) => {
    if (size > entries) throw new RangeError('entries are missing');
    const range = new CompactRange();
    for (let n = 0; n < size; n++) range.append(leafHash(n < forkAt ? `${n}` : `${branch} ${n}`));
    return range.root();
  };
  return { entries, sealed: entries, root, keys: [], left: new Map(), ...more };
}

const origin = 'birthmark/test/00000000';
const headOf = ({ root }: Own, size: number, of = origin) => ({ size, root: root(size), origin: of });

test('a comparison has four cases', () => {
  const ours = logOf(30, { sealed: 20 });
  const theirs = logOf(50, {}, 'b', 10);
  expect(judge(ours, headOf(ours, 20))).toBe('same');
  expect(judge(ours, headOf(ours, 7))).toBe('same');
  // Our entries, and a head that we know nothing of: somebody took it away here.
  expect(judge(ours, headOf(ours, 30))).toBe('older');
  expect(judge(ours, headOf(theirs, 50))).toBe('older');
  // The start of an older copy has written entries past the anchor: still nobody but the newer log has signed that size.
  expect(judge(ours, headOf(theirs, 25))).toBe('older');
  expect(judge(ours, headOf(theirs, 20))).toBe('forked');
  expect(judge(ours, headOf(theirs, 15))).toBe('forked');
  expect(judge(ours, headOf(theirs, 10))).toBe('same');
});

test('what two people left behind is no alarm, up to the head that they agreed on', () => {
  const theirs = logOf(50, {}, 'b', 10);
  const ours = logOf(30, { sealed: 20, left: new Map([[origin, 40]]) });
  expect(judge(ours, headOf(theirs, 40))).toBe('left');
  expect(judge(ours, headOf(theirs, 15))).toBe('left');
  expect(judge(ours, headOf(theirs, 41))).toBe('older');
  expect(judge(ours, headOf(theirs, 40, 'birthmark/test/11111111'))).toBe('older');
  // A code in the shift book tells no origin.
  expect(judge(ours, { size: 40, root: theirs.root(40).subarray(0, 10) })).toBe('left');
  expect(judge(ours, { size: 20, root: ours.root(20).subarray(0, 10) })).toBe('same');
});

test('a log whose entries are missing holds no head', () => {
  const root = () => {
    throw new RangeError('level 1: 0 of 1');
  };
  expect(judge({ ...logOf(30), root }, headOf(logOf(30), 20))).toBe('forked');
});

function signedBy(key: KeyObject, of: LogKey, size: number, root: Buffer): string {
  const text = checkpointText(of.origin, size, root);
  return noteOf(of, text, sign('sha256', Buffer.from(text), key), undefined);
}

function makeKey(of = origin): { readonly key: KeyObject; readonly log: LogKey } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { key: privateKey, log: { origin: of, p256: publicKey.export({ type: 'spki', format: 'der' }) } };
}

test('a note of a key that is not known (any more) is read, and one of a known key that was changed is refused', () => {
  const ours = makeKey();
  const note = signedBy(ours.key, ours.log, 20, logOf(30).root(20));
  expect(readHead(note, [ours.log])).toMatchObject({ signer: 'known', head: { origin, size: 20 } });
  expect(readHead(note, [makeKey().log])).toMatchObject({ signer: 'unknown' });
  const invalid = expect.objectContaining({ code: 'input.invalid' }) as Error;
  expect(() => readHead(note.replace('\n20\n', '\n21\n'), [ours.log])).toThrow(invalid);
});

test(`${long ? 100_000 : 1_000} mutated notes are refused, or say what was signed`, () => {
  const random = seeded(testSeed('anchor-notes'));
  const ours = makeKey();
  const note = signedBy(ours.key, ours.log, 20, hash('sha256', 'root', 'buffer'));
  let refused = 0;
  const times = long ? 100_000 : 1_000;
  for (let n = 0; n < times; n++) {
    const bytes = Buffer.from(note, 'utf8');
    const at = whole(random, bytes.length);
    const changed = [
      () => bytes.fill(whole(random, 256), at, at + 1),
      () => bytes.subarray(0, at),
      () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + whole(random, 4))]),
      () => Buffer.concat([bytes, bytes.subarray(at)]),
    ][whole(random, 4)]?.();
    try {
      const { head, signer } = readHead(String(changed), [ours.log]);
      // Another name or key ID is another signer; what our key is said to have signed, it signed.
      if (signer === 'known') expect(head).toMatchObject({ origin, size: 20 });
    } catch (thrown) {
      expect(thrown).toEqual(expect.objectContaining({ code: 'input.invalid' }));
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(times / 2);
});
