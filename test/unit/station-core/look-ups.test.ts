import { hash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leafHash } from '../../../station-core/audit/merkle.ts';
import { parseCheckpoint } from '../../../station-core/audit/note.ts';
import type { FoundEntry } from '../../../station-core/contract/audit-search.ts';
import type { Role } from '../../../station-core/contract/record.ts';
import { TestStation } from '../../suites/station.ts';

let line: TestStation;
let sent: { name: string; labels: readonly string[] };
const ids: string[] = [];
let wrong: { name: string; labels: readonly string[] };
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
  sent = await line.order('symmetric-individual', 3);
  for (const label of sent.labels) ids.push((await line.scan(1, label)).registrationId);
  await line.as('lead', 'sync.run', {});
  wrong = await line.order('symmetric-group', 2, () => true);
  await line.scan(1, wrong.labels[0] ?? '');
});
afterAll(() => line.close());

type Whole = Exclude<FoundEntry, { damaged: true }>;
const search = async (role: Role, asked: object): Promise<readonly Whole[]> =>
  (await line.as(role, 'audit.search', { limit: 200, ...asked })).entries as readonly Whole[];

test('a unit is found by its serial, with its whole life and with what it is called', async () => {
  const [serial = ''] = sent.labels;
  const entries = await search('lead', { unit: serial });
  expect(entries.map(({ action }) => action)).toEqual([
    'upload.received',
    'run.closed',
    'credential.released',
    'run.opened',
  ]);
  expect(new Set(entries.map(({ unit }) => unit?.name))).toEqual(new Set([serial]));
  expect(entries[1]).toMatchObject({ order: sent.name, lane: 1, result: 'ok', role: 'technician' });
});

test('a person is found by whoever may export names, who reads names; a lead reads roles', async () => {
  const entries = await search('auditor', { person: 'Tess Technician', action: 'run.opened' });
  expect(entries.length).toBe(4);
  expect(entries[0]).toMatchObject({ actor: { name: 'Tess Technician' }, role: 'technician' });
  const [seen] = await search('lead', { action: 'run.opened' });
  expect(seen?.actor).toEqual({ commitment: entries[0]?.actor?.commitment });
  expect(seen?.unit?.name).toBe(wrong.labels[0]);
  await expect(search('lead', { person: 'Tess Technician' })).rejects.toMatchObject({ code: 'person.not-allowed' });
});

test('what nobody knows is told as such, and is no empty list', async () => {
  await expect(search('auditor', { person: 'Nobody' })).rejects.toMatchObject({ code: 'privacy.unknown' });
  await expect(search('auditor', { unit: 'Z-1' })).rejects.toMatchObject({ code: 'privacy.unknown' });
  await expect(search('auditor', { order: 'none' })).rejects.toMatchObject({ code: 'order.unknown' });
  await expect(search('auditor', { action: 'no.such' })).rejects.toMatchObject({ code: 'input.invalid' });
});

test('an entry comes with the bytes, the path and the head that prove it', async () => {
  const [{ seq } = { seq: -1 }] = await search('auditor', { unit: sent.labels[1], action: 'run.closed' });
  expect((await line.as('auditor', 'audit.entry', { seq })).proof).toBeUndefined();
  await line.as('auditor', 'audit.checkpoint', {});
  const { bytes, leaf, proof, names, entries } = await line.as('auditor', 'audit.entry', { seq });
  const written = Buffer.from(bytes, 'base64');
  expect(leafHash(written.toString('utf8')).toString('base64')).toBe(leaf);
  const { root, size } = parseCheckpoint(proof?.head.note ?? '');
  expect([root.toString('base64'), size]).toEqual([proof?.head.root, proof?.head.size]);
  expect(proof?.head.fingerprint).toBe(hash('sha256', Buffer.from(proof?.head.publicKey ?? '', 'base64'), 'hex'));
  expect(entries).toBeGreaterThanOrEqual(size);
  expect(Object.values(names)).toEqual(expect.arrayContaining([sent.labels[1], ids[1], 'Tess Technician']));
  await expect(line.as('auditor', 'audit.entry', { seq: 10_000 })).rejects.toMatchObject({ code: 'audit.no-entry' });
});

