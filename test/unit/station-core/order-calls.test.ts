import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Params } from '../../../station-core/contract/api.ts';
import { recipeOf } from '../../../station-core/practice.ts';
import { TestStation } from '../../suites/station.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
});
afterAll(() => line.close());

const recipeText = async () =>
  JSON.stringify({ ...(await recipeOf(line.station, 'symmetric-individual')), registrationId: 'f-{serial}' });
/** An order file with the recipe in a file beside it. */
const asked = async (text: string) => ({ file: 'o.csv', text, recipe: { file: 'r.json', text: await recipeText() } });
const counts = () => {
  const { db } = line.station.records;
  const count = (table: string) => db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get();
  return ['work_order', 'unit', 'recipe', 'disclosure', 'audit_entry', 'outbox'].map(count);
};

test('a preview tells what a file would make, and makes nothing', async () => {
  const before = counts();
  const told = await line.as('lead', 'orders.preview', await asked('first,last\nV-001,V-030\n'));
  expect(told).toMatchObject({ recipe: { name: 'symmetric-individual' }, units: 30, problems: [], moreProblems: 0 });
  expect(told.first).toHaveLength(20);
  expect(told.first[0]).toEqual({ serial: 'V-001' });
  expect(counts()).toEqual(before);
});

test('an import makes the whole order of a file, and the next preview tells that its units are taken', async () => {
  const file = await asked('serial,mac\nI-1,02:00:00:00:0a:01\nI-2,\n');
  const order = await line.as('lead', 'orders.import', { ...file, name: 'imported', quantity: 1 });
  expect(order).toMatchObject({ name: 'imported', state: 'open', armed: 'proven', quantity: 1, finished: 0 });
  const { problems } = await line.as(
    'lead',
    'orders.preview',
    await asked('serial,mac\nJ-1,02-00-00-00-0A-01\nI-2,\n'),
  );
  expect(problems).toMatchObject([
    { line: 2, column: 'mac', rule: 'mac-free', details: { order: 'imported' } },
    { line: 3, column: 'serial', rule: 'id-free', details: { order: 'imported' } },
  ]);
  // The recipe of an order is chosen by its hash.
  const again = { ...(await asked('serial\nI-3\n')), recipe: { hash: order.recipeHash } };
  expect(await line.as('lead', 'orders.preview', again)).toMatchObject({
    units: 1,
    recipe: { hash: order.recipeHash },
  });
});

test('a file with a problem makes nothing, and says where the first one is', async () => {
  const before = counts().slice(0, 4);
  const file = { ...(await asked('serial\nK-1\nK-1\n')), name: 'half' };
  await expect(line.as('lead', 'orders.import', file)).rejects.toMatchObject({
    code: 'order.file-refused',
    details: { file: 'o.csv', problems: 1, line: 3 },
  });
  expect(counts().slice(0, 4)).toEqual(before);
});

test('an order of more units than fit in one commit is there as a whole, with one entry', async () => {
  const file = { ...(await asked('first,last\nL-0001,L-1100\n')), name: 'long' };
  expect(await line.as('lead', 'orders.import', file)).toMatchObject({ quantity: 1_100 });
  const page = await line.as('auditor', 'orders.units', { order: 'long', after: 0, limit: 500 });
  expect([page.rows.length, page.rows[499]?.serial]).toEqual([500, 'L-0500']);
  const last = await line.as('auditor', 'orders.units', { order: 'long', after: (page.next ?? 0) + 500, limit: 500 });
  expect([last.rows.length, last.rows.at(-1)?.serial, last.next]).toEqual([100, 'L-1100', null]);
  const entries = line.entries().filter(({ action, order }) => action === 'order.created' && order === 'long');
  expect(entries).toMatchObject([{ details: { units: 1_100 } }]);
});

test('an order whose name is taken while its units are being written makes none of them', async () => {
  const file = await asked('first,last\nM-0001,M-0600\n');
  const twice = ['M', 'N'].map((letter) =>
    line.as('lead', 'orders.import', { ...file, text: file.text.replaceAll('M', letter), name: 'twice' }),
  );
  const ends = await Promise.allSettled(twice);
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const { db } = line.station.records;
  const units = db.prepare<[], number>(
    `SELECT count(*) FROM unit JOIN work_order o ON o.id = work_order WHERE name = 'twice'`,
  );
  expect(units.pluck().get()).toBe(600);
});

const wrong: readonly [string, Partial<Params<'orders.preview'>>, object][] = [
  [
    'a recipe that is no JSON',
    { recipe: { file: 'r.json', text: '{' } },
    { code: 'input.invalid', details: { place: 'r.json' } },
  ],
  ['a recipe of another form', { recipe: { file: 'r.json', text: '{}' } }, { code: 'input.invalid' }],
  ['a recipe that the station does not have', { recipe: { hash: '0'.repeat(64) } }, { code: 'recipe.unknown' }],
  ['more text than an order file may have', { text: 'x'.repeat(10 * 1024 * 1024 + 1) }, { code: 'input.invalid' }],
];
test.each(wrong)('%s is refused', async (_, change, error) => {
  const file = { ...(await asked('serial\nA-1\n')), ...change };
  await expect(line.as('lead', 'orders.preview', file)).rejects.toMatchObject(error);
});

