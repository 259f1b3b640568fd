import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLog } from '../../../../station-core/audit/verify.ts';
import { makeBackup } from '../../../../station-core/backup/make.ts';
import { manifestFile, readManifest } from '../../../../station-core/backup/manifest.ts';
import { prune, type RestoreNeed, restore } from '../../../../station-core/backup/restore.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { recipeOf } from '../../../../station-core/practice.ts';
import { unitOf } from '../../../../station-core/privacy/subject.ts';
import { openStore } from '../../../../station-core/store/open.ts';
import { dice, mutate } from '../../../suites/mutations.ts';
import { long, testSeed } from '../../../suites/seed.ts';
import { TestStation } from '../../../suites/station.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';
import { tracesOf } from '../../../suites/traces.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open();
  writeFileSync(join(line.folder, 'station.json'), '{"schema":1}');
});
afterAll(() => line.close());

const quiet = () => undefined;
const backUp = (out: string, days?: number, from = line.folder) =>
  makeBackup({ folder: from, out, days, software: 'test', now: Date.now, progress: quiet });
const putBack = (backup: string, folder: string, more: Partial<RestoreNeed> = {}) =>
  restore({ backup, folder, replace: false, expired: false, now: Date.now, progress: quiet, ...more });
const code = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (thrown: { code: string }) => thrown.code,
  );

async function content(folder: string): Promise<number> {
  expect((await fsck(folder)).filter(({ kind }) => kind === 'damage')).toEqual([]);
  const db = openStore(folder, 'reader');
  const { ok, entries } = await verifyLog(db);
  db.close();
  expect(ok).toBe(true);
  return entries;
}

test('a backup made while lanes work is of one moment, and what was put back is content', async () => {
  const folder = temporaryFolder();
  const { labels } = await line.order('symmetric-individual', 24);
  const queue = labels.values();
  const work = async (lane: number) => {
    for (const label of queue) await line.scan(lane, label);
  };
  const working = Promise.all([work(1), work(2)]);
  const manifests = [];
  for (let n = 0; n < 3; n++) manifests.push(await backUp(join(folder, `backup-${n}`)));
  await working;
  expect(readdirSync(folder).sort()).toEqual(['backup-0', 'backup-1', 'backup-2']);
  for (const [n, manifest] of manifests.entries()) {
    const there = join(folder, `there-${n}`);
    await putBack(join(folder, `backup-${n}`), there);
    expect(await content(there)).toBe(manifest.entries);
  }
  await line.as('technician', 'sync.run', {});
});

test('a backup of a damaged station gets no name', async () => {
  const folder = temporaryFolder();
  cpSync(line.folder, join(folder, 'broken'), { recursive: true, filter: (path) => !path.endsWith('.sock') });
  const db = openStore(join(folder, 'broken'), 'owner');
  db.exec(
    `DROP TRIGGER audit_is_append_only_u; UPDATE audit_entry SET bytes = replace(bytes, 'ok', 'no') WHERE seq = 3`,
  );
  db.close();
  expect(await code(backUp(join(folder, 'backup'), undefined, join(folder, 'broken')))).toBe('backup.damaged');
  expect(readdirSync(folder)).toEqual(['broken']);
});

test.each<[string, (backup: string) => void]>([
  ['a bit of the database', (backup) => flip(join(backup, 'station.db'), 5_000)],
  ['a file more', (backup) => writeFileSync(join(backup, 'more'), 'x')],
  ['a file less', (backup) => rmSync(join(backup, 'station.json'))],
  ['a longer file', (backup) => appendFileSync(join(backup, 'station.json'), ' ')],
  ['no manifest', (backup) => rmSync(join(backup, manifestFile))],
  ['another manifest', (backup) => appendFileSync(join(backup, manifestFile), ' ')],
])('a backup with %s is refused, and nothing is put back', async (_, change) => {
  const folder = temporaryFolder();
  const backup = join(folder, 'backup');
  await backUp(backup);
  change(backup);
  expect(await code(putBack(backup, join(folder, 'there')))).toBe('backup.damaged');
  expect(existsSync(join(folder, 'there'))).toBe(false);
});

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

test('a full folder, a folder that is held and an expired backup are refused, and prune removes what is over', async () => {
  const folder = temporaryFolder();
  const backup = join(folder, 'backup');
  const manifest = await backUp(backup, 30);
  expect(Date.parse(manifest.expires ?? '') - Date.parse(manifest.madeAt)).toBe(30 * 86_400_000);
  expect(await code(backUp(backup))).toBe('backup.exists');
  expect(await code(putBack(backup, line.folder))).toBe('backup.not-empty');
  const later = () => Date.now() + 31 * 86_400_000;
  expect(await code(putBack(backup, join(folder, 'there'), { now: later }))).toBe('backup.expired');
  expect(prune(folder, Date.now())).toEqual([]);
  expect(await code(putBack(backup, join(folder, 'there'), { now: later, expired: true }))).toBe('ok');
  expect(prune(folder, later())).toEqual(['backup']);
  expect(readdirSync(folder)).toEqual(['there']);
});

