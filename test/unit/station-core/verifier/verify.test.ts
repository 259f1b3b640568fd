import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readPins } from '../../../../station-core/verifier/note.ts';
import { logOf, unitOf } from '../../../suites/audit-edits.ts';
import { type Asked, type Kind, makeExport, pairs } from '../../../suites/audit-export.ts';
import { type MadeLog, newPair, type Pair, verifierKeys } from '../../../suites/audit-log.ts';
import { check, pin } from '../../../suites/audit-verified.ts';

const kinds: readonly Kind[] = ['jsonl', 'csv', 'pdf', 'unit', 'tiles'];
const [first, second, third] = pairs as [Pair, Pair, Pair];
const asked = (log: MadeLog, kind: Kind): Asked =>
  kind === 'unit' ? { kind, filter: { unit: unitOf(log) } } : { kind };

test.each(kinds)('a whole export of kind %s holds, with and without the key', (kind) => {
  const log = logOf();
  const files = makeExport(log, asked(log, kind));
  const fingerprint = createHash('sha256').update(first.p256.spki).digest('hex');
  const found = { kind, problems: [], sealed: 40, unsealed: 0, heads: 4, seal: true };
  expect(check(files, pin(first))).toMatchObject({ ok: true, ...found, key: { pinned: true, fingerprint } });
  expect(check(files)).toMatchObject({ ok: true, ...found, key: { pinned: false, fingerprint } });
});

test.each(kinds)('an export of kind %s over a rotation and an origin begun anew holds under the newest key', (kind) => {
  const log = logOf({ entries: 60, rotateAt: 20, beginAt: 40 });
  const files = makeExport(log, asked(log, kind));
  expect(check(files, pin(third))).toMatchObject({ ok: true, problems: [], key: { pinned: true } });
  expect(check(files)).toMatchObject({ ok: true, notices: [expect.stringContaining('goes on under another origin')] });
  for (const pair of [first, second]) {
    const { ok, problems } = check(files, pin(pair));
    expect([ok, problems.map(({ what }) => what)]).toEqual([false, [expect.stringContaining('does not vouch')]]);
  }
});

test('a key vouches for keys that were rotated in under it, and for everything before its own', () => {
  const log = logOf({ rotateAt: 20 });
  const files = makeExport(log);
  for (const pair of [first, second])
    expect(check(files, pin(pair))).toMatchObject({ ok: true, key: { pinned: true } });
  const both = readPins(verifierKeys(log.origin, first) + verifierKeys(log.origin, second));
  expect(check(files, both)).toMatchObject({ ok: true, key: { pinned: true } });
  const otherName = check(files, readPins(verifierKeys('another.log', second)));
  expect(otherName).toMatchObject({
    ok: false,
    problems: [{ what: expect.stringContaining('signed by another key') }],
  });
});

test('another key than the one that was given is told from the right one', () => {
  const { ok, problems } = check(makeExport(logOf()), pin(newPair()));
  expect([ok, problems[0]?.what]).toEqual([false, expect.stringMatching(/signed by another key: no entry names/)]);
});

test('a log without Ed25519 holds', () => {
  const pair = newPair(false);
  expect(check(makeExport(logOf({ pair })), pin(pair))).toMatchObject({ ok: true, key: { pinned: true } });
});

test('an origin that quotes what the log has lost is told to who reads the answer', () => {
  const log = logOf();
  log.begin('again', third, 'reconciled', { origin: log.origin, root: `${'A'.repeat(43)}=`, size: 99 });
  const { ok, notices } = check(makeExport(log));
  expect([ok, notices.join()]).toEqual([true, expect.stringMatching(/head of 99 entries.*is not one of this log/)]);
});

test.each([2, 3, 255, 256, 257, 600])('logs of %i entries hold in every kind', (entries) => {
  const log = logOf({ entries, headEvery: 7 });
  for (const kind of kinds) {
    if (kind === 'unit' && entries < 4) continue;
    expect(check(makeExport(log, asked(log, kind)), pin(first))).toMatchObject({ ok: true, problems: [] });
  }
});

test.each([
  [{ from: '2026-11-20T06:00:10.000Z' }],
  [{ to: '2026-11-20T06:00:10.000Z' }],
  [{ order: 'spring' }],
  [{ from: '2026-11-20T07:00:00.000Z' }],
])('a partial export by %o holds', (filter) => {
  const files = makeExport(logOf(), { filter, named: true });
  expect(check(files)).toMatchObject({ ok: true, complete: false, problems: [] });
});

test('entries that no head covers are counted, and an export without a seal says so', () => {
  const log = logOf({ entries: 45 });
  const answer = check(makeExport(log, { sealed: false }));
  expect(answer).toMatchObject({ ok: true, entries: 45, sealed: 40, unsealed: 5, seal: false });
  expect(answer.notices.join()).toContain('no seal');
  for (const more of [{ filter: { order: 'spring' } }, { kind: 'tiles' as const }])
    expect(check(makeExport(log, { sealed: false, ...more }))).toMatchObject({ ok: true, sealed: 40, unsealed: 5 });
});
