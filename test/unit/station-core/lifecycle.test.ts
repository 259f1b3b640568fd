import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Params } from '../../../station-core/contract/api.ts';
import { fsck } from '../../../station-core/fsck/fsck.ts';
import { registerCertifiedDevice, registerDevice, serviceClient } from '../../suites/azure-sdk.ts';
import { clearValuesIn } from '../../suites/entries.ts';
import { heldCertificate, heldKey } from '../../suites/held-key.ts';
import { clientOf, TestStation } from '../../suites/station.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
  line.emulator.switches.retryAfterSeconds = 0;
});
afterAll(() => line.close());

type RecipeName = 'symmetric-individual' | 'symmetric-group' | 'x509-individual' | 'x509-group';
type Made = { readonly serial: string; readonly registrationId: string; readonly name: RecipeName };

async function made(name: RecipeName): Promise<Made> {
  const { labels } = await line.order(name, 1);
  const serial = labels[0] ?? '';
  const { outcome, registrationId } = await line.scan(1, serial);
  expect(outcome).toBe('passed');
  await sync();
  return { serial, registrationId, name };
}

async function sync(): Promise<void> {
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, leased: 0, parked: 0 });
}

/** What the unit itself, with what it holds, gets from the service. */
async function registered({ serial, registrationId, name }: Made): Promise<string> {
  const { idScope } = line.emulator;
  const practice = join(line.folder, 'practice');
  const attempt = name.startsWith('x509')
    ? registerCertifiedDevice(line.emulator, { registrationId, idScope, ...certified(practice, serial) })
    : registerDevice(line.emulator, { registrationId, idScope, key: heldKey(practice, serial) ?? '' });
  return attempt.then(
    ({ status }) => status ?? 'none',
    (thrown: Error) => thrown.name,
  );
}

const certified = (practice: string, serial: string) => {
  const { chain, key } = heldCertificate(practice, serial);
  return { cert: chain, key };
};

const entryOf = async ({ registrationId }: Made) =>
  (await serviceClient(line.emulator).getIndividualEnrollment(registrationId)).responseBody;

const names = ['symmetric-individual', 'symmetric-group', 'x509-individual', 'x509-group'] as const;

test.each(names)('a unit of %s may not register while it is disabled, and may again after', async (name) => {
  const unit = await made(name);
  expect(await registered(unit)).toBe('assigned');
  await line.as('lead', 'unit.disable', { serial: unit.serial });
  await sync();
  expect((await entryOf(unit)).provisioningStatus).toBe('disabled');
  expect(await registered(unit)).not.toBe('assigned');
  await line.as('lead', 'unit.enable', { serial: unit.serial });
  await sync();
  // With the very credential that it has held all the time.
  expect(await registered(unit)).toBe('assigned');
});

test('a disable that follows a create never overtakes it, although both wait for the network', async () => {
  line.emulator.switches.offline = true;
  const { labels } = await line.order('symmetric-individual', 5);
  const ids: string[] = [];
  for (const serial of labels) {
    ids.push((await line.scan(1, serial)).registrationId);
    await line.as('lead', 'unit.disable', { serial });
    await line.as('lead', 'unit.enable', { serial });
    await line.as('lead', 'unit.disable', { serial });
  }
  line.emulator.switches.offline = false;
  await sync();
  const client = clientOf(line.emulator);
  for (const id of ids)
    expect(await client.getEnrollment(id, AbortSignal.timeout(10_000))).toMatchObject({
      provisioningStatus: 'disabled',
    });
  client.close();
});

test('a secondary key is rolled without the unit noticing, a primary one shuts it out', async () => {
  const unit = await made('symmetric-individual');
  const keys = async () => {
    const client = clientOf(line.emulator);
    const { symmetricKey } = await client.attestationOf(
      'enrollments',
      unit.registrationId,
      AbortSignal.timeout(10_000),
    );
    client.close();
    return symmetricKey;
  };
  const before = await keys();
  await line.agreed('security-officer', 'unit.rollKey', { serial: unit.serial, slot: 'secondary' });
  await sync();
  const after = await keys();
  expect(after?.primaryKey).toBe(before?.primaryKey);
  expect(after?.secondaryKey).not.toBe(before?.secondaryKey);
  expect(await registered(unit)).toBe('assigned');
  await line.agreed('security-officer', 'unit.rollKey', { serial: unit.serial, slot: 'primary' });
  await sync();
  expect(await registered(unit)).not.toBe('assigned');
});

