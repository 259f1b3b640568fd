import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import type {
  BulkEnrollmentOperation,
  BulkEnrollmentOperationResult,
  EnrollmentGroup,
  IndividualEnrollment,
} from 'azure-iot-provisioning-service/dist/interfaces.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { registerDevice, serviceClient } from '../../../../suites/azure-sdk.ts';

const folder = mkdtempSync(join(tmpdir(), 'dps-sdk-'));
let emulator: Emulator;
let client: ProvisioningServiceClient;

beforeAll(async () => {
  const throttle = { servicePerMinute: null, registrationsPerMinute: null, pollsPerTenSeconds: null };
  emulator = await startEmulator({ folder, switches: { retryAfterSeconds: 0, assigningPolls: 1, throttle } });
  client = serviceClient(emulator);
});

afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const key = (letter: string) => Buffer.alloc(32, letter).toString('base64');

function symmetric(registrationId: string): IndividualEnrollment {
  const attestation = { type: 'symmetricKey', symmetricKey: { primaryKey: key('p'), secondaryKey: key('s') } };
  // The SDK's typings require every member, also those that only the service writes.
  return { registrationId, attestation } as IndividualEnrollment;
}

/** The error number of the body that the service refused with; the SDK's own error names only some of them. */
async function refusal(attempt: Promise<unknown>): Promise<number> {
  const error: unknown = await attempt.then(
    () => expect.unreachable('the service did not refuse'),
    (reason: unknown) => reason,
  );
  return (JSON.parse((error as { responseBody: string }).responseBody) as { errorCode: number }).errorCode;
}

/** The promise form of the SDK's bulk call never settles; its callback form does. */
function bulk(operation: BulkEnrollmentOperation): Promise<BulkEnrollmentOperationResult> {
  return new Promise((resolve, reject) => {
    client.runBulkEnrollmentOperation(operation, (error, result) => {
      if (result && !error) resolve(result);
      else reject(error);
    });
  });
}

/** The typings of this one call lost their promise form. */
function serviceGroup(wanted: EnrollmentGroup): Promise<{ responseBody: EnrollmentGroup }> {
  return client.createOrUpdateEnrollmentGroup(wanted) as unknown as Promise<{ responseBody: EnrollmentGroup }>;
}

test('the service SDK creates, reads, changes and deletes an individual enrollment', async () => {
  const created = await client.createOrUpdateIndividualEnrollment(symmetric('sdk-1'));
  expect(created.responseBody.attestation.symmetricKey).toEqual({ primaryKey: key('p'), secondaryKey: key('s') });
  const { responseBody: read } = await client.getIndividualEnrollment('sdk-1');
  expect(read.attestation.symmetricKey).toBeUndefined();
  expect(read.etag).toBe(created.responseBody.etag);
  const { responseBody: mechanism } = await client.getIndividualEnrollmentAttestationMechanism('sdk-1');
  expect(mechanism.symmetricKey).toEqual({ primaryKey: key('p'), secondaryKey: key('s') });
  expect(await refusal(client.createOrUpdateIndividualEnrollment(symmetric('sdk-1')))).toBe(409201);
  const change = { ...symmetric('sdk-1'), etag: read.etag, provisioningStatus: 'disabled' as const };
  const changed = await client.createOrUpdateIndividualEnrollment(change);
  expect(changed.responseBody.provisioningStatus).toBe('disabled');
  expect(await refusal(client.deleteIndividualEnrollment('sdk-1', read.etag))).toBe(412001);
  await client.deleteIndividualEnrollment(changed.responseBody);
  expect(await refusal(client.getIndividualEnrollment('sdk-1'))).toBe(404201);
});

test('the service SDK creates in bulk and pages through what it made', async () => {
  const ids = Array.from({ length: 10 }, (_, n) => `sdk-bulk-${n}`);
  const create = { mode: 'create' as const, enrollments: ids.map(symmetric) };
  expect(await bulk(create)).toEqual({ isSuccessful: true, errors: [] });
  const again = await bulk(create);
  expect(again.isSuccessful).toBe(false);
  expect(again.errors.map((error) => error.registrationId)).toEqual(ids);
  const query = client.createIndividualEnrollmentQuery({ query: 'SELECT * FROM enrollments' }, 4);
  const pages: string[][] = [];
  // Without the token as its argument the SDK's promise form asks for the first page again and again.
  while (query.hasMoreResults) {
    const page = (await query.next(query.continuationToken)) as unknown as { responseBody: IndividualEnrollment[] };
    pages.push(page.responseBody.map((entry) => entry.registrationId));
  }
  expect(pages.map((page) => page.length)).toEqual([4, 4, 2]);
  expect(pages.flat().toSorted()).toEqual(ids.toSorted());
  expect((await bulk({ mode: 'delete', enrollments: ids.map(symmetric) })).isSuccessful).toBe(true);
});

test('the device SDK registers a device with its individual key, primary or secondary', async () => {
  await client.createOrUpdateIndividualEnrollment({ ...symmetric('sdk-device'), deviceId: 'Named.Device' });
  const { idScope } = emulator;
  for (const letter of ['p', 's']) {
    const result = await registerDevice(emulator, { registrationId: 'sdk-device', key: key(letter), idScope });
    expect(result).toMatchObject({ status: 'assigned', deviceId: 'Named.Device', substatus: 'initialAssignment' });
    expect(emulator.switches.linkedHubs).toContain(result.assignedHub);
  }
  const { responseBody: read } = await client.getIndividualEnrollment('sdk-device');
  expect(read.registrationState).toMatchObject({ status: 'assigned', deviceId: 'Named.Device' });
  const wrong = registerDevice(emulator, { registrationId: 'sdk-device', key: key('x'), idScope });
  await expect(wrong).rejects.toThrow();
});

