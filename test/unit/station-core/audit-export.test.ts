import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Pkcs11Hsm } from '../../../drivers/hsm/pkcs11.ts';
import { logKeyOf } from '../../../station-core/audit/heads.ts';
import { leafHash, verifyConsistency, verifyInclusion } from '../../../station-core/audit/merkle.ts';
import type { LogKey } from '../../../station-core/audit/note.ts';
import { parseCheckpoint, verifyNote } from '../../../station-core/audit/note.ts';
import type { ExportRequest } from '../../../station-core/contract/audit.ts';
import { commitmentTo } from '../../../station-core/store/disclosure.ts';
import { Exported } from '../../suites/exported.ts';
import { makeSoftHsm } from '../../suites/softhsm.ts';
import { TestStation } from '../../suites/station.ts';

let line: TestStation;
let labels: readonly string[];
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
  ({ labels } = await line.order('symmetric-group', 3));
  for (const label of labels) await line.scan(1, label);
  await line.order('symmetric-individual', 1);
});
afterAll(() => line.close());

async function exported(request: ExportRequest) {
  const view = await line.as('auditor', 'audit.export', request);
  return { view, files: new Exported(join(line.folder, 'exports', view.folder)) };
}

const hashes = (base64: readonly string[]) => base64.map((text) => Buffer.from(text, 'base64'));
const keyOf = (): LogKey => {
  const [row] = line.station.heads.keys();
  if (!row) throw new TypeError('no key');
  return logKeyOf(row);
};
type EntryLine = {
  readonly seq: number;
  readonly action: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

test('a whole export holds the bytes of every entry, and the log itself names it', async () => {
  const before = line.entries().length;
  const { view, files } = await exported({ format: 'jsonl' });
  expect(files.wrong()).toEqual([]);
  expect(files.manifest).toMatchObject({
    kind: 'jsonl',
    complete: true,
    entries: before,
    size: before,
    sealed: before,
  });
  expect(files.lines<EntryLine>('entries.jsonl').map(({ seq }) => seq)).toEqual([...Array(before).keys()]);
  expect(view).toMatchObject({ entries: before, sealed: before, problems: [], proven: true, entry: before });
  const manifest = hash('sha256', files.bytes('manifest.json'), 'hex');
  expect(view.manifest).toBe(manifest);
  const noted = line.entries()[view.entry];
  expect(noted).toMatchObject({ action: 'audit.exported', details: { kind: 'jsonl', manifest, entries: before } });
  const { entry, index, inclusion, consistency, note } = files.seal;
  expect([JSON.parse(entry), index]).toEqual([noted, before]);
  const [newest, after] = [parseCheckpoint(files.text('checkpoint')), parseCheckpoint(note)];
  expect(verifyNote(newest, keyOf()) && verifyNote(after, keyOf())).toBe(true);
  expect(verifyInclusion(index, after.size, leafHash(entry), hashes(inclusion), after.root)).toBe(true);
  expect(verifyConsistency(newest.size, after.size, hashes(consistency), newest.root, after.root)).toBe(true);
});

test('heads stand in their order, each with the proof that it holds the one before', async () => {
  const { files } = await exported({ format: 'jsonl' });
  type HeadLine = { readonly n: number; readonly note: string; readonly why: string; readonly consistency: string[] };
  const heads = files.lines<HeadLine>('heads.jsonl');
  expect(heads.map(({ n }) => n)).toEqual(heads.map((_, at) => at + 1));
  expect(heads.at(-1)?.note).toBe(files.text('checkpoint'));
  for (const [at, { note, consistency }] of heads.entries()) {
    const before = heads[at - 1];
    if (!before) continue;
    const [first, second] = [parseCheckpoint(before.note), parseCheckpoint(note)];
    expect(verifyConsistency(first.size, second.size, hashes(consistency), first.root, second.root)).toBe(true);
  }
});

/** The entries of a partial export, each of which is proven to be in the log. */
function proven(files: Exported): EntryLine[] {
  const head = parseCheckpoint(files.text('checkpoint'));
  const proofs = files.lines<{ index: number; hashes: string[] }>('proofs.jsonl');
  const texts = files.text('entries.jsonl').split('\n').slice(0, -1);
  expect(proofs).toHaveLength(texts.length);
  for (const [at, text] of texts.entries()) {
    const { index = -1, hashes: path = [] } = proofs[at] ?? {};
    expect(verifyInclusion(index, head.size, leafHash(text), hashes(path), head.root)).toBe(true);
  }
  return files.lines<EntryLine>('entries.jsonl');
}

test('the export of a unit holds its entries with their proofs, and the entry that names the key', async () => {
  const [serial = ''] = labels;
  const { files } = await exported({ format: 'jsonl', unit: serial });
  const { commitment } = line.station.records.disclosures.find('serial', serial) ?? { commitment: '' };
  expect(files.manifest).toMatchObject({ complete: false, filter: { unit: commitment } });
  const actions = proven(files).map(({ action }) => action);
  expect(actions).toEqual(['audit.key-made', 'run.opened', 'credential.released', 'run.closed']);
  expect(files.names.map((name) => files.text(name)).join('')).not.toContain(serial);
});

test('the export of an order holds what was done for it, and of no other order', async () => {
  const { name = '' } = line.station.records.units.orders()[0] ?? {};
  const { files } = await exported({ format: 'jsonl', order: name });
  const of = (order: unknown) => line.entries().filter((entry) => entry.order === order).length;
  expect(proven(files).length).toBe(of(name) + 1);
  expect(files.manifest.filter).toEqual({ order: name });
});

test('a time is taken from its first moment and up to its last', async () => {
  const [first, , third, ...more] = line.entries().map(({ at }) => String(at));
  const { files } = await exported({ format: 'jsonl', from: String(third), to: String(more.at(-1)) });
  const asked = line.entries().filter(({ at }) => String(at) >= String(third) && String(at) < String(more.at(-1)));
  const entries = proven(files).filter(({ action }) => action !== 'audit.key-made');
  expect(entries.map(({ seq }) => seq)).toEqual(
    asked.filter(({ action }) => action !== 'audit.key-made').map(({ seq }) => seq),
  );
  expect(String(first) < String(third)).toBe(true);
});

test('clear names are given when a second person agreed, each with what opens its commitment', async () => {
  const params = { format: 'jsonl' } as const;
  await expect(line.as('auditor', 'audit.exportNamed', params)).rejects.toMatchObject({ code: 'person.second-needed' });
  const view = await line.agreed('security-officer', 'audit.exportNamed', params);
  const files = new Exported(join(line.folder, 'exports', view.folder));
  type Clear = { readonly commitment: string; readonly label: string; readonly salt: string; readonly value: string };
  const clear = files.lines<Clear>('disclosures.jsonl');
  for (const { commitment, label, value, salt } of clear) {
    expect(commitmentTo(label, value, Buffer.from(salt, 'base64'))).toBe(commitment);
    expect(files.text('entries.jsonl')).toContain(commitment);
  }
  expect(clear.map(({ commitment }) => commitment)).toEqual(clear.map(({ commitment }) => commitment).sort());
  expect(clear.map(({ value }) => value)).toEqual(expect.arrayContaining([...labels, 'Lee Lead']) as string[]);
  expect(line.entries()[view.entry]).toMatchObject({
    approver: expect.any(String) as string,
    details: { named: true },
  });
});

test('tiles are of the whole log and have no names', async () => {
  const refused = { code: 'input.invalid', details: { place: 'tiles' } };
  await expect(exported({ format: 'tiles', order: 'x' })).rejects.toMatchObject({ code: 'input.invalid' });
  await expect(line.agreed('security-officer', 'audit.exportNamed', { format: 'tiles' })).rejects.toMatchObject(
    refused,
  );
});

test('a unit or an order that nobody knows is refused, and no folder stays', async () => {
  const before = readdirSync(join(line.folder, 'exports'));
  await expect(exported({ format: 'jsonl', unit: 'nobody' })).rejects.toMatchObject({ code: 'unit.unknown' });
  await expect(exported({ format: 'jsonl', order: 'nobody' })).rejects.toMatchObject({ code: 'order.unknown' });
  expect(readdirSync(join(line.folder, 'exports'))).toEqual(before);
});

test('two exports of one second have folders of their own', async () => {
  const made = await Promise.all([exported({ format: 'csv' }), exported({ format: 'csv' })]);
  expect(new Set(made.map(({ view }) => view.folder)).size).toBe(2);
  for (const { files } of made) expect(files.wrong()).toEqual([]);
});

test('what a crash left half made is gone after the next start', async () => {
  const half = join(line.folder, 'exports', '.part-20260102T030405Z-jsonl');
  mkdirSync(half);
  writeFileSync(join(half, 'entries.jsonl'), 'half');
  await line.stop();
  await line.start();
  expect(existsSync(half)).toBe(false);
});

test('audit verify checks heads and tree too, and says how much is sealed', async () => {
  const report = await line.as('auditor', 'audit.verify', {});
  expect(report).toMatchObject({ ok: true, entries: line.entries().length });
  expect(report.sealed).toBeGreaterThan(0);
});

test('with a locked HSM the export has no head and no seal, and says that nothing of it is sealed', async () => {
  const token = await makeSoftHsm('birthmark-locked');
  const { module, tokenLabel, environment } = token;
  const auditHsm = await Pkcs11Hsm.open({ module, tokenLabel, environment });
  const locked = await TestStation.open({ lanes: 1, parts: { auditHsm } });
  try {
    const view = await locked.as('auditor', 'audit.export', { format: 'jsonl' });
    expect(view).toMatchObject({ sealed: 0, problems: [], proven: false });
    const files = new Exported(join(locked.folder, 'exports', view.folder));
    expect(files.names).toEqual(['entries.jsonl', 'heads.jsonl', 'manifest.json']);
    expect(files.manifest).toMatchObject({ sealed: 0, heads: 0, entries: view.size });
    expect(locked.entries()[view.entry]).toMatchObject({ action: 'audit.exported' });
  } finally {
    await locked.close();
    await auditHsm.close();
    await token.dispose();
  }
});

test('lanes go on while a log is exported', async () => {
  const { labels: more } = await line.order('symmetric-group', 2);
  const [view, ...runs] = await Promise.all([
    line.as('auditor', 'audit.export', { format: 'jsonl' }),
    line.scan(1, more[0] ?? ''),
  ]);
  expect(runs.map(({ outcome }) => outcome)).toEqual(['passed']);
  expect(new Exported(join(line.folder, 'exports', view.folder)).wrong()).toEqual([]);
});

test('an export ends with the station, and nothing of it stays', async () => {
  const before = readdirSync(join(line.folder, 'exports'));
  const going = line.as('auditor', 'audit.export', { format: 'jsonl' });
  const stopped = going.then(
    () => 'written',
    (thrown: { code: string }) => thrown.code,
  );
  await line.stop();
  expect(['station.stopping', 'written']).toContain(await stopped);
  await line.start();
  const after = readdirSync(join(line.folder, 'exports')).filter((name) => !before.includes(name));
  expect(after.length).toBe((await stopped) === 'written' ? 1 : 0);
});
