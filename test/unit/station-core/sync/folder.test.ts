import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recipeSchema } from '../../../../station-core/contract/recipe.ts';
import { carriedOf } from '../../../../station-core/credential-keys.ts';
import { makeOrder, recipeOf } from '../../../../station-core/practice.ts';
import type { OutboxRow } from '../../../../station-core/store/outbox.ts';
import { DpsTarget } from '../../../../station-core/sync/targets/dps.ts';
import { FolderTarget } from '../../../../station-core/sync/targets/folder.ts';
import type { Carried, Fate, Sent } from '../../../../station-core/sync/targets/target.ts';
import { clientOf, TestStation } from '../../../suites/station.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

let line: TestStation;
const handOver = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
beforeAll(async () => {
  line = await TestStation.open({ lanes: 2, parts: { handOver } });
});
afterAll(async () => {
  await line.close();
  rmSync(handOver, { recursive: true, force: true });
});

const row = (id: number, more: Partial<OutboxRow> = {}): OutboxRow => ({
  id,
  target: 'folder',
  registrationId: `unit-${id}`,
  action: 'create',
  version: 1,
  body: { attestation: { type: 'tpm' }, deviceId: `device,${id}` },
  credential: null,
  attempts: 0,
  replaces: null,
  ...more,
});

const endorsed: Carried = { endorsementKey: Buffer.from('an endorsement key').toString('base64') };
const signal = AbortSignal.timeout(60_000);

async function sendTo(target: FolderTarget | DpsTarget, rows: readonly OutboxRow[]): Promise<Map<number, Fate>> {
  const sent: Sent = { fates: new Map(), operations: 0 };
  await target.send(rows, signal, sent);
  return sent.fates;
}

const targetOf = (folder: string, carried: Carried = endorsed) =>
  new FolderTarget({ folder, carriedOf: async () => carried });
const receiptOf = (fate: Fate | undefined) =>
  JSON.parse(fate && 'done' in fate ? fate.done : '{}') as { file: string; sha256: string };
const jsonIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();

test('units of a recipe with the target folder stand in files that a bulk call takes as they are, and DPS has then what we would have sent', async () => {
  const recipe = { ...(await recipeOf(line.station, 'x509-individual')), target: 'folder' as const };
  const { labels } = await makeOrder(line.station, recipe, 3);
  for (const label of labels) expect(await line.scan(1, label)).toMatchObject({ outcome: 'passed' });
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, parked: 0, done: 3 });
  const files = jsonIn(handOver);
  const entries = files.flatMap((file) => JSON.parse(readFileSync(join(handOver, file), 'utf8')) as object[]);
  expect(entries.length).toBe(3);
  const client = clientOf(line.emulator);
  const bodies = entries.map((body) => ({ body: body as Record<string, unknown> }));
  expect(await client.bulk('create', bodies, signal)).toMatchObject({ isSuccessful: true });
  const { records, parts, keys } = line.station;
  const rows = records.db.prepare<[], { id: number }>('SELECT id FROM outbox').all();
  const target = new DpsTarget({ client, carriedOf: carriedOf({ hsm: parts.hsm, records, sealing: keys.sealing }) });
  const sent = await sendTo(
    target,
    rows.map(({ id }) => records.outbox.byId(id)),
  );
  expect([...sent.values()]).toEqual(rows.map(() => ({ done: expect.stringContaining('"existing"') })));
  const receipts = records.db.prepare<[], { receipt: string }>('SELECT receipt FROM outbox').all();
  for (const { receipt } of receipts) {
    const { file, sha256 } = JSON.parse(receipt) as { file: string; sha256: string };
    expect(
      createHash('sha256')
        .update(readFileSync(join(handOver, file)))
        .digest('hex'),
    ).toBe(sha256);
  }
  client.close();
});