test('another hub and twin count from the next registration, and the credential stays', async () => {
  for (const name of ['symmetric-individual', 'x509-individual'] as const) {
    const unit = await made(name);
    await registered(unit);
    const changes: Params<'unit.reprovision'>['changes'] = {
      allocationPolicy: 'static',
      iotHubs: ['practice-hub-2.azure-devices.net'],
      initialTwin: { tags: { site: 'Gdańsk' } },
      reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: false },
    };
    await line.agreed('lead', 'unit.reprovision', { serial: unit.serial, changes });
    await sync();
    expect(await entryOf(unit)).toMatchObject(changes);
    expect(await registered(unit)).toBe('assigned');
  }
});

test('a unit that leaves has neither entry nor registration record; one that a group could let in again is blocked', async () => {
  const client = clientOf(line.emulator);
  const signal = AbortSignal.timeout(20_000);
  for (const name of names) {
    const unit = await made(name);
    expect(await registered(unit)).toBe('assigned');
    await line.agreed('lead', 'unit.deprovision', { serial: unit.serial });
    await sync();
    const entry = await client.getEnrollment(unit.registrationId, signal);
    if (name === 'symmetric-individual') expect(entry).toBeUndefined();
    else expect(entry).toMatchObject({ provisioningStatus: 'disabled' });
    expect(await registered(unit)).not.toBe('assigned');
    await expect(serviceClient(line.emulator).getDeviceRegistrationState(unit.registrationId)).rejects.toThrow(
      /Not found/,
    );
  }
  client.close();
  const { receipt } = line.station.records.db
    .prepare<[], { receipt: string }>(`SELECT receipt FROM outbox WHERE action = 'forget' ORDER BY id DESC LIMIT 1`)
    .get() ?? { receipt: '{}' };
  expect(JSON.parse(receipt)).toMatchObject({ answer: 'deleted', hub: expect.stringMatching(/^practice-hub-/) });
});

test('what cannot be done is refused by name, and every change has its entry', async () => {
  const group = await made('symmetric-group');
  const certificate = await made('x509-individual');
  const refusal = (promise: Promise<unknown>) => expect(promise).rejects;
  await refusal(
    line.agreed('security-officer', 'unit.rollKey', { serial: certificate.serial, slot: 'secondary' }),
  ).toMatchObject({ code: 'recipe.unsupported' });
  const changes = { allocationPolicy: 'hashed' } as const;
  await refusal(line.agreed('lead', 'unit.reprovision', { serial: group.serial, changes })).toMatchObject({
    code: 'recipe.unsupported',
  });
  await refusal(line.as('lead', 'unit.disable', { serial: 'nobody' })).toMatchObject({ code: 'unit.unknown' });
  await line.agreed('lead', 'unit.scrap', { serial: group.serial, reason: 'keyCompromise' });
  await refusal(line.as('lead', 'unit.enable', { serial: group.serial })).toMatchObject({ code: 'unit.scrapped' });
  await sync();
  const actions = line.entries().map(({ action }) => action);
  for (const action of [
    'unit.disabled',
    'unit.enabled',
    'unit.keyRolled',
    'unit.reprovisioned',
    'unit.deprovisioned',
  ]) {
    expect(actions).toContain(action);
  }
});

test('operations are counted for the order that needed them', async () => {
  const { name, labels } = await line.order('symmetric-individual', 20);
  line.emulator.switches.offline = true;
  for (const serial of labels) await line.scan(1, serial);
  line.emulator.switches.offline = false;
  const order = line.station.records.units.order(name).id;
  expect(line.station.records.billed.of(order)).toBe(0);
  await sync();
  expect(line.station.records.billed.of(order)).toBe(2);
  await line.as('lead', 'unit.disable', { serial: labels[0] ?? '' });
  await sync();
  // Read, its keys read, changed.
  expect(line.station.records.billed.of(order)).toBe(5);
  const listed = await line.as('lead', 'orders.list', {});
  expect(listed.find((one) => one.name === name)).toMatchObject({ finished: 20, operations: 5 });
});

