import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLog } from '../../../../station-core/audit/verify.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import type { Role } from '../../../../station-core/contract/record.ts';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { actor, recipeOf, unitOf } from '../../../../station-core/practice.ts';
import { openStore } from '../../../../station-core/store/open.ts';
import { TestStation } from '../../../suites/station.ts';

let line: TestStation;
/** Whom the unit on the fixture says that it is, instead of what its label says. */
let shows: { serial: string; mac: string } | undefined;
/** How the fixture fails, if it does. */
let fails: StationError | undefined;
beforeAll(async () => {
  line = await TestStation.open({
    openLane: (units, lane) => async (label, signal) => {
      if (fails) throw fails;
      await units.place(lane, { ...unitOf(label), ...shows });
      return units.link(lane, signal);
    },
  });
});
afterAll(() => line.close());

const reason = 'asked, case 17';
const erase = (subject: { person: string } | { unit: string }, why = reason) =>
  line.agreed('security-officer', 'privacy.erase', { subject, reason: why });
const code = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (thrown: { code: string }) => thrown.code,
  );
const entriesOf = (action: string) => line.entries().filter((entry) => entry.action === action);

async function add(name: string, role: Role): Promise<void> {
  const pin = Buffer.from('7777');
  await line.station.operators.add(name, role, pin);
}

async function unitsMade(units: number): Promise<readonly string[]> {
  const { labels } = await line.order('symmetric-individual', units);
  for (const label of labels) await line.scan(1, label);
  await line.as('technician', 'sync.run', {});
  return labels;
}

test('an erased person cannot sign in, their sessions end, and the trail tells of it without the name', async () => {
  await add('Jo Example', 'technician');
  const { session } = await line.station.operators.signIn('Jo Example', Buffer.from('7777'));
  await erase({ person: 'Jo Example' });
  expect(line.station.operators.actor(session)).toBeUndefined();
  expect(await code(line.station.operators.signIn('Jo Example', Buffer.from('7777')))).toBe('person.unknown');
  const entry = entriesOf('privacy.erased').at(-1);
  expect(entry).toMatchObject({ role: 'security-officer', details: { kind: 'person', values: 1, signIns: 1, reason } });
  expect(JSON.stringify(line.entries())).not.toContain('Jo Example');
  expect(await fsck(line.folder)).toEqual([]);
  expect(await verifyLog(line.station.records.db)).toMatchObject({ ok: true });
});

test('the only lead and the only security officer stay, and one of two may go', async () => {
  expect(await code(erase({ person: 'Lee Lead' }))).toBe('privacy.only-one');
  expect(await code(erase({ person: 'Sol Security' }))).toBe('privacy.only-one');
  await add('Lou Lead', 'lead');
  await erase({ person: 'Lou Lead' });
  expect(await code(erase({ person: 'Lou Lead' }))).toBe('privacy.unknown');
});

test('a person who comes back under the same name is a new one', async () => {
  await add('Jo Example', 'technician');
  await erase({ person: 'Jo Example' });
  await add('Jo Example', 'technician');
  const { actor: back } = await line.station.operators.signIn('Jo Example', Buffer.from('7777'));
  const commitments = entriesOf('operator.added').map(({ details }) => (details as { person: string }).person);
  expect(new Set(commitments).size).toBe(commitments.length);
  expect(back.role).toBe('technician');
});

test('a reason that names the subject is refused, since it would stay', async () => {
  const [serial = ''] = await unitsMade(1);
  expect(await code(erase({ unit: serial }, `the owner of ${serial} asked`))).toBe('input.invalid');
});

test('a unit whose upload waits stays until that came to its end', async () => {
  const [serial = ''] = await unitsMade(1);
  const { db } = line.station.records;
  const row = db.prepare<[], number>('SELECT max(id) FROM outbox').pluck().get() ?? 0;
  db.prepare(
    `UPDATE outbox SET state = 'parked', receipt = NULL, reason = '{"code":"cloud.failed","details":{}}' WHERE id = ?`,
  ).run(row);
  expect(await code(erase({ unit: serial }))).toBe('privacy.waits');
  await line.as('lead', 'sync.discard', { row });
  expect(await code(erase({ unit: serial }))).toBe('ok');
});

test('an erased serial, MAC or registration ID does not become another unit, in this start or the next', async () => {
  const recipe = await recipeOf(line.station, 'symmetric-individual');
  const [serial = ''] = await unitsMade(1);
  const { mac } = unitOf(serial);
  await erase({ unit: serial });
  const order = (name: string, unit: { serial: string; mac: string }) =>
    line.as('lead', 'orders.create', { name, recipe, units: [unit] });
  expect(await code(order('again', { serial, mac: '02:00:00:00:00:01' }))).toBe('identity.erased');
  expect(await code(order('its-mac', { serial: 'OTHER-1', mac }))).toBe('identity.erased');
  expect(await code(line.as('technician', 'run.start', { lane: 1, serial }))).toBe('unit.unknown');
  await line.stop();
  await line.start();
  expect(await code(order('again', { serial, mac: '02:00:00:00:00:01' }))).toBe('identity.erased');
  expect(await code(order('new', { serial: 'OTHER-1', mac: '02:00:00:00:00:01' }))).toBe('ok');
  expect(JSON.stringify(line.entries())).not.toContain(serial);
});