test('a crash between the file and its receipt writes no row twice, however the rows come again', async () => {
  const folder = join(temporaryFolder(), 'files');
  await sendTo(targetOf(folder), [row(1), row(2), row(3)]);
  const again = await sendTo(targetOf(folder), [row(2), row(3), row(4)]);
  expect([2, 3, 4].map((id) => receiptOf(again.get(id)).file)).toEqual([
    'create-1_2_3.json',
    'create-1_2_3.json',
    'create-4.json',
  ]);
  const all = jsonIn(folder).flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object[]);
  expect(all.length).toBe(4);
});

test('a file that was half written is gone at the next start, and a table that is missing is made', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'create-1.json.00000000.part'), '[{');
  await sendTo(targetOf(folder), [row(1)]);
  expect(readdirSync(folder).sort()).toEqual(['create-1.csv', 'create-1.json']);
});

test('the table has the endorsement key, the device ID and what the action is, and is CSV', async () => {
  const folder = temporaryFolder();
  await sendTo(targetOf(folder), [row(7)]);
  const [record] = parseCsv(readFileSync(join(folder, 'create-7.csv')), { columns: true }) as Record<string, string>[];
  expect(record).toMatchObject({
    action: 'create',
    registrationId: 'unit-7',
    deviceId: 'device,7',
    attestation: 'tpm',
    endorsementKey: (endorsed as { endorsementKey: string }).endorsementKey,
    provisioningStatus: 'enabled',
  });
});

test('a change asks for no key: its file says what is to be done with whom', async () => {
  const folder = temporaryFolder();
  const target = new FolderTarget({ folder, carriedOf: () => Promise.reject(new Error('asked for')) });
  const body = { attestation: { type: 'symmetricKey' } };
  await sendTo(target, [row(3, { action: 'disable', credential: 1, body })]);
  expect(JSON.parse(readFileSync(join(folder, 'disable-3.json'), 'utf8'))).toEqual([
    { registrationId: 'unit-3', ...body, provisioningStatus: 'disabled' },
  ]);
  const group = { action: 'expect-group', registrationId: 'a-group', body: {} } as const;
  await sendTo(target, [row(4, group)]);
  expect(readFileSync(join(folder, 'expect-group-4.csv'), 'utf8')).toContain('expect-group,,a-group,');
});

test('a file that somebody changed is not written over: its rows are parked, and no others', async () => {
  const folder = temporaryFolder();
  await sendTo(targetOf(folder), [row(1)]);
  writeFileSync(join(folder, 'create-1.json'), '[]');
  const fates = await sendTo(targetOf(folder), [row(1), row(2)]);
  expect(fates.get(1)).toEqual({ park: { code: 'folder.changed', details: { file: 'create-1.json' } } });
  expect(fates.get(2)).toHaveProperty('done');
  expect(readFileSync(join(folder, 'create-1.json'), 'utf8')).toBe('[]');
});

test('a key of a unit goes into no file, and is zeroed', async () => {
  const folder = temporaryFolder();
  const keys = { primary: Buffer.alloc(64, 7), secondary: Buffer.alloc(32, 8) };
  const fates = await sendTo(targetOf(folder, { keys }), [row(1, { credential: 1 })]);
  expect(fates.get(1)).toEqual({ park: { code: 'folder.key', details: {} } });
  expect(readdirSync(folder)).toEqual([]);
  expect([...keys.primary, ...keys.secondary].every((byte) => byte === 0)).toBe(true);
});

test('a recipe that would need a key in a file is refused, with the way out', async () => {
  const recipe = { ...(await recipeOf(line.station, 'symmetric-individual')), target: 'folder' };
  const result = recipeSchema.safeParse(recipe);
  expect(result.error?.issues[0]?.message).toMatch(/written into no file; without a network there are bundles/);
});

test('a folder that cannot be written holds the target, and parks nothing', async () => {
  const file = join(temporaryFolder(), 'a file');
  writeFileSync(file, '');
  await expect(sendTo(targetOf(join(file, 'below')), [row(1)])).rejects.toMatchObject({ code: 'folder.failed' });
});
