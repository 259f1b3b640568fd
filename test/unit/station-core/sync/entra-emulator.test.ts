import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Emulator } from '../../../../drivers/simulated/dps/emulator.ts';
import { systemClock } from '../../../../station-core/clock.ts';
import { checkUp } from '../../../../station-core/sync/dps/checkup.ts';
import { DpsClient } from '../../../../station-core/sync/dps/client.ts';
import { EntraAuthorization } from '../../../../station-core/sync/dps/entra.ts';
import {
  type Credential,
  certificateCredential,
  secretCredential,
} from '../../../../station-core/sync/dps/entra-credential.ts';
import { AppCertificates, phrase } from '../../../suites/app-certificates.ts';
import { ask, freshEmulator } from '../../drivers/simulated/dps/raw.ts';

// The client with tokens of Microsoft Entra ID against the emulator's token endpoint, roles and IP filter: two readings of the
// same documents.

const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
const certificates = new AppCertificates(folder);
const signal = () => AbortSignal.timeout(10_000);
const tenant = '11111111-2222-3333-4444-555555555555';
const contributor = '99999999-8888-7777-6666-555555555555';
const reader = '99999999-8888-7777-6666-000000000000';
const secret = 'a secret: 100 % & more';
const body = { registrationId: 'unit-1', attestation: { type: 'symmetricKey' } };
const opened: DpsClient[] = [];
let emulator: Emulator;

beforeAll(async () => {
  certificates.make('app');
  emulator = await freshEmulator();
  for (const [id, role] of [
    [contributor, 'contributor'],
    [reader, 'reader'],
  ] as const) {
    const { status } = await ask(emulator, {
      method: 'PUT',
      path: `/birthmark-emulator/applications/${id}`,
      headers: { Authorization: `Bearer ${emulator.adminToken}` },
      body: { tenant, role, secrets: [secret], certificates: [certificates.file('app.crt').toString()] },
    });
    expect(status).toBeLessThan(300);
  }
});
afterEach(() => {
  for (const client of opened.splice(0)) client.close();
  emulator.switches.ipFilter = [];
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const bySecret = (text = secret) => secretCredential(Buffer.from(text));
const byCertificate = (kind: 'PS256' | 'RS256') => {
  const files = { certificate: certificates.file('app.crt'), key: certificates.file('app.key') };
  return certificateCredential(files, Buffer.from(phrase), kind, Date.now());
};

function clientAs(clientId: string, credential: Credential): DpsClient {
  const { ca, port, serviceHost } = emulator;
  const connect = { host: '127.0.0.1', port };
  const authority = { host: 'login.microsoftonline.com', connect, ca };
  const authorization = new EntraAuthorization({ authority, tenant, clientId, credential, clock: systemClock });
  const client = new DpsClient({
    endpoint: { host: serviceHost, connect, ca },
    authorization,
    pace: { perMinute: 1_000, take: async () => undefined, used: () => 0 },
    clock: systemClock,
    mode: 'practice',
  });
  opened.push(client);
  return client;
}

test.each([
  ['a client secret', () => bySecret()],
  ['a certificate and RSA-PSS', () => byCertificate('PS256')],
  ['a certificate and PKCS#1', () => byCertificate('RS256')],
])('an application with %s writes, reads and deletes', async (_, credential) => {
  const client = clientAs(contributor, credential());
  const { etag } = await client.putEnrollment('unit-1', body, undefined, signal());
  expect(await client.getEnrollment('unit-1', signal())).toMatchObject({ etag });
  await client.deleteEnrollment('unit-1', etag, signal());
});

test('a role that only reads is told so, and by sync check with the action that it lacks', async () => {
  const client = clientAs(reader, bySecret());
  const error = await client.putEnrollment('unit-1', body, undefined, signal()).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ code: 'cloud.refused', details: { cause: 'right' } });
  expect(String(error)).toMatch(/lacks a role for this .*Device Provisioning Service Data Contributor/);
  const check = await checkUp(client.service, emulator.idScope, signal());
  expect(check).toMatchObject({ ok: false, caller: `application ${reader}`, error: { code: 'cloud.refused' } });
  expect(check.rights.filter(({ has }) => has === 'no').map(({ right }) => right)).toContain(
    'Microsoft.Devices/provisioningServices/enrollments/write',
  );
  const whole = await checkUp(clientAs(contributor, bySecret()).service, emulator.idScope, signal());
  expect([whole.ok, whole.rights.every(({ has }) => has === 'yes')]).toEqual([true, true]);
});

test('a wrong secret is told by its number', async () => {
  const call = clientAs(contributor, bySecret('wrong')).getEnrollment('unit-1', signal());
  await expect(call).rejects.toThrow(/AADSTS7000215\): the client secret is wrong/);
});

test('an IP filter that shuts the station out after it was let in is the likely cause', async () => {
  const client = clientAs(contributor, bySecret());
  await client.getEnrollment('unit-1', signal());
  emulator.switches.ipFilter = [{ filterName: 'nobody', action: 'Reject', ipMask: '0.0.0.0/0' }];
  const error = await client.getEnrollment('unit-1', signal()).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ code: 'cloud.refused', details: { status: 401, cause: 'filter' } });
});