test('a unit on the line that shows an erased serial or MAC gets nothing, and what it showed is not kept again', async () => {
  const [serial = ''] = await unitsMade(1);
  const { db } = line.station.records;
  const { mac } = unitOf(serial);
  await erase({ unit: serial });
  const recipe = { ...(await recipeOf(line.station, 'symmetric-individual')), registrationId: 'gw-{serial}' };
  await line.as('lead', 'orders.create', { name: 'newest', recipe, units: [{ serial: 'NEW-1' }] });
  shows = { serial: 'NEW-1', mac };
  expect(await line.scan(1, 'NEW-1')).toMatchObject({ outcome: 'errored', error: { code: 'identity.erased' } });
  shows = { serial, mac: '02:00:00:00:00:99' };
  const mixedUp = await line.scan(1, 'NEW-1');
  expect(mixedUp).toMatchObject({
    outcome: 'failed',
    error: { details: { serial: 'NEW-1', foundSerial: '(erased)' } },
  });
  shows = undefined;
  const kept = db.prepare<[string], number>('SELECT count(*) FROM disclosure WHERE value = ?').pluck();
  expect([kept.get(serial), kept.get(mac)]).toEqual([0, 0]);
  expect(db.prepare('SELECT count(*) FROM credential WHERE unit = (SELECT max(id) FROM unit)').pluck().get()).toBe(0);
});

test('facts of the order and texts that repeat a name go, and the entry names the runs that they stood in', async () => {
  const recipe = await recipeOf(line.station, 'symmetric-individual');
  const units = [{ serial: 'A-1047', mac: '02:00:00:00:10:47', facts: { customer: 'Example Ltd' } }];
  await line.as('lead', 'orders.create', { name: 'spring', recipe, units });
  fails = new StationError('link.refused', { port: 'lane 1', reason: 'unit A-1047 holds it' });
  const { id: run } = await line.scan(1, 'A-1047');
  fails = undefined;
  const { db } = line.station.records;
  await erase({ unit: 'A-1047' });
  expect(db.prepare(`SELECT count(*) FROM unit WHERE facts <> '{}'`).pluck().get()).toBe(0);
  const journal = db.prepare<[], string>('SELECT body FROM journal').pluck().all().join('\n');
  expect(journal).not.toContain('A-1047');
  expect(journal).toContain('unit (erased) holds it');
  // Once in the step that broke, once in the run's end.
  expect(entriesOf('privacy.erased').at(-1)).toMatchObject({ details: { texts: 2, runs: [run] } });
  expect((await fsck(line.folder)).filter(({ what }) => what === `run ${run}`)).toEqual([]);
});

test('the journal changes for nobody but an erasure', () => {
  const { db } = line.station.records;
  const begin = () => db.exec(`INSERT INTO journal (run, body) VALUES (NULL, '{}'); UPDATE journal SET body = '[]'`);
  expect(begin).toThrow('the journal is append-only');
});

test('lines of the log that name a subject go, and the log goes on', async () => {
  const [serial = ''] = await unitsMade(1);
  const file = join(line.folder, 'logs', 'station.jsonl');
  mkdirSync(join(line.folder, 'logs'), { recursive: true });
  writeFileSync(file, `{"message":"one"}\n{"message":"unit ${serial} is odd"}\n{"message":"two"}\n`);
  const seen = await line.as('lead', 'privacy.look', { subject: { unit: serial } });
  expect(seen).toMatchObject({ logLines: 1, units: 1, values: { serial: 1, mac: 1, registrationId: 1, scanned: 1 } });
  await erase({ unit: serial });
  expect(readFileSync(file, 'utf8')).toBe('{"message":"one"}\n{"message":"two"}\n');
});

test('approvals that wait are void after an erasure, and what binds one cannot be guessed from its entry', async () => {
  const [serial = ''] = await unitsMade(1);
  const operation = { method: 'privacy.hold', params: { scope: 'all', reason: 'x' } } as const;
  const { approval } = await line.as('lead', 'approvals.approve', operation);
  const again = await line.as('lead', 'approvals.approve', operation);
  const bound = entriesOf('approval.granted').map(({ details }) => (details as { operation: string }).operation);
  expect(bound.at(-1)).not.toBe(bound.at(-2));
  await erase({ unit: serial });
  for (const one of [approval, again.approval]) {
    const call = line.station.call('privacy.hold', operation.params, {
      actor: actor(line.station, 'security-officer'),
      approval: one,
    });
    expect(await code(call)).toBe('person.approval-wrong');
  }
});

