import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Emulator } from '../../../../drivers/simulated/dps/emulator.ts';
import { type Clock, systemClock } from '../../../../station-core/clock.ts';
import type { StationError } from '../../../../station-core/contract/errors.ts';
import { DpsClient } from '../../../../station-core/sync/dps/client.ts';
import { parseConnection } from '../../../../station-core/sync/dps/connection.ts';
import type { Budget } from '../../../../station-core/sync/dps/service.ts';
import { Pace } from '../../../../station-core/sync/pace.ts';
import { freshEmulator } from '../../drivers/simulated/dps/raw.ts';

// Why the service refuses a station, told apart as far as it can be (F-153).

const signal = () => AbortSignal.timeout(10_000);
const body = { registrationId: 'a', attestation: { type: 'symmetricKey' } };
let emulator: Emulator;
const opened: DpsClient[] = [];

beforeAll(async () => {
  emulator = await freshEmulator({
    policies: {
      reader: ['EnrollmentRead'],
      writer: ['EnrollmentRead', 'EnrollmentWrite'],
      stranger: ['DeviceConnect'],
    },
  });
});
afterEach(() => {
  for (const client of opened.splice(0)) client.close();
  emulator.switches.failNext = { count: 0, status: 503 };
  emulator.switches.missingRight = 401;
});
afterAll(() => emulator.close());

const shifted = (ms: number): Clock => ({ ...systemClock, now: () => Date.now() + ms });

function clientWith(connection: string, clock: Clock = systemClock, pace: Budget = new Pace(10_000, clock)): DpsClient {
  const parsed = parseConnection(Buffer.from(connection));
  const connect = { host: '127.0.0.1', port: emulator.port };
  const client = new DpsClient({
    endpoint: { host: parsed.host, connect, ca: emulator.ca },
    connection: parsed,
    pace,
    clock,
    mode: 'practice',
  });
  opened.push(client);
  return client;
}

const refused = (call: Promise<unknown>): Promise<StationError> =>
  call.then(
    () => Promise.reject(new Error('it was let in')),
    (thrown: StationError) => thrown,
  );

test.each([401, 403] as const)(
  'a policy that lacks a right is told so, whether the service says %i',
  async (status) => {
    emulator.switches.missingRight = status;
    const client = clientWith(emulator.connectionStringOf('reader'));
    const error = await refused(client.putEnrollment('a', body, undefined, signal()));
    expect(error).toMatchObject({ code: 'cloud.refused', details: { status, cause: 'right' } });
    expect(error.message).toMatch(/The policy reader lacks the right EnrollmentWrite/);
    const records = await refused(client.getRegistration('a', signal()));
    expect(records.message).toMatch(/RegistrationStatusRead/);
  },
);

test('a key that is not the policy’s, and a policy without rights, are the likely causes of a first refusal', async () => {
  const wrong = emulator.connectionString.replace(/SharedAccessKey=.*/, `SharedAccessKey=${'A'.repeat(43)}=`);
  for (const connection of [wrong, emulator.connectionStringOf('stranger')]) {
    const error = await refused(clientWith(connection).getEnrollment('a', signal()));
    expect(error).toMatchObject({ code: 'cloud.refused', details: { status: 401, cause: 'credential' } });
    expect(error.message).toMatch(/the key or the name of the policy .*; the policy has no right there; an IP filter/);
    expect(error.message).not.toContain(/SharedAccessKey=(.*)$/.exec(connection)?.[1] ?? '?');
  }
});

test('a refusal after it was let in with the same key is likely an IP filter', async () => {
  const client = clientWith(emulator.connectionString);
  await client.getEnrollment('a', signal());
  emulator.switches.failNext = { count: 2, status: 401 };
  const error = await refused(client.putEnrollment('a', body, undefined, signal()));
  expect(error).toMatchObject({ code: 'cloud.refused', details: { status: 401, cause: 'filter' } });
  expect(error.message).toMatch(/likely an IP filter/);
});

test('a clock that is so far behind that its tokens are expired is told, with how far', async () => {
  const client = clientWith(emulator.connectionString, shifted(-3 * 3_600_000));
  const error = await refused(client.getEnrollment('a', signal()));
  expect(error).toMatchObject({ details: { status: 401, cause: 'expired' } });
  expect(error.message).toMatch(/3 hours behind the service's/);
});

test.each([
  [-12, /12 minutes behind the service's/],
  [12, /12 minutes ahead of the service's/],
])('a clock that is %i minutes off explains a refusal', async (minutes, message) => {
  const client = clientWith(emulator.connectionString, shifted(minutes * 60_000));
  await client.getEnrollment('a', signal());
  expect(Math.abs((client.skewMs ?? 0) + minutes * 60_000)).toBeLessThan(5_000);
  emulator.switches.failNext = { count: 1, status: 401 };
  const error = await refused(client.getEnrollment('a', signal()));
  expect(error).toMatchObject({ details: { cause: 'clock' } });
  expect(error.message).toMatch(message);
});

test('a right clock is measured as right', async () => {
  const client = clientWith(emulator.connectionString);
  expect(client.skewMs).toBeUndefined();
  await client.getEnrollment('a', signal());
  expect(Math.abs(client.skewMs ?? 1e9)).toBeLessThan(5_000);
});

test('a service that is gone when it is asked again leaves the first answer standing', async () => {
  let calls = 0;
  const take = async () => {
    emulator.switches.offline = ++calls === 2;
  };
  const client = clientWith(emulator.connectionStringOf('reader'), systemClock, {
    perMinute: 1_000,
    take,
    used: () => 0,
  });
  const error = await refused(client.putEnrollment('a', body, undefined, signal()));
  emulator.switches.offline = false;
  expect([calls, error]).toMatchObject([2, { code: 'cloud.refused', details: { cause: 'credential' } }]);
});
