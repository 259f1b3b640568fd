import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api } from '../../../../station-core/contract/api.ts';
import { Client } from '../../../../station-core/contract/rpc.ts';
import type { SetupPlan } from '../../../../station-core/contract/setup.ts';
import { serveSetup } from '../../../../station-core/setup/serve-setup.ts';
import { isToSetUp, SetupHost } from '../../../../station-core/setup/setup-host.ts';
import { dice } from '../../../suites/mutations.ts';
import { portPair } from '../../../suites/port-pair.ts';
import { buildRenamedToken } from '../../../suites/renamed-token.ts';
import { testSeed } from '../../../suites/seed.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../../suites/softhsm.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

let token: SoftHsmToken;
let renamed: string;
const incidents: unknown[] = [];
beforeAll(async () => {
  token = await makeSoftHsm('line 3');
  renamed = await buildRenamedToken(token.folder);
  Object.assign(process.env, token.environment);
});
afterAll(() => token.dispose());

function setUp() {
  const folder = join(temporaryFolder(), 'line 3');
  const host = new SetupHost(folder, 'a test');
  const [ours, theirs] = portPair();
  serveSetup(host, theirs, (thrown) => {
    incidents.push(thrown);
    return 'test';
  });
  return { folder, host, port: ours, client: new Client(ours), close: () => host.close() };
}

/** Every file under a folder; sockets have no bytes. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const code = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (thrown: { code: string }) => thrown.code,
  );
const slow = { deadlineMs: 120_000 };
/** A making starts a station twice, with its stand-ins. */
const making = 180_000;
const practice: SetupPlan = { mode: 'practice', name: 'bench', lanes: [{ lane: 1, kind: 'simulated' }] };
const production = (): Extract<SetupPlan, { mode: 'production' }> => ({
  mode: 'production',
  name: 'line 3',
  place: { line: '3' },
  lanes: [{ lane: 1, kind: 'serial', path: '/dev/serial/by-path/none', baud: 115_200 }],
  hsm: { module: renamed, tokenLabel: 'line 3' },
  dps: { idScope: '0ne000956C5', deviceEndpoint: 'global.azure-devices-provisioning.net' },
  budgetPerMinute: 200,
  lead: 'Lena Lead',
  officer: 'Otto Officer',
});

test('a folder without a station says that it is to be set up, and does nothing else', async () => {
  const { client, folder, close } = setUp();
  expect(await client.call('station.describe', {})).toMatchObject({ toSetUp: true, practice: [], labels: [] });
  expect(await code(client.call('orders.list', {}))).toBe('setup.first');
  expect(await code(client.call('operators.signIn', { name: 'Lee Lead', pin: '2222' }))).toBe('setup.first');
  expect(await code(client.call('no.such' as 'orders.list', {}))).toBe('input.unknown-call');
  expect(await code(client.call('hsm.unlock', { pin: '0000', token: 'station' }))).toBe('setup.no-pin');
  expect(existsSync(folder)).toBe(false);
  expect(isToSetUp(folder)).toBe(true);
  await close();
});

test(
  'a practice line is made, opened, and answers the same client, who scans a label',
  async () => {
    const { client, folder, close } = setUp();
    expect(await client.call('setup.create', practice, slow)).toEqual({ station: 'bench', people: [] });
    const described = await client.call('station.describe', {});
    expect(described).toMatchObject({ station: 'bench', mode: 'practice' });
    expect(described.toSetUp).toBeUndefined();
    expect(described.labels.length).toBeGreaterThan(0);
    const { session } = await client.call('operators.signIn', { name: 'Tess Technician', pin: '1111' });
    const { n } = await client.call('station.view', {}, { session });
    const closed = new Promise<unknown>((resolve) => {
      client.onEvent(({ event }) => {
        if (event.type === 'closed') resolve(event.outcome);
      });
    });
    await client.call('events.follow', { since: n }, { session });
    await client.call('run.start', { lane: 1, serial: described.labels[0] ?? '' }, { session });
    expect(await closed).toBe('passed');
    expect(await code(client.call('setup.create', practice))).toBe('setup.done');
    expect(isToSetUp(folder)).toBe(false);
    await close();
  },
  making,
);