test('a manifest with random changes is the same or is refused with its place', () => {
  const folder = temporaryFolder();
  const good = JSON.stringify({
    entries: 3,
    expires: '2027-01-01T00:00:00.000Z',
    files: { 'station.db': { bytes: 4_096, sha256: 'a'.repeat(64) } },
    kind: 'birthmark-backup',
    madeAt: '2026-11-27T00:00:00.000Z',
    mode: 'practice',
    origin: 'o',
    schema: 1,
    sealed: 0,
    software: '0',
    station: 's',
  });
  const bytes = Buffer.from(`${good}\n`);
  writeFileSync(join(folder, manifestFile), bytes);
  readManifest(folder);
  const seed = testSeed('manifest');
  const roll = dice(seed);
  for (let n = 0; n < (long ? 100_000 : 1_000); n++) {
    const changed = mutate(bytes, roll, [0, 0x22, 0x2c, 0x7b, 0x7d]);
    writeFileSync(join(folder, manifestFile), changed);
    try {
      readManifest(folder);
    } catch (thrown) {
      expect({ seed, n, thrown: thrown instanceof StationError && thrown.code }).toEqual({
        seed,
        n,
        thrown: 'backup.damaged',
      });
    }
  }
});

test('what was erased after a backup is erased again when it is put back, and its serial is taken still', async () => {
  const folder = temporaryFolder();
  const { labels } = await line.order('symmetric-individual', 2);
  const [serial = '', waits = ''] = labels;
  await line.scan(1, serial);
  await line.as('technician', 'sync.run', {});
  // Without a network the upload of the other one waits when the backup is made.
  await line.stop();
  await line.start({ client: undefined } as never);
  await line.scan(1, waits);
  await backUp(join(folder, 'backup'));
  expect(line.station.records.outbox.backlog()).toMatchObject({ queued: 1 });
  await line.stop();
  await line.start();
  await line.as('technician', 'sync.run', {});
  const { db } = line.station.records;
  const values = [serial, waits].flatMap((unit) => unitOf(db, unit).values.map(({ value }) => value));
  for (const unit of [serial, waits]) {
    await line.agreed('security-officer', 'privacy.erase', { subject: { unit }, reason: 'asked' });
  }
  await line.agreed('security-officer', 'privacy.erase', { subject: { person: 'Ada Auditor' }, reason: 'left' });
  const origin = line.station.row.origin;
  await line.stop();
  const { aside = '', ledger } = await putBack(join(folder, 'backup'), line.folder, { replace: true });
  expect([existsSync(aside), ledger]).toEqual([true, true]);
  expect(tracesOf(line.folder, [serial]).length).toBeGreaterThan(0);
  await line.start();
  await line.station.erasures.scrubLeft();
  rmSync(aside, { recursive: true });
  expect(line.station.row.origin).toBe(origin);
  expect(tracesOf(line.folder, values)).toEqual([]);
  expect(await content(line.folder)).toBeGreaterThan(0);
  expect(line.station.records.outbox.backlog()).toMatchObject({ queued: 0, leased: 0 });
  expect(line.entries().filter(({ action }) => action === 'upload.discarded')).toHaveLength(1);
  const again = line.entries().filter(({ action }) => action === 'privacy.erased-again');
  expect(again.map(({ details }) => (details as { kind: string }).kind).sort()).toEqual(['person', 'unit']);
  const recipe = await recipeOf(line.station, 'symmetric-individual');
  const order = line.as('lead', 'orders.create', {
    name: 'again',
    recipe,
    units: [{ serial, mac: '02:00:00:00:00:01' }],
  });
  expect(await code(order)).toBe('identity.erased');
});

test('the digest that the entry has is the manifest of the backup', async () => {
  const folder = temporaryFolder();
  const manifest = await backUp(join(folder, 'backup'));
  copyFileSync(join(folder, 'backup', manifestFile), join(folder, 'copy'));
  await line.as('lead', 'backup.note', {
    manifest: 'a'.repeat(64),
    bytes: 1,
    entries: manifest.entries,
    sealed: manifest.sealed,
  });
  expect(line.entries().at(-1)).toMatchObject({
    action: 'backup.made',
    role: 'lead',
    details: { manifest: 'a'.repeat(64) },
  });
});
