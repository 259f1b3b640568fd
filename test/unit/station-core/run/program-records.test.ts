import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { openStation } from '../../../../station-core/open-station.ts';
import { actor, prepareFolder } from '../../../../station-core/practice.ts';
import { birthmark } from '../../../suites/birthmark.ts';
import { programmedBy, shell } from '../../../suites/programmers.ts';
import { TestStation } from '../../../suites/station.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

// What becomes of what programmers printed: it is given, shown and erased with its unit, and held against the audit trail.

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1, parts: { programmers: shell } });
});
afterAll(() => line.close());

const mac = '02:AA:BB:CC:DD:01';
async function made(serial: string, says: string) {
  await line.as('lead', 'orders.create', { name: serial, recipe: programmedBy(`echo '${says}'`), units: [{ serial }] });
  return line.scan(1, serial);
}
/** Uploads go on meanwhile. */
const damage = async () => (await fsck(line.folder)).filter(({ kind }) => kind === 'damage');
const outputs = () => line.station.records.db.prepare('SELECT run FROM program_output').pluck().all();

test('it is given with its unit, and goes with it whatever it says of it; the trail stays as it was', async () => {
  const run = await made('UNIT-77', `MAC 02aabbccdd01, ${mac}, serial UNIT-77`);
  const other = await made('UNIT-88', 'beside UNIT-77');
  expect([run.outcome, other.outcome]).toEqual(['passed', 'passed']);
  const record = await line.agreed('security-officer', 'privacy.export', { subject: { unit: 'UNIT-77' } });
  expect(JSON.stringify(record.tables.program_output)).toContain('serial UNIT-77');
  await line.as('lead', 'sync.run', {});
  const bytes = JSON.stringify(line.entries());
  await line.agreed('security-officer', 'privacy.erase', { subject: { unit: 'UNIT-77' }, reason: 'asked' });
  expect(outputs()).toEqual([other.id]);
  expect(JSON.stringify(line.entries().slice(0, (JSON.parse(bytes) as unknown[]).length))).toBe(bytes);
  const beside = await line.as('technician', 'run.output', { run: other.id });
  expect(beside.output?.text).toMatch(/^beside (?!UNIT-77)/);
  expect((await line.as('technician', 'run.output', { run: run.id })).output).toBeNull();
  const erased = line.entries().find(({ action }) => action === 'privacy.erased');
  expect(erased).toMatchObject({ details: { runs: [run.id, other.id] } });
  expect(await damage()).toEqual([]);
});

test('a run that nobody made has none, and any other than of a programmer says nothing', async () => {
  await expect(line.as('technician', 'run.output', { run: 99 })).rejects.toMatchObject({ code: 'run.unknown' });
  const { labels } = await line.order('symmetric-individual', 1);
  const run = await line.scan(1, labels[0] ?? '');
  expect(await line.as('auditor', 'run.output', { run: run.id })).toMatchObject({
    run: { outcome: 'passed' },
    output: null,
  });
});

test('nobody else changes it, and whoever does is found', async () => {
  const run = await made('UNIT-99', 'verified');
  const { db } = line.station.records;
  for (const sql of ["UPDATE program_output SET body = '{}'", 'DELETE FROM program_output']) {
    expect(() => db.exec(sql)).toThrow(/what a programmer printed stays/);
  }
  expect(await damage()).toEqual([]);
  const found = { check: 'programOutputs', kind: 'damage', what: `run ${run.id}` };
  const other = new Database(join(line.folder, 'station.db'));
  other.exec('DROP TRIGGER program_output_stays_u; DROP TRIGGER program_output_stays_d');
  other.exec("UPDATE program_output SET body = replace(body, 'verified', 'VERIFIED')");
  expect(await damage()).toMatchObject([found]);
  other.exec('DELETE FROM program_output');
  expect(await damage()).toMatchObject([found]);
  other.close();
});

test('birthmark runs show prints it, and says what it knows of runs that there are not', {
  timeout: 120_000,
}, async () => {
  const folder = temporaryFolder();
  prepareFolder(folder, 1);
  const file = join(folder, 'station.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...config, programmers: { writer: { path: '/bin/sh' } } }));
  const recipe = programmedBy('printf "\\r50 %%"; sleep 0.4; printf "\\r100 %%\\n"; echo written', {
    progress: '{percent} %',
  });
  const opened = await openStation(folder, {}, 'a test');
  const order = { name: 'o', recipe, units: [{ serial: 'SN-1' }] };
  await opened.station.call('orders.create', order, { actor: actor(opened.station, 'lead') });
  await opened.close();
  const ran = await birthmark(['run', '--lane', '1', '--serial', 'SN-1', '--station', folder]);
  expect([ran.code, ran.out]).toEqual([0, 'SN-1: passed (run 1)\n']);
  expect(ran.err).toMatch(/program …\nprogram 50 %\nprogram 100 %\ngreet …/);
  const shown = await birthmark(['runs', 'show', '1', '--station', folder]);
  expect([shown.code, shown.out]).toEqual([
    0,
    expect.stringMatching(
      /^SN-1: passed\n {2}program: ended, \d+ ms\n(.*\n)+writer \(SHA-256 [0-9a-f]{64}\): exit 0, printed \d+ bytes\n\n100 %\nwritten\n$/,
    ),
  ]);
  const json = await birthmark(['runs', 'show', '1', '--station', folder, '--json']);
  expect(JSON.parse(json.out)).toMatchObject({
    schema: 1,
    id: 1,
    outcome: 'passed',
    output: { text: '100 %\nwritten' },
  });
  expect(await birthmark(['runs', 'show', '2', '--station', folder])).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('There is no run 2. [run.unknown]') as string,
  });
});