test('what a hold covers stays: a unit, its order, a person, everything; and goes when two people ended it', async () => {
  const [serial = '', other = ''] = await unitsMade(2);
  const order = line.station.records.units.orders()[0]?.name ?? '';
  const hold = (params: object) =>
    line.agreed('security-officer', 'privacy.hold', params as never) as Promise<{ hold: number }>;
  const release = ({ hold: id }: { hold: number }) => line.agreed('security-officer', 'privacy.release', { hold: id });

  const ofUnit = await hold({ scope: 'unit', name: serial, reason: 'claim' });
  expect(await code(erase({ unit: serial }))).toBe('privacy.held');
  await release(ofUnit);
  const ofOrder = await hold({ scope: 'order', name: order, reason: 'claim' });
  expect(await code(erase({ unit: serial }))).toBe('privacy.held');
  await release(ofOrder);
  const ofAll = await hold({ scope: 'all', reason: 'claim' });
  expect(await code(erase({ unit: serial }))).toBe('privacy.held');
  expect(await code(erase({ person: 'Tess Technician' }))).toBe('privacy.held');
  await release(ofAll);
  await hold({ scope: 'person', name: 'Tess Technician', reason: 'claim' });
  expect(await code(erase({ person: 'Tess Technician' }))).toBe('privacy.held');
  expect(await code(erase({ unit: serial }))).toBe('ok');
  expect(await code(release(ofUnit))).toBe('privacy.no-hold');
  expect(await code(hold({ scope: 'unit', name: 'none', reason: 'x' }))).toBe('privacy.unknown');
  expect(await code(erase({ unit: other }))).toBe('ok');
  const holds = await line.as('auditor', 'privacy.holds', {});
  expect(holds.map(({ scope, releasedAt }) => [scope, releasedAt !== undefined])).toEqual([
    ['person', false],
    ['all', true],
    ['order', true],
    ['unit', true],
  ]);
  expect(entriesOf('privacy.held').length).toBe(4);
  expect(entriesOf('privacy.released').length).toBe(3);
});

test('while another program reads, what is erased is told to be still in the log, and goes once it ends', async () => {
  const [serial = ''] = await unitsMade(1);
  const reader = openStore(line.folder, 'reader');
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM unit').get();
  const call = erase({ unit: serial });
  // The reader ends only after a while; the station tries for longer.
  setTimeout(() => reader.close(), 1_000);
  expect(await code(call)).toBe('ok');
  expect(readFileSync(join(line.folder, 'station.db')).includes(serial)).toBe(false);
});

test('an export of a unit holds every row about it, and no secret', async () => {
  const [serial = '', other = ''] = await unitsMade(2);
  const record = await line.agreed('security-officer', 'privacy.export', { subject: { unit: serial } });
  expect(record.disclosures.map(({ label }) => label).sort()).toEqual(['mac', 'registrationId', 'scanned', 'serial']);
  const { tables } = record;
  expect(Object.fromEntries(Object.entries(tables).map(([table, rows]) => [table, rows.length]))).toMatchObject({
    unit: 1,
    run: 1,
    credential: 1,
    outbox: 1,
  });
  expect(tables.journal?.length).toBeGreaterThan(5);
  expect(tables.credential?.[0]).not.toHaveProperty('sealed');
  const actions = record.entries.map(({ bytes }) => (JSON.parse(bytes) as { action: string }).action);
  expect(actions).toEqual(
    expect.arrayContaining(['run.opened', 'credential.released', 'run.closed', 'upload.received', 'privacy.exported']),
  );
  expect(record.cloud).toHaveLength(1);
  expect(JSON.stringify(record)).toContain(serial);
  expect(JSON.stringify(record)).not.toContain(other);
});

test('an export of a person holds their runs and entries, and nothing that signs them in', async () => {
  await unitsMade(1);
  const record = await line.agreed('security-officer', 'privacy.export', { subject: { person: 'Tess Technician' } });
  expect(record).toMatchObject({ kind: 'person', tables: { operator: [{ role: 'technician' }] } });
  expect(record.tables.operator?.[0]).not.toHaveProperty('verifier');
  expect(record.tables.journal?.length).toBeGreaterThan(0);
  expect(record.entries.length).toBeGreaterThan(2);
});

// The last test: this line is one without its ready-made technician afterwards.
test('a ready-made person of practice who was erased does not come back by a start, and another takes the place', async () => {
  const tess = (name = 'Tess Technician') => line.station.operators.byName(name);
  const holds = await line.as('auditor', 'privacy.holds', {});
  for (const { id, releasedAt } of holds) {
    if (releasedAt === undefined) await line.agreed('security-officer', 'privacy.release', { hold: id });
  }
  for (const person of ['Jo Example', 'Tess Technician']) if (tess(person)) await erase({ person });
  await line.stop();
  await line.start();
  expect(tess()).toBeUndefined();
  expect(() => actor(line.station, 'technician')).toThrow(/Nobody here is a technician any more/);
  const { practice } = await line.station.call('station.describe', {});
  expect(practice.map(({ role }) => role)).not.toContain('technician');
  await add('Kim Example', 'technician');
  expect(actor(line.station, 'technician')).toMatchObject({ name: 'Kim Example' });
});