test(
  'a production station is made with a token whose PIN was tried before, and its first people sign in with their codes',
  async () => {
    const { client, folder, close } = setUp();
    const { modules } = await client.call('setup.look', { module: renamed }, slow);
    const mine = modules.find(({ path }) => path === renamed);
    expect(mine).toMatchObject({
      tokens: expect.arrayContaining([
        expect.objectContaining({ label: 'line 3', model: 'Renamed token', pin: 'fine', simulated: false }),
      ]) as unknown,
    });
    const chosen = await client.call('setup.useToken', production().hsm, slow);
    expect(chosen).toMatchObject({ state: 'locked', token: { label: 'line 3' }, simulated: false });
    expect(await code(client.call('setup.create', production(), slow))).toBe('setup.no-pin');
    expect(await code(client.call('hsm.unlock', { pin: '000000', token: 'station' }))).toBe('hsm.pin');
    expect(await code(client.call('setup.create', production(), slow))).toBe('setup.no-pin');
    const pin = token.pin().toString();
    expect(await client.call('hsm.unlock', { pin, token: 'station' }, slow)).toMatchObject({ state: 'ready' });
    expect(existsSync(folder)).toBe(false);
    const { people } = await client.call('setup.create', production(), slow);
    expect(people).toMatchObject([
      { name: 'Lena Lead', role: 'lead' },
      { name: 'Otto Officer', role: 'security-officer' },
    ]);
    expect(await client.call('station.describe', {})).toMatchObject({ mode: 'production', hsm: 'ready' });
    const { name, code: once } = people[0] ?? { name: '', code: '' };
    expect(await code(client.call('operators.signIn', { name, pin: once }, slow))).toBe('person.choose-pin');
    const signedIn = await client.call('operators.signIn', { name, pin: once, newPin: 'a PIN of 12' }, slow);
    expect(signedIn).toMatchObject({ name, role: 'lead' });
    expect(filesIn(folder).filter((path) => readFileSync(path).includes(pin))).toEqual([]);
    await close();
  },
  making,
);

test(
  'what cannot be opened leaves nothing behind, and the set-up goes on',
  async () => {
    const { client, folder, close } = setUp();
    const software = { ...production(), hsm: { module: token.module, tokenLabel: 'line 3' } };
    expect(await client.call('setup.useToken', software.hsm, slow)).toMatchObject({ simulated: true });
    await client.call('hsm.unlock', { pin: token.pin().toString(), token: 'station' }, slow);
    expect(await code(client.call('setup.create', software, slow))).toBe('station.mode');
    expect(readdirSync(dirname(folder))).toEqual([]);
    expect(await client.call('setup.create', practice, slow)).toMatchObject({ station: 'bench' });
    await close();
  },
  making,
);

test('two lanes on one port, simulated lanes in production and odd words are refused by the call', async () => {
  const { client, close } = setUp();
  const lane = production().lanes[0];
  const create = (more: object) => code(client.call('setup.create', { ...production(), ...more } as never));
  expect(await create({ lanes: [lane, { ...lane, lane: 2 }] })).toBe('input.invalid');
  expect(await create({ lanes: [{ lane: 1, kind: 'simulated' }] })).toBe('station.mode');
  expect(await create({ name: ' ' })).toBe('input.invalid');
  expect(await create({ dps: { idScope: '0ne 1', deviceEndpoint: 'x.net' } })).toBe('input.invalid');
  expect(incidents).toEqual([]);
  await close();
});

test('whatever is sent to a set-up, it answers, makes nothing, and goes on', async () => {
  const { port, client, folder, close } = setUp();
  const roll = dice(testSeed('setup-fuzz'));
  const calls = [
    ...Object.keys(api).filter((name) => name !== 'setup.create' && name !== 'setup.look'),
    '',
    'constructor',
  ];
  const values: readonly unknown[] = [null, -1, 1e300, '', '../..', 'x'.repeat(70_000), [], [[]], {}, { module: 7 }];
  const odd = () => values[roll(values.length)];
  for (let id = 10; id < 1_500; id++) {
    const call = calls[roll(calls.length)];
    const whole = { id, call, params: { module: odd(), tokenLabel: odd(), pin: odd(), deviceEndpoint: odd() } };
    port.send(roll(2) === 0 ? whole : [odd(), { ...whole, params: odd() }, { ...whole, id: odd() }][roll(3)]);
  }
  expect(await client.call('station.describe', {})).toMatchObject({ toSetUp: true });
  expect(existsSync(folder)).toBe(false);
  expect(incidents).toEqual([]);
  await close();
});