test('one unit tells its whole life, and no secret', async () => {
  const serial = sent.labels[2] ?? '';
  const [story, ...more] = await line.as('lead', 'unit.story', { serial });
  expect(more).toEqual([]);
  expect(story).toMatchObject({ serial, order: sent.name, state: 'finished', registrationId: ids[2] });
  expect(story?.runs[0]).toMatchObject({ outcome: 'passed', serial });
  expect(story?.credentials).toMatchObject([{ kind: 'symmetric-key', state: 'destroyed' }]);
  expect(story?.cloud).toMatchObject([{ target: 'dps', action: 'create', state: 'done', answer: 'created' }]);
  expect(story?.entries.length).toBe(4);
  expect(JSON.stringify(story)).not.toMatch(/sealed|salt/i);
  const [failed] = await line.as('lead', 'unit.story', { serial: wrong.labels[0] });
  expect(failed?.runs[0]).toMatchObject({ outcome: 'failed', error: { code: 'unit.serial-mismatch' } });
  await expect(line.as('lead', 'unit.story', { serial: 'Z-1' })).rejects.toMatchObject({ code: 'privacy.unknown' });
});

test('the way to the cloud tells its hosts, budgets, what came back and what it cost', async () => {
  const { targets, receipts, backlog, operations } = await line.as('technician', 'sync.look', {});
  const host = line.station.parts.client?.service.need.endpoint.host;
  expect(targets).toMatchObject([{ name: 'dps', configured: true, host, budget: { perMinute: 10_000 } }]);
  expect(targets[0]?.budget?.used).toBeGreaterThan(0);
  expect(backlog.queued).toBe(0);
  const created = receipts.filter(({ action }) => action === 'create');
  expect(created.map(({ registrationId }) => registrationId)).toEqual(ids.toReversed());
  expect(created[0]).toMatchObject({ target: 'dps', answer: 'created' });
  expect(operations.today).toBe(operations.total);
  expect(operations.orders).toContainEqual({ order: sent.name, operations: expect.any(Number) });
});

test('without a network it tells what has waited longest, since when, and why', async () => {
  const { labels } = await line.order('symmetric-individual', 2);
  line.emulator.switches.offline = true;
  const [first] = [await line.scan(1, labels[0] ?? ''), await line.scan(1, labels[1] ?? '')];
  const waits = async () => (await line.as('lead', 'sync.look', {})).targets[0];
  await expect.poll(waits).toMatchObject({ hold: { error: { code: 'cloud.unreachable' } } });
  expect((await waits())?.oldest).toMatchObject({
    registrationId: first?.registrationId,
    action: 'create',
    since: expect.stringMatching(/^2\d{3}-/),
  });
  line.emulator.switches.offline = false;
  await line.as('lead', 'sync.run', {});
});

test('a foreign entry is shown beside what was wanted, with the etag that two people agree to lose', async () => {
  const { client } = line.station.parts;
  const { labels } = await line.order('symmetric-individual', 1);
  line.emulator.switches.offline = true;
  const { registrationId: id } = await line.scan(1, labels[0] ?? '');
  await expect.poll(() => line.station.pump.state.state).toBe('waiting');
  line.emulator.switches.offline = false;
  const keys = { primary: Buffer.alloc(64, 1), secondary: Buffer.alloc(64, 2) };
  const body = { registrationId: id, provisioningStatus: 'disabled' };
  const there = await client?.putEnrollment(id, body, undefined, AbortSignal.timeout(10_000), keys);
  await line.as('lead', 'sync.run', {});
  await expect.poll(() => line.as('lead', 'sync.parked', {})).toMatchObject([{ registrationId: id }]);
  const [row] = await line.as('lead', 'sync.parked', {});
  const compared = await line.as('lead', 'sync.compare', { row: row?.id });
  expect(compared).toMatchObject({ registrationId: id, etag: there?.etag, unchanged: true });
  expect(compared.members).toContainEqual({ name: 'provisioningStatus', ours: 'enabled', theirs: 'disabled' });
  expect(JSON.stringify(compared)).not.toMatch(/primaryKey|secondaryKey|AQEBAQ/);
  await line.agreed('lead', 'sync.replace', { row: row?.id ?? 0, etag: compared.etag ?? '' });
  await line.as('lead', 'sync.run', {});
  await expect(line.as('lead', 'sync.compare', { row: row?.id })).rejects.toMatchObject({ code: 'sync.not-parked' });
});
