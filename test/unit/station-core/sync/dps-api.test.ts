import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../../drivers/simulated/dps/emulator.ts';

import type { DpsClient } from '../../../../station-core/sync/dps/client.ts';
import { registerDevice } from '../../../suites/azure-sdk.ts';
import { clientOf } from '../../../suites/station.ts';
import { type Certified, Pki } from '../../../suites/x509-chains.ts';
import { rsaArea } from '../../drivers/simulated/dps/tpm-areas.ts';

// Every call of the service API, against the emulator over TLS.

const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
const pki = new Pki();
const signal = () => AbortSignal.timeout(20_000);
let emulator: Emulator;
let client: DpsClient;
let root: Certified;

beforeAll(async () => {
  const throttle = { servicePerMinute: null, registrationsPerMinute: null, pollsPerTenSeconds: null };
  emulator = await startEmulator({ folder: join(folder, 'dps'), switches: { throttle, retryAfterSeconds: 0 } });
  client = clientOf(emulator);
  root = pki.authority('root');
});
afterAll(async () => {
  client.close();
  await emulator.close();
  pki.remove();
  rmSync(folder, { recursive: true, force: true });
});

const slot = ({ cert }: Certified) => ({ certificate: Buffer.from(cert).toString('base64') });
const symmetric = (registrationId: string) => ({ registrationId, attestation: { type: 'symmetricKey' } });
const groupOf = (enrollmentGroupId: string, ...cas: Certified[]) => {
  const [primary, secondary] = cas.map(slot);
  const signingCertificates = { primary, ...(secondary ? { secondary } : {}) };
  return { enrollmentGroupId, attestation: { type: 'x509', x509: { signingCertificates } } };
};

async function all<T>(pages: AsyncGenerator<T[]>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}

test('individual enrollments of every attestation and slot are read as they were written', async () => {
  const [one, two] = [pki.device('leaf-1', { issuer: root }), pki.device('leaf-1', { issuer: root })];
  const clientCertificates = { primary: slot(one), secondary: slot(two) };
  const x509 = { registrationId: 'leaf-1', attestation: { type: 'x509', x509: { clientCertificates } } };
  await client.putEnrollment('leaf-1', x509, undefined, signal());
  const leaf = await client.getEnrollment('LEAF-1', signal());
  const shown = leaf?.attestation.x509?.clientCertificates;
  expect(shown?.primary.info).toMatchObject({ subjectName: 'CN=leaf-1' });
  expect(shown?.secondary?.info.sha256Thumbprint).toMatch(/^[0-9A-F]{64}$/);
  expect(await client.attestationOf('enrollments', 'leaf-1', signal())).toMatchObject({
    type: 'x509',
    x509: { clientCertificates: { primary: { info: shown?.primary.info } } },
  });

  const endorsementKey = rsaArea('ek').toString('base64');
  const tpm = { registrationId: 'tpm-1', attestation: { type: 'tpm', tpm: { endorsementKey } } };
  expect(await client.putEnrollment('tpm-1', tpm, undefined, signal())).toMatchObject(tpm);

  const keys = { primary: Buffer.alloc(64, 3), secondary: Buffer.alloc(16, 4) };
  await client.putEnrollment('key-1', symmetric('key-1'), undefined, signal(), keys);
  expect((await client.attestationOf('enrollments', 'key-1', signal())).symmetricKey).toEqual({
    primaryKey: keys.primary.toString('base64'),
    secondaryKey: keys.secondary.toString('base64'),
  });
  expect((await client.getEnrollment('key-1', signal()))?.attestation).toEqual({ type: 'symmetricKey' });
});

test('groups are made, changed with their etag, listed page by page, and deleted', async () => {
  const next = pki.authority('next');
  const { etag } = await client.putGroup('g-1', groupOf('g-1', root), undefined, signal());
  await expect(client.putGroup('g-1', groupOf('g-1', root), undefined, signal())).rejects.toMatchObject({
    details: { status: 409, reason: '409202' },
  });
  const changed = await client.putGroup('g-1', groupOf('g-1', root, next), etag, signal());
  expect(changed.attestation.x509?.signingCertificates?.secondary?.info).toMatchObject({ subjectName: 'CN=next' });
  await expect(client.deleteGroup('g-1', etag, signal())).rejects.toMatchObject({ details: { status: 412 } });
  const ids = Array.from({ length: 5 }, (_, n) => `many-${n}`);
  expect(
    await client.bulkOfGroups(
      'create',
      ids.map((id) => groupOf(id, root)),
      signal(),
    ),
  ).toEqual({
    isSuccessful: true,
    errors: [],
  });
  const pages: number[] = [];
  for await (const page of client.queryGroups(2, signal())) pages.push(page.length);
  expect(pages).toEqual([2, 2, 2]);
  const gone = ids.map((enrollmentGroupId) => ({ enrollmentGroupId }));
  await client.deleteGroup('many-0', undefined, signal());
  expect(await client.bulkOfGroups('delete', gone, signal())).toMatchObject({
    isSuccessful: false,
    errors: [{ enrollmentGroupId: 'many-0', errorCode: 404204 }],
  });
  await client.deleteGroup('g-1', changed.etag, signal());
  await client.deleteGroup('g-1', undefined, signal());
  expect(await all(client.queryGroups(10, signal()))).toEqual([]);
});