test('the device SDK registers a device of a group with its derived key, and not with the key of the group', async () => {
  const groupKey = Buffer.alloc(64, 'g');
  const attestation = {
    type: 'symmetricKey' as const,
    symmetricKey: { primaryKey: groupKey.toString('base64'), secondaryKey: key('t') },
  };
  const wanted: EnrollmentGroup = { enrollmentGroupId: 'sdk-group', attestation, provisioningStatus: 'enabled' };
  const { responseBody: group } = await serviceGroup(wanted);
  expect((await client.getEnrollmentGroup('sdk-group')).responseBody.attestation.symmetricKey).toBeUndefined();
  const mechanism = await client.getEnrollmentGroupAttestationMechanism('sdk-group');
  expect(mechanism.responseBody.symmetricKey).toEqual(attestation.symmetricKey);
  const derived = createHmac('sha256', groupKey).update('sdk-member').digest('base64');
  const device = { registrationId: 'sdk-member', idScope: emulator.idScope };
  const result = await registerDevice(emulator, { ...device, key: derived });
  expect(result).toMatchObject({ status: 'assigned', deviceId: 'sdk-member' });
  await expect(registerDevice(emulator, { ...device, key: groupKey.toString('base64') })).rejects.toThrow();
  const records = client.createEnrollmentGroupDeviceRegistrationStateQuery({ query: 'SELECT *' }, 'sdk-group');
  const page = (await records.next(records.continuationToken)) as unknown as {
    responseBody: { registrationId: string }[];
  };
  expect(page.responseBody.map((record) => record.registrationId)).toEqual(['sdk-member']);
  await client.deleteDeviceRegistrationState('sdk-member');
  expect(await refusal(client.getDeviceRegistrationState('sdk-member'))).toBe(404202);
  await client.deleteEnrollmentGroup(group);
  await expect(registerDevice(emulator, { ...device, key: derived })).rejects.toThrow();
});

test('the service SDK pages through groups and the registration states of one, and deletes a state and its group', async () => {
  const key64 = Buffer.alloc(64, 'r');
  const attestation = {
    type: 'symmetricKey' as const,
    symmetricKey: { primaryKey: key64.toString('base64'), secondaryKey: key('u') },
  };
  await serviceGroup({ enrollmentGroupId: 'sdk-states', attestation, provisioningStatus: 'enabled' });
  const ids = ['sdk-s1', 'sdk-s2', 'sdk-s3'];
  for (const registrationId of ids) {
    const own = createHmac('sha256', key64).update(registrationId).digest('base64');
    await registerDevice(emulator, { registrationId, idScope: emulator.idScope, key: own });
  }
  const groups = client.createEnrollmentGroupQuery({ query: 'SELECT * FROM enrollmentGroups' }, 1);
  const found = (await pagesOf(groups)).map((group) => group.enrollmentGroupId);
  expect(found).toContain('sdk-states');
  const states = client.createEnrollmentGroupDeviceRegistrationStateQuery({ query: 'SELECT *' }, 'sdk-states', 2);
  const read = await pagesOf(states);
  expect(read.map(({ registrationId, status }) => [registrationId, status])).toEqual(ids.map((id) => [id, 'assigned']));
  await client.deleteDeviceRegistrationState('sdk-s1');
  expect(await refusal(client.getDeviceRegistrationState('sdk-s1'))).toBe(404202);
  const { responseBody: group } = await client.getEnrollmentGroup('sdk-states');
  await client.deleteEnrollmentGroup(group);
  expect(await refusal(client.getEnrollmentGroup('sdk-states'))).toBe(404204);
  expect((await client.getDeviceRegistrationState('sdk-s2')).responseBody.status).toBe('assigned');
});

test('the service SDK updates in bulk with the tags that it read, and without them is told what conflicts', async () => {
  const ids = ['sdk-u1', 'sdk-u2'];
  await bulk({ mode: 'create', enrollments: ids.map(symmetric) });
  const [one, two] = await Promise.all(ids.map(async (id) => (await client.getIndividualEnrollment(id)).responseBody));
  if (!one || !two) throw new Error('the enrollments are not there');
  const { etag: _etag, ...untagged } = two;
  const disabled = { provisioningStatus: 'disabled' as const };
  const update = await bulk({
    mode: 'update',
    enrollments: [{ ...one, ...disabled }, untagged as IndividualEnrollment],
  });
  expect(update.errors.map(({ registrationId, errorCode }) => [registrationId, errorCode])).toEqual([
    ['sdk-u2', 409201],
  ]);
  expect((await client.getIndividualEnrollment('sdk-u1')).responseBody.provisioningStatus).toBe('disabled');
  const stale = await bulk({ mode: 'updateIfMatchEtag', enrollments: [one, two] });
  expect(stale.errors.map(({ registrationId, errorCode }) => [registrationId, errorCode])).toEqual([
    ['sdk-u1', 412001],
  ]);
});

type Query = { hasMoreResults: boolean; continuationToken: string; next(token: string): Promise<unknown> };

/** Everything that a query gives; without the token the SDK's promise form asks for the first page again and again. */
async function pagesOf(query: object): Promise<Record<string, unknown>[]> {
  const asking = query as Query;
  const found: Record<string, unknown>[] = [];
  while (asking.hasMoreResults) {
    const page = (await asking.next(asking.continuationToken)) as { responseBody: Record<string, unknown>[] };
    found.push(...page.responseBody);
  }
  return found;
}
