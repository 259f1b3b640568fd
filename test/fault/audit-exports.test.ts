import { expect, test } from 'vitest';
import { verify } from '../../station-core/verifier/verify.ts';
import { bytesOf, exportOf, logOf, remade, unitOf } from '../suites/audit-edits.ts';
import { type Files, folderOf, makeExport, makeLog, pairs } from '../suites/audit-export.ts';
import { jcs, MadeLog, type Pair, type Value } from '../suites/audit-log.ts';
import { dice, mutate } from '../suites/mutations.ts';
import { long, testSeed } from '../suites/seed.ts';

const count = long ? 100_000 : 1_000;
const patience = long ? 3_600_000 : 120_000;
const seed = testSeed('audit exports');
const [first] = pairs as [Pair];

type Roll = (limit: number) => number;
const pick = <T>(roll: Roll, some: readonly T[]): T => some[roll(some.length)] as T;

/** What the verifier says of these files. */
function answerTo(files: Files) {
  const { path, remove } = folderOf(files);
  try {
    return verify(path, [{ der: first.p256.spki }]);
  } finally {
    remove();
  }
}

const log = logOf({ entries: 60, headEvery: 20, rotateAt: 33 });
const originals: readonly Files[] = [
  makeExport(log),
  makeExport(log, { named: true }),
  makeExport(log, { filter: { order: 'spring' } }),
  makeExport(log, { kind: 'unit', filter: { unit: unitOf(log) } }),
  makeExport(log, { kind: 'csv' }),
  makeExport(log, { kind: 'pdf' }),
  exportOf({ entries: 260, headEvery: 100 }, { kind: 'tiles' }),
];