test('a bulk call works in each of its modes, and each entry fares alone', async () => {
  const ids = Array.from({ length: 10 }, (_, n) => `bulk-${n}`);
  const bodies = ids.map((id) => ({ body: symmetric(id) }));
  expect((await client.bulk('create', bodies, signal())).isSuccessful).toBe(true);
  const again = await client.bulk('create', bodies.slice(0, 1), signal());
  expect(again.errors).toMatchObject([{ registrationId: 'bulk-0', errorCode: 409201 }]);
  const read = await client.getEnrollment('bulk-1', signal());
  const body = { ...symmetric('bulk-1'), etag: read?.etag, provisioningStatus: 'disabled' };
  for (const mode of ['update', 'updateIfMatchETag'] as const) {
    const stale = { body: { ...body, etag: 'c3RhbGU=' } };
    expect((await client.bulk(mode, [stale], signal())).errors).toMatchObject([{ registrationId: 'bulk-1' }]);
  }
  expect((await client.bulk('updateIfMatchETag', [{ body }], signal())).isSuccessful).toBe(true);
  expect(await client.getEnrollment('bulk-1', signal())).toMatchObject({ provisioningStatus: 'disabled' });
  const names = ids.map((registrationId) => ({ body: { registrationId } }));
  expect((await client.bulk('delete', names, signal())).isSuccessful).toBe(true);
  expect(() => client.bulk('delete', [], signal())).toThrow(RangeError);
  expect(() => client.bulk('delete', [...names, ...names], signal())).toThrow(RangeError);
});

test('the records of devices that registered are read, listed by their group, and deleted with their etag', async () => {
  const groupKey = Buffer.alloc(64, 9);
  await client.getGroup('line', signal());
  await client.putEmulatedGroup('line', { primary: groupKey, secondary: Buffer.alloc(64, 8) }, undefined, signal());
  const ids = ['dev-1', 'dev-2', 'dev-3'];
  for (const registrationId of ids) {
    const key = createHmac('sha256', groupKey).update(registrationId).digest('base64');
    await registerDevice(emulator, { registrationId, key, idScope: emulator.idScope });
  }
  const record = await client.getRegistration('dev-1', signal());
  expect(record).toMatchObject({ registrationId: 'dev-1', status: 'assigned', deviceId: 'dev-1' });
  expect(record?.assignedHub).toMatch(/azure-devices\.net$/);
  const listed = await all(client.queryRegistrations('line', 2, signal()));
  expect(listed.map(({ registrationId }) => registrationId)).toEqual(ids);
  await expect(client.deleteRegistration('dev-1', 'c3RhbGU=', signal())).rejects.toMatchObject({
    details: { status: 412 },
  });
  await client.deleteRegistration('dev-1', record?.etag ?? '', signal());
  await client.deleteRegistration('dev-1', undefined, signal());
  expect(await client.getRegistration('dev-1', signal())).toBeUndefined();
});

test('a group key goes to nobody but a service that has just said that it is the emulator', async () => {
  const fresh = clientOf(emulator);
  const keys = { primary: Buffer.alloc(64, 9), secondary: Buffer.alloc(64, 8) };
  await expect(fresh.putEmulatedGroup('line', keys, undefined, signal())).rejects.toMatchObject({
    code: 'station.mode',
  });
  fresh.close();
});

test('a body of 96 KB or more is refused before it leaves, and the client says what fits', async () => {
  const asked = emulator.requests().length;
  const tags = { long: 'x'.repeat(50 * 1_024) };
  const bodies = ['fat-1', 'fat-2'].map((id) => ({ body: { ...symmetric(id), initialTwin: { tags } } }));
  expect([client.fits(bodies), client.fits(bodies.slice(1))]).toEqual([false, true]);
  await expect(client.bulk('create', bodies, signal())).rejects.toMatchObject({
    code: 'cloud.too-large',
    details: { most: 98_303 },
  });
  expect(emulator.requests().length).toBe(asked);
});