/** A unit whose ID somebody else took in the cloud, parked. */
async function taken(): Promise<Made & { readonly row: number; readonly etag: string }> {
  const { labels } = await line.order('symmetric-individual', 1);
  const serial = labels[0] ?? '';
  const registrationId = line.station.records.units.bySerial(serial)[0]?.registrationId ?? '';
  const owner = clientOf(line.emulator);
  const foreign = { registrationId, attestation: { type: 'symmetricKey' } };
  const { etag } = await owner.putEnrollment(registrationId, foreign, undefined, AbortSignal.timeout(10_000));
  owner.close();
  expect((await line.scan(1, serial)).outcome).toBe('passed');
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ parked: 1 });
  const row = (await line.as('lead', 'sync.parked', {})).find((one) => one.registrationId === registrationId);
  expect(row).toMatchObject({ reason: { code: 'cloud.different', details: { what: 'keys', etag } } });
  return { serial, registrationId, name: 'symmetric-individual', row: row?.id ?? 0, etag };
}

test('a foreign entry is replaced when two people agreed to lose exactly that version of it', async () => {
  const unit = await taken();
  const { row, etag } = unit;
  expect(await registered(unit)).not.toBe('assigned');
  await expect(line.as('lead', 'sync.replace', { row, etag })).rejects.toMatchObject({ code: 'person.second-needed' });
  await expect(line.agreed('lead', 'sync.replace', { row, etag: 'another' })).rejects.toMatchObject({
    code: 'sync.changed',
  });
  await line.agreed('lead', 'sync.replace', { row, etag });
  await sync();
  expect(await registered(unit)).toBe('assigned');
});

test('an entry that changed after the two agreed stays, and the row waits again', async () => {
  const { row, etag, registrationId } = await taken();
  line.emulator.switches.offline = true;
  await line.agreed('lead', 'sync.replace', { row, etag });
  await expect.poll(() => line.station.pump.state.state).toBe('waiting');
  line.emulator.switches.offline = false;
  const owner = clientOf(line.emulator);
  const theirs = { registrationId, attestation: { type: 'symmetricKey' }, initialTwin: { tags: { mine: true } } };
  const { etag: newer } = await owner.putEnrollment(registrationId, theirs, etag, AbortSignal.timeout(10_000));
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, parked: 1 });
  expect(await owner.getEnrollment(registrationId, AbortSignal.timeout(10_000))).toMatchObject({ etag: newer });
  owner.close();
  expect(await line.as('lead', 'sync.parked', {})).toMatchObject([{ reason: { details: { etag: newer } } }]);
  await line.as('lead', 'sync.discard', { row });
});

test('a row is tried once more, or given up with its secret, when a lead says so', async () => {
  const unit = await taken();
  const owner = clientOf(line.emulator);
  await owner.deleteEnrollment(unit.registrationId, undefined, AbortSignal.timeout(10_000));
  owner.close();
  await line.as('lead', 'sync.retry', { row: unit.row });
  await sync();
  expect(await registered(unit)).toBe('assigned');
  await expect(line.as('lead', 'sync.retry', { row: unit.row })).rejects.toMatchObject({ code: 'sync.not-parked' });

  const lost = await taken();
  await line.as('lead', 'sync.discard', { row: lost.row });
  await sync();
  const kept = line.station.records.db
    .prepare<[number], { sealed: Buffer | null; state: string }>(
      'SELECT sealed, credential.state FROM credential JOIN outbox ON outbox.credential = credential.id WHERE outbox.id = ?',
    )
    .get(lost.row);
  expect(kept).toEqual({ sealed: null, state: 'destroyed' });
  const discarded = line.entries().findLast(({ action }) => action === 'upload.discarded');
  expect(discarded).toMatchObject({ reason: 'cloud.different', details: { secret: 'destroyed' } });
});

test('no receipt of all these changes brings a unit into the audit trail in clear', () => {
  const told = line
    .entries()
    .filter(({ action, details }) => action === 'upload.received' && 'deviceId' in receiptOf(details));
  expect(told.length).toBeGreaterThan(0);
  expect(clearValuesIn(line.station.records.db)).toEqual([]);
});

const receiptOf = (details: unknown) => (details as { receipt: object }).receipt;

test('nothing happened that nobody foresaw, and the records agree with each other', async () => {
  expect(line.log.incidents).toEqual([]);
  const findings = await fsck(line.folder);
  expect(findings).toEqual([]);
});
