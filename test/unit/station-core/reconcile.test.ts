import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Params } from '../../../station-core/contract/api.ts';
import { agrees, type Reconciled, type Verdict } from '../../../station-core/contract/reconcile.ts';
import { registerDevice } from '../../suites/azure-sdk.ts';
import { heldKey } from '../../suites/held-key.ts';
import { clientOf, TestStation } from '../../suites/station.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
  line.emulator.switches.retryAfterSeconds = 0;
  line.emulator.switches.pageSize = 7;
});
afterAll(() => line.close());

type RecipeName = Parameters<TestStation['order']>[0];

async function made(name: RecipeName, units: number): Promise<{ order: string; ids: string[]; serials: string[] }> {
  const { name: order, labels } = await line.order(name, units);
  const ids: string[] = [];
  for (const label of labels) {
    const { outcome, registrationId } = await line.scan(1, label);
    expect(outcome).toBe('passed');
    ids.push(registrationId);
  }
  return { order, ids, serials: [...labels] };
}

const sync = () => line.as('lead', 'sync.run', {});
const reconcile = (params: Params<'sync.reconcile'> = {}) => line.as('auditor', 'sync.reconcile', params);
const none: Readonly<Record<Verdict, number>> = {
  enrolled: 0,
  'by-group': 0,
  waiting: 0,
  parked: 0,
  gone: 0,
  missing: 0,
  different: 0,
  foreign: 0,
};
const rowOf = ({ rows }: Reconciled, id: string) => rows.find(({ registrationId }) => registrationId === id);

test('what was sent and is there agrees, for every attestation, over several pages', async () => {
  for (const name of ['symmetric-individual', 'symmetric-group', 'x509-individual', 'tpm'] as const)
    await made(name, 4);
  await sync();
  const result = await reconcile();
  expect(result.counts).toEqual({ ...none, enrolled: 12, 'by-group': 4 });
  expect(agrees(result)).toBe(true);
});

test('what waits, what is missing, what is foreign and what differs is told apart, and nothing is changed', async () => {
  const { ids, serials } = await made('x509-individual', 5);
  await sync();
  const owner = clientOf(line.emulator);
  const signal = AbortSignal.timeout(60_000);
  const [deleted = '', swapped = '', off = '', disabled = ''] = ids;
  await owner.deleteEnrollment(deleted, undefined, signal);
  await owner.deleteEnrollment(swapped, undefined, signal);
  await owner.putEnrollment(
    swapped,
    { registrationId: swapped, attestation: { type: 'symmetricKey' } },
    undefined,
    signal,
  );
  const stranger = { registrationId: 'stranger-1', attestation: { type: 'symmetricKey' } };
  await owner.putEnrollment('stranger-1', stranger, undefined, signal);
  const there = await owner.getEnrollment(off, signal);
  await owner.deleteEnrollment(off, undefined, signal);
  const other = await made('x509-individual', 1);
  await sync();
  const foreignCertificate = await owner.getEnrollment(other.ids[0] ?? '', signal);
  expect(foreignCertificate?.attestation.type).toBe(there?.attestation.type);
  await line.as('lead', 'unit.disable', { serial: serials[3] ?? '' });
  await sync();
  line.emulator.switches.offline = true;
  const later = await made('symmetric-individual', 2);
  line.emulator.switches.offline = false;
  const before = line.emulator.requests().filter(({ method }) => method !== 'GET').length;
  const result = await reconcile();
  expect(result.counts).toMatchObject({ waiting: 2, missing: 2, foreign: 1, different: 1 });
  expect(rowOf(result, deleted)).toMatchObject({ verdict: 'missing', serial: serials[0] });
  expect(rowOf(result, off)).toMatchObject({ verdict: 'missing' });
  expect(rowOf(result, swapped)).toMatchObject({ verdict: 'different', what: 'certificate' });
  expect(rowOf(result, disabled)).toMatchObject({ verdict: 'enrolled' });
  expect(rowOf(result, 'stranger-1')).toEqual({ registrationId: 'stranger-1', verdict: 'foreign' });
  expect(rowOf(result, later.ids[0] ?? '')).toMatchObject({ verdict: 'waiting' });
  expect(agrees(result)).toBe(false);
  const changing = line.emulator
    .requests()
    .filter(({ method }) => method !== 'GET')
    .slice(before);
  expect(changing.every(({ path }) => path.endsWith('/query'))).toBe(true);
  await owner.deleteEnrollment('stranger-1', undefined, signal);
  owner.close();
  await sync();
});

test('of one order nothing else is foreign; registrations tell to which hub each device went', async () => {
  const { idScope } = line.emulator;
  const single = await made('symmetric-individual', 3);
  const grouped = await made('symmetric-group', 3);
  await sync();
  const practice = join(line.folder, 'practice');
  for (const { ids, serials } of [single, grouped]) {
    for (const [index, registrationId] of ids.slice(0, 2).entries()) {
      await registerDevice(line.emulator, {
        registrationId,
        idScope,
        key: heldKey(practice, serials[index] ?? '') ?? '',
      });
    }
  }
  for (const [order, verdict] of [
    [single.order, 'enrolled'],
    [grouped.order, 'by-group'],
  ] as const) {
    const result = await reconcile({ order, registrations: true });
    expect(result.counts).toEqual({ ...none, [verdict]: 3 });
    const assigned = result.rows.filter(({ registration }) => registration?.status === 'assigned');
    expect(assigned.length).toBe(2);
    expect(Object.values(result.hubs).reduce((sum, devices) => sum + devices, 0)).toBe(2);
    expect(assigned[0]?.registration?.hub).toMatch(/^practice-hub-[12]\.azure-devices\.net$/);
  }
});

test('a group that is gone takes its units with it, and what was deleted on purpose is not missed', async () => {
  const { order, ids, serials } = await made('symmetric-individual', 1);
  await sync();
  await line.agreed('lead', 'unit.deprovision', { serial: serials[0] ?? '' });
  await sync();
  expect(rowOf(await reconcile({ order }), ids[0] ?? '')).toMatchObject({ verdict: 'gone' });
  const owner = clientOf(line.emulator);
  const grouped = await made('symmetric-group', 1);
  const { recipe } = line.station.records.units.bySerial(grouped.serials[0] ?? '')[0] ?? {};
  const group = recipe?.attestation.scope === 'group' ? recipe.attestation.group : '';
  await owner.deleteGroup(group, undefined, AbortSignal.timeout(10_000));
  owner.close();
  expect((await reconcile({ order: grouped.order })).rows).toMatchObject([
    { verdict: 'missing', what: `its group ${group}` },
  ]);
});

test('an order that is not there, or a station without a cloud, is refused; a comparison leaves an entry', async () => {
  await expect(reconcile({ order: 'no such order' })).rejects.toMatchObject({ code: 'order.unknown' });
  expect(line.entries().at(-2)).toMatchObject({ action: 'sync.reconciled', details: { missing: 1 } });
  expect(line.log.incidents).toEqual([]);
});