/** Changes of lines: one removed, doubled, two swapped. */
const lineChanges: readonly ((lines: string[], roll: Roll) => void)[] = [
  (lines, roll) => lines.splice(roll(lines.length), 1),
  (lines, roll) => {
    const at = roll(lines.length);
    lines.splice(at, 0, lines[at] ?? '');
  },
  (lines, roll) => {
    const [a, b] = [roll(lines.length), roll(lines.length)];
    [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
  },
];

function changeLines(bytes: Buffer, roll: Roll): Buffer {
  const lines = bytes.toString('latin1').split('\n');
  const end = lines.pop() ?? '';
  if (lines.length > 0) pick(roll, lineChanges)(lines, roll);
  return Buffer.from([...lines, end].join('\n'), 'latin1');
}

function flip(bytes: Buffer, roll: Roll): Buffer {
  const changed = Buffer.from(bytes);
  const at = roll(changed.length);
  changed[at] = (changed[at] ?? 0) ^ (1 << roll(8));
  return changed;
}

/** Ways to change an export; the file that they name was another one before. */
const tamperings: readonly ((files: Files, name: string, roll: Roll) => Buffer | undefined)[] = [
  (files, name, roll) => flip(bytesOf(files, name), roll),
  (files, name, roll) => flip(bytesOf(files, name), roll),
  (files, name, roll) => changeLines(bytesOf(files, name), roll),
  (files, name, roll) => bytesOf(files, name).subarray(0, roll(bytesOf(files, name).length)),
  (files, name, roll) =>
    bytesOf(
      files,
      pick(
        roll,
        [...files.keys()].filter((other) => other !== name),
      ),
    ),
  // Whoever takes the seal away leaves an export that never had one; the verifier says so.
  (_, name) => (name === 'seal.json' ? Buffer.of() : undefined),
];

/** One export with one file changed, and which. */
function tampered(roll: Roll): { files: Files; name: string } {
  const original = pick(roll, originals);
  for (;;) {
    const files: Files = new Map(original);
    const name = pick(roll, [...files.keys()]);
    const bytes = pick(roll, tamperings)(files, name, roll);
    if (bytes?.equals(bytesOf(files, name))) continue;
    if (bytes) files.set(name, bytes);
    else files.delete(name);
    return { files, name };
  }
}

test(`${count} exports in which one file was changed are all found`, { timeout: patience }, () => {
  const roll = dice(seed);
  const missed: string[] = [];
  for (let at = 0; at < count; at++) {
    const { files, name } = tampered(roll);
    if (answerTo(files).ok) missed.push(`number ${at}: ${name}`);
  }
  expect(missed).toEqual([]);
});

const whole = makeExport(log);
const entries = bytesOf(whole, 'entries.jsonl')
  .toString()
  .split('\n')
  .slice(0, -1)
  .map((line): Buffer => Buffer.from(line));

/** Every entry from number `from` on counts and links to the one before again: what somebody without the key can rebuild. */
function relinked(changed: readonly Buffer[], from: number): readonly Buffer[] {
  const rebuilt = new MadeLog();
  for (const [seq, entry] of changed.entries()) {
    const prev = (rebuilt.tree.leaves[seq - 1] ?? Buffer.alloc(32)).toString('base64');
    const said = { ...(JSON.parse(entry.toString()) as { [name: string]: Value }), seq, prev };
    rebuilt.put(seq < from ? entry.toString() : jcs(said));
  }
  return rebuilt.entries;
}

const failed = (entry: Buffer): Buffer => Buffer.from(entry.toString().replace('"result":"ok"', '"result":"failed"'));

/** Changes of the entries after which the manifest was made anew, so that only the tree and its heads can tell. */
const rewritings: readonly ((at: number, entry: Buffer, roll: Roll) => readonly Buffer[])[] = [
  (at, entry, roll) => entries.with(at, flip(entry, roll)),
  (at) => entries.toSpliced(at, 1),
  (at, entry) => entries.toSpliced(at, 0, entry),
  (at, entry) => relinked(entries.with(at, failed(entry)), at),
  (at) => relinked(entries.toSpliced(at, 1), at),
];

test(`${count} logs that were rewritten without the key are all found, with the place`, { timeout: patience }, () => {
  const roll = dice(seed ^ 1);
  const missed: string[] = [];
  for (let run = 0; run < count; run++) {
    const at = roll(entries.length);
    const rewritten = pick(roll, rewritings)(at, entries[at] ?? Buffer.of(), roll);
    const bytes = Buffer.concat(rewritten.flatMap((entry) => [entry, Buffer.from('\n')]));
    const says = { size: rewritten.length, entries: rewritten.length };
    const { ok, problems } = answerTo(remade(new Map(whole).set('entries.jsonl', bytes), says));
    // The entry itself; the place behind it, for a double; or, for a rebuilt chain, the entries between the last good head and the first bad one.
    const isPlaced = problems.some(({ entry }) => entry !== undefined && entry <= at + 1 && at < entry + 20);
    if (ok || !isPlaced) missed.push(`number ${run}, entry ${at}: ${JSON.stringify(problems)}`);
  }
  expect(missed).toEqual([]);
});

test(`${count} clean logs of all sizes raise no alarm`, { timeout: patience }, () => {
  const roll = dice(seed ^ 2);
  const alarms: string[] = [];
  for (let at = 0; at < count; at++) {
    const entries = 2 + roll(pick(roll, [4, 30, 60, 270]));
    const plan = { entries, headEvery: 5 + roll(60), ...(roll(2) === 0 ? { rotateAt: 2 + roll(entries) } : {}) };
    const clean = makeLog(new MadeLog(`line-${at}`), plan);
    const filter = pick(roll, [
      {},
      {},
      { order: 'spring' },
      { unit: unitOf(clean) || `hmac-sha256:${'A'.repeat(43)}=` },
    ]);
    const asked =
      Object.keys(filter).length > 0 ? { filter } : { kind: pick(roll, ['jsonl', 'csv', 'pdf', 'tiles'] as const) };
    const { ok, problems } = answerTo(makeExport(clean, { ...asked, named: roll(2) === 0 }));
    if (!ok) alarms.push(`number ${at}, ${JSON.stringify(plan)}: ${JSON.stringify(problems)}`);
  }
  expect(alarms).toEqual([]);
});

const telling = [...Buffer.from('{}[]":,\\\n0-9.eE+/= \0\xff', 'latin1')];

const random = (roll: Roll) => Buffer.from(Array.from({ length: roll(300) }, () => roll(256)));

/** Makes the manifest anew where it can still be read. */
function relisted(files: Files): void {
  try {
    remade(files);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
  }
}

test(`${count} exports with bytes thrown at them end in an answer`, { timeout: patience }, () => {
  const roll = dice(seed ^ 3);
  for (let at = 0; at < count; at++) {
    const files: Files = new Map(pick(roll, originals));
    for (let more = 1 + roll(3); more > 0; more--) {
      const name = pick(roll, [...files.keys()]);
      files.set(name, roll(4) === 0 ? random(roll) : mutate(bytesOf(files, name), roll, telling));
    }
    // With the manifest as it is now, or one that is right for the files: then what is in them is looked at.
    if (roll(2) === 0) relisted(files);
    answerTo(files);
  }
});
