import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Emulator } from '../../../../drivers/simulated/dps/emulator.ts';
import type { Right } from '../../../../drivers/simulated/dps/switches.ts';
import { systemClock } from '../../../../station-core/clock.ts';
import type { CloudCheck } from '../../../../station-core/contract/cloud.ts';
import { checkUp } from '../../../../station-core/sync/dps/checkup.ts';
import { DpsClient } from '../../../../station-core/sync/dps/client.ts';
import { parseConnection } from '../../../../station-core/sync/dps/connection.ts';
import { Pace } from '../../../../station-core/sync/pace.ts';
import { clientOf } from '../../../suites/station.ts';
import { freshEmulator } from '../../drivers/simulated/dps/raw.ts';

// `sync check`: what each probe shows, for policies of every kind; and that nothing is changed by it.

const policies: Record<string, Right[]> = {
  uploader: ['EnrollmentRead', 'EnrollmentWrite'],
  reader: ['EnrollmentRead'],
  writer: ['EnrollmentWrite'],
  registrar: ['RegistrationStatusRead', 'RegistrationStatusWrite'],
  stranger: ['ServiceConfig'],
};
let emulator: Emulator;

beforeAll(async () => {
  emulator = await freshEmulator({ policies });
});
afterEach(() => {
  emulator.switches.attestationMechanismRight = 'EnrollmentRead';
  emulator.switches.missingRight = 401;
  emulator.switches.offline = false;
});
afterAll(() => emulator.close());

async function check(policy: string): Promise<CloudCheck> {
  const client = clientOf(emulator, emulator.connectionStringOf(policy));
  try {
    return await checkUp(client.service, emulator.idScope, AbortSignal.timeout(20_000));
  } finally {
    client.close();
  }
}
const may = ({ rights }: CloudCheck) => rights.filter(({ has }) => has === 'yes').map(({ what }) => what);

const reads = [
  'read enrollments',
  'read keys of enrollments',
  'list enrollments',
  'read groups',
  'read keys of groups',
];
const writes = ['write enrollments', 'write groups', 'delete enrollments'];
const records = ['read registration records', 'delete registration records'];
const cases: readonly [string, readonly string[], boolean, RegExp | undefined][] = [
  ['provisioningserviceowner', [...reads, ...writes, ...records], true, undefined],
  ['uploader', [...reads, ...writes], true, undefined],
  ['reader', reads, false, /lacks the right EnrollmentWrite/],
  ['writer', writes, false, /lacks the right EnrollmentRead/],
  ['registrar', records, false, /lacks the right EnrollmentRead/],
  ['stranger', [], false, /the policy has no right there/],
];

test.each(cases)('the policy %s may %s', async (policy, allowed, ok, advice) => {
  for (const status of [401, 403] as const) {
    emulator.switches.missingRight = status;
    const found = await check(policy);
    expect([...may(found)].sort()).toEqual([...allowed].sort());
    expect(found).toMatchObject({ ok, emulator: true, idScope: emulator.idScope, caller: `policy ${policy}` });
    expect(found.way.map(({ step }) => step)).toEqual(['name', 'connection', 'tls']);
    expect(found.way.at(-1)?.found).toMatch(/^TLSv1\.[23] with TLS_/);
    expect(Math.abs(found.skewMs ?? 1e9)).toBeLessThan(5_000);
    if (advice && status === 401) expect(String(found.error?.details.advice)).toMatch(advice);
    if (ok) expect(found.error).toBeUndefined();
    else expect(found.error?.code).toBe('cloud.refused');
  }
});

test('a policy that may do everything, and one that reads keys of groups, are warned of (F-142)', async () => {
  expect((await check('provisioningserviceowner')).warnings).toEqual([
    expect.stringMatching(/may do everything/),
    expect.stringMatching(/keys of symmetric enrollment groups/),
  ]);
  expect((await check('uploader')).warnings).toEqual([expect.stringMatching(/keys of symmetric enrollment groups/)]);
  emulator.switches.attestationMechanismRight = 'ServiceConfig';
  expect((await check('uploader')).warnings).toEqual([]);
});

test('a check changes nothing: no entry is there before or after, whatever the policy', async () => {
  const client = clientOf(emulator);
  const all = async () => {
    const found: unknown[] = [];
    for await (const page of client.query(100, AbortSignal.timeout(10_000))) found.push(...page);
    for await (const page of client.queryGroups(100, AbortSignal.timeout(10_000))) found.push(...page);
    return found;
  };
  expect(await all()).toEqual([]);
  await check('provisioningserviceowner');
  expect(await all()).toEqual([]);
  client.close();
});

test('a service that breaks every connection, and one that is away, are told by where the way ends', async () => {
  emulator.switches.offline = true;
  expect(await check('uploader')).toMatchObject({ ok: false, rights: [], error: { code: 'cloud.unreachable' } });
  const connection = parseConnection(Buffer.from(emulator.connectionString));
  const pace = new Pace(1_000, systemClock);
  const endpoint = { host: connection.host, connect: { host: '127.0.0.1', port: 1 } };
  const away = new DpsClient({ endpoint, connection, pace, clock: systemClock, mode: 'practice' });
  const found = await checkUp(away.service, 'x', AbortSignal.timeout(10_000));
  expect(found).toMatchObject({ ok: false, way: [{ step: 'name' }], error: { code: 'cloud.unreachable' } });
  expect(found.error?.details.reason).toBe('connection: ECONNREFUSED');
  away.close();
});

test('a wrong clock is told with how far', async () => {
  const clock = { ...systemClock, now: () => Date.now() - 20 * 60_000 };
  const connection = parseConnection(Buffer.from(emulator.connectionStringOf('uploader')));
  const connect = { host: '127.0.0.1', port: emulator.port };
  const endpoint = { host: connection.host, connect, ca: emulator.ca };
  const client = new DpsClient({ endpoint, connection, pace: new Pace(1_000, clock), clock, mode: 'practice' });
  const found = await checkUp(client.service, 'x', AbortSignal.timeout(10_000));
  expect(found.warnings.at(-1)).toMatch(/20 minutes behind the service's/);
  client.close();
});