test('a recipe for a protocol that the station does not speak is told before an order of it is there', async () => {
  const text = (await recipeText()).replace('"uart-v1"', '"smoke-signals"');
  const file = { file: 'o.csv', text: 'serial\nA-1\n', recipe: { file: 'r.json', text } };
  await expect(line.as('lead', 'orders.preview', file)).rejects.toMatchObject({ code: 'recipe.unsupported' });
});

test('units of a closed order are not made, and are again once it is opened', async () => {
  const { name, labels } = await line.order('symmetric-individual', 2);
  const [serial = ''] = labels;
  expect(await line.as('lead', 'orders.close', { order: name })).toMatchObject({ name, state: 'closed' });
  await line.as('lead', 'orders.close', { order: name });
  await expect(line.as('technician', 'run.start', { lane: 1, serial })).rejects.toMatchObject({ code: 'order.closed' });
  expect(await line.as('lead', 'orders.reopen', { order: name })).toMatchObject({ state: 'open' });
  expect((await line.scan(1, serial)).outcome).toBe('passed');
  const entries = line
    .entries()
    .filter(({ order, action }) => order === name && /closed|reopened/.test(String(action)));
  expect(entries.filter(({ action }) => String(action).startsWith('order.'))).toMatchObject([
    { action: 'order.closed', details: { finished: 0, quantity: 2 } },
    { action: 'order.reopened' },
  ]);
});

test('figures tell what the line has made', async () => {
  const { name, labels } = await line.order('symmetric-group', 4, (index) => index === 2);
  for (const label of labels) await line.scan(1, label);
  const { order, total, failures, buckets } = await line.as('technician', 'orders.figures', { order: name });
  expect(order).toMatchObject({ name, finished: 3, quantity: 4, remaining: 1 });
  expect(total).toMatchObject({ runs: 4, finished: 3, units: 4, passed: 3, first: 4, firstPassed: 3 });
  expect(total.takt?.median).toBeGreaterThan(0);
  expect(failures).toEqual([{ outcome: 'failed', code: 'unit.serial-mismatch', runs: 1 }]);
  expect(buckets.reduce((sum, { runs }) => sum + runs, 0)).toBe(4);
  expect((await line.as('technician', 'orders.figures', {})).total.runs).toBeGreaterThan(4);
  const wrongDay = line.as('technician', 'orders.figures', { from: '2026-02-31T25:00:00Z' });
  await expect(wrongDay).rejects.toMatchObject({ code: 'input.invalid' });
});

test('a unit in quarantine is told with what to do, until its next run passes', async () => {
  const { name, labels } = await line.order('symmetric-individual', 1);
  const [serial = ''] = labels;
  // Its secret is kept until the receipt is there.
  line.emulator.switches.offline = true;
  const { db } = line.station.records;
  const { run } = await line.as('technician', 'run.start', { lane: 1, serial });
  await line.station.lanes.ended(1);
  // As if the station had died between the credential's first byte and the unit's answer.
  db.exec(`UPDATE run SET outcome = 'indeterminate' WHERE id = ${run}`);
  db.exec(
    `UPDATE unit SET state = 'quarantined', finished_at = NULL WHERE id = (SELECT unit FROM run WHERE id = ${run})`,
  );
  db.exec(`UPDATE work_order SET finished = 0 WHERE name = '${name}'`);
  const told = () => line.as('technician', 'orders.quarantine', { order: name });
  expect(await told()).toMatchObject({
    rows: [{ serial, order: name, run, lane: 1, tries: 0, advice: 'scan-again' }],
    next: null,
  });
  await line.as('lead', 'orders.close', { order: name });
  expect(await told()).toMatchObject({ rows: [{ advice: 'reopen-order' }] });
  await line.as('lead', 'orders.reopen', { order: name });
  expect((await line.scan(1, serial)).outcome).toBe('passed');
  expect(await told()).toEqual({ rows: [], next: null });
});

test('a finished unit whose upload waits for a person is told with the reason, in its order alone', async () => {
  const { name, labels } = await line.order('symmetric-individual', 1);
  const [serial = ''] = labels;
  line.emulator.switches.offline = true;
  await line.scan(1, serial);
  const { outbox, commits, db } = line.station.records;
  const row = db.prepare<[], number>('SELECT max(id) FROM outbox').pluck().get() ?? 0;
  await commits.commit(() => outbox.park(row, { code: 'cloud.different', details: { etag: 'e' } }));
  expect(await line.as('lead', 'orders.parked', { order: name })).toMatchObject({
    rows: [{ row, serial, order: name, target: 'dps', reason: { code: 'cloud.different' } }],
    next: null,
  });
  expect(await line.as('lead', 'orders.parked', { order: 'imported' })).toEqual({ rows: [], next: null });
  await line.as('lead', 'sync.discard', { row });
});

test('one registration ID twice in an order is refused by name, also where the units differ', async () => {
  const recipe = { ...(await recipeOf(line.station, 'symmetric-individual')), registrationId: 'twin' };
  const units = [{ serial: 'T-1' }, { serial: 'T-2' }];
  await expect(line.as('lead', 'orders.create', { name: 'twins', recipe, units })).rejects.toMatchObject({
    code: 'identity.taken',
    details: { registrationId: 'twin' },
  });
  expect((await line.as('lead', 'orders.list', {})).map(({ name }) => name)).not.toContain('twins');
});
