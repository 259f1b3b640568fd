import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type SimulatedHub, startHub } from '../../../../drivers/simulated/hub/hub.ts';
import { defaultSwitches } from '../../../../drivers/simulated/hub/switches.ts';
import { systemClock } from '../../../../station-core/clock.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import type { OutboxRow } from '../../../../station-core/store/outbox.ts';
import type { HubClient } from '../../../../station-core/sync/hub/client.ts';
import { parseHubConnection } from '../../../../station-core/sync/hub/connection.ts';
import { differs, identityJson, identityOf, itemJson } from '../../../../station-core/sync/hub/identity.ts';
import { HubTarget } from '../../../../station-core/sync/targets/hub.ts';
import type { Carried, Fate, Sent } from '../../../../station-core/sync/targets/target.ts';
import { top } from '../../../rules/sources.ts';
import { fatesOf, hubClientOf, registryOf, without } from '../../../suites/hub.ts';

const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
let hub: SimulatedHub;
let client: HubClient;
beforeAll(async () => {
  hub = await startHub({ folder, switches: without });
  client = hubClientOf(hub);
});
afterEach(() => void Object.assign(hub.switches, defaultSwitches(), without));
afterAll(async () => {
  client.close();
  await hub.close();
  rmSync(folder, { recursive: true });
});

const signal = () => AbortSignal.timeout(20_000);
const keysOf = (id: string) => ({
  primary: createHash('sha512').update(id).digest(),
  secondary: createHash('sha256').update(id).digest(),
});

let last = 0;
const row = (registrationId: string, more: Partial<OutboxRow> = {}): OutboxRow => ({
  id: ++last,
  target: 'hub',
  registrationId,
  action: 'create',
  version: 1,
  body: { attestation: { type: 'symmetricKey' } },
  credential: 1,
  attempts: 0,
  replaces: null,
  ...more,
});

/** A target on the simulated hub, and the keys that it was given, which are zeroed when it is done. */
function targeted(carried?: Carried) {
  const given: Buffer[] = [];
  const carriedOf = async ({ registrationId }: OutboxRow): Promise<Carried> => {
    if (carried) return carried;
    const keys = keysOf(registrationId);
    given.push(keys.primary, keys.secondary);
    return { keys };
  };
  return { target: new HubTarget({ client, carriedOf }), given };
}

const answerOf = (fate: Fate | undefined): unknown =>
  fate && 'done' in fate ? (JSON.parse(fate.done) as { answer: string }).answer : fate;

test('a connection string is read in any order and case; every slip is named, and no key is quoted', () => {
  const key = Buffer.alloc(32, 3).toString('base64');
  const good = `sharedaccesskey=${key};HOSTNAME=Contoso.azure-devices.net;SharedAccessKeyName=registryReadWrite`;
  expect(parseHubConnection(Buffer.from(good))).toEqual({
    host: 'contoso.azure-devices.net',
    policy: 'registryReadWrite',
    key: Buffer.alloc(32, 3),
  });
  const refused: readonly (readonly [string, RegExp])[] = [
    ['', /HostName, SharedAccessKeyName, SharedAccessKey, found another part/],
    ['HostName=a.b;SharedAccessKeyName=x', /SharedAccessKey: expected a base64 key of 16 to 64 bytes, found nothing/],
    [`HostName=a.b;DeviceId=x;SharedAccessKey=${key}`, /expected a policy's, found a device's/],
    [`${good};HostName=a.b`, /every part once/],
    [`HostName=-;SharedAccessKeyName=x;SharedAccessKey=${key}`, /HostName: expected a host name/],
    [`HostName=a.b;SharedAccessKeyName=x;SharedAccessKey=${key.slice(1)}`, /SharedAccessKey: expected/],
  ];
  for (const [text, says] of refused) {
    const attempt = () => parseHubConnection(Buffer.from(text));
    expect(attempt).toThrow(says);
    expect(attempt).toThrow(/^(?!.*AwMDAwMD).*$/);
  }
});

test('identities as bytes are what a hub describes: keys, thumbprints, CA, twin, module', () => {
  const keys = { primary: Buffer.alloc(64, 1), secondary: Buffer.alloc(32, 2) };
  const twin = { tags: { line: 'a"b' }, properties: { desired: { rate: 5 } } };
  const body = { attestation: { type: 'symmetricKey' }, capabilities: { iotEdge: true }, initialTwin: twin };
  const sas = identityOf(row('gw-1', { body }), { keys });
  const symmetricKey = { primaryKey: keys.primary.toString('base64'), secondaryKey: keys.secondary.toString('base64') };
  expect(JSON.parse(itemJson(sas).toString())).toEqual({
    id: 'gw-1',
    importMode: 'create',
    status: 'enabled',
    capabilities: { iotEdge: true },
    ...twin,
    authentication: { type: 'sas', symmetricKey },
  });
  expect(JSON.parse(identityJson(sas).toString())).toEqual({
    deviceId: 'gw-1',
    status: 'enabled',
    capabilities: { iotEdge: true },
    authentication: { type: 'sas', symmetricKey },
  });
  const grouped = {
    body: { attestation: { type: 'x509', scope: 'group' }, provisioningStatus: 'disabled' },
    credential: null,
  };
  expect(JSON.parse(itemJson(identityOf(row('gw-2', grouped), undefined)).toString())).toEqual({
    id: 'gw-2',
    importMode: 'create',
    status: 'disabled',
    authentication: { type: 'certificateAuthority' },
  });
  const module = { body: { moduleId: 'meter', attestation: { type: 'x509', scope: 'group' } }, credential: null };
  expect(JSON.parse(itemJson(identityOf(row('gw-1', module), undefined)).toString())).toEqual({
    id: 'gw-1',
    importMode: 'create',
    moduleId: 'meter',
    authentication: { type: 'certificateAuthority' },
  });
});

test('lines of an import job are those of the golden file, byte by byte', () => {
  const keys = { primary: Buffer.alloc(32, 1), secondary: Buffer.alloc(32, 2) };
  const twin = { tags: { line: 'a"b' }, properties: { desired: { rate: 5 } } };
  const capabilities = { iotEdge: true };
  const symmetric = { attestation: { type: 'symmetricKey' }, capabilities, initialTwin: twin };
  const byCa = { attestation: { type: 'x509', scope: 'group' } };
  const first = { certificates: { primary: pem('first') }, known: [] };
  const identities = [
    identityOf(row('gw-1', { body: symmetric }), { keys }),
    identityOf(row('gw-2', { body: { ...byCa, provisioningStatus: 'disabled' } }), undefined),
    identityOf(row('gw-3', { body: { attestation: { type: 'x509' } } }), first),
    identityOf(row('gw-3', { body: { ...byCa, moduleId: 'meter' } }), undefined),
  ];
  const lines = identities.map((identity) => `${itemJson(identity).toString('utf8')}\n`).join('');
  expect(lines).toBe(readFileSync(join(top, 'test/golden/devices.txt'), 'utf8'));
});

test('a hundred devices are one call, and their keys are zeroed when it is over', async () => {
  const { target, given } = targeted();
  const rows = Array.from({ length: 100 }, (_, n) => row(`many-${n}`));
  const before = hub.requests().length;
  const fates = await fatesOf(target, rows);
  expect(hub.requests().slice(before)).toEqual([{ method: 'POST', path: '/devices', status: 200 }]);
  expect(rows.map(({ id }) => answerOf(fates.get(id)))).toEqual(rows.map(() => 'created'));
  expect(given.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  const { responseBody } = await registryOf(hub).get('many-7');
  expect(responseBody.authentication?.symmetricKey?.primaryKey).toBe(keysOf('many-7').primary.toString('base64'));
});

test.each([
  ['names', 400],
  ['numbers', 200],
] as const)(
  'what is there already is ours or is parked, told by %s with %i, and nobody’s is overwritten',
  async (errorCodes, bulkFailure) => {
    Object.assign(hub.switches, { errorCodes, bulkFailure });
    const registry = registryOf(hub);
    const id = (what: string) => `${what}-${errorCodes}`;
    await fatesOf(targeted().target, [row(id('ours'))]);
    await registry.create({ deviceId: id('foreign') });
    await registry.create({ deviceId: id('disabled'), status: 'disabled' });
    await registry.create({
      deviceId: id('thumb'),
      authentication: { type: 'selfSigned', x509Thumbprint: { primaryThumbprint: 'AB'.repeat(32) } },
    });
    const foreign = (await registry.get(id('foreign'))).responseBody.authentication;
    const rows = ['ours', 'foreign', 'new', 'disabled', 'thumb'].map((what) => row(id(what)));
    const fates = await fatesOf(targeted().target, rows);
    const differing = (what: string) => ({
      park: { code: 'cloud.different', details: { what, etag: expect.any(String) } },
    });
    expect(rows.map((one) => answerOf(fates.get(one.id)))).toEqual([
      'existing',
      differing('keys'),
      'created',
      differing('status'),
      differing('authentication type'),
    ]);
    expect((await registry.get(id('foreign'))).responseBody.authentication).toEqual(foreign);
  },
);

test('one bad device never stops the rest: the call is cut until it stands alone', async () => {
  const rows = [row('good-1'), row('bad id'), row('good-2'), row('good-3')];
  const fates = await fatesOf(targeted().target, rows);
  expect(rows.map(({ id }) => answerOf(fates.get(id)))).toEqual([
    'created',
    { park: { code: 'cloud.rejected', details: { status: 400, reason: 'ArgumentInvalid' } } },
    'created',
    'created',
  ]);
});

test('what is too large for one call goes in several, by number and by bytes', async () => {
  const tags = { note: 'x'.repeat(4_000) };
  const body = { attestation: { type: 'symmetricKey' }, initialTwin: { tags } };
  const rows = Array.from({ length: 100 }, (_, n) => row(`large-${n}`, { body }));
  const before = hub.requests().length;
  const fates = await fatesOf(targeted().target, rows);
  expect(hub.requests().length - before).toBe(2);
  expect(rows.every(({ id }) => answerOf(fates.get(id)) === 'created')).toBe(true);
  expect((await registryOf(hub).getTwin('large-99')).responseBody.tags).toEqual(tags);
});

test('an item too large for any call is refused alone', async () => {
  const huge = { attestation: { type: 'symmetricKey' }, initialTwin: { tags: { note: 'x'.repeat(300_000) } } };
  const rows = [row('slim-1'), row('huge', { body: huge }), row('slim-2')];
  const fates = await fatesOf(targeted().target, rows);
  expect(rows.map(({ id }) => answerOf(fates.get(id)))).toEqual([
    'created',
    { park: { code: 'cloud.rejected', details: { status: 413, reason: 'MessageTooLarge' } } },
    'created',
  ]);
});

test('a device is disabled as it is, made disabled where there is none, and found disabled', async () => {
  const registry = registryOf(hub);
  await fatesOf(targeted().target, [row('off-1')]);
  const disable = (id: string) => row(id, { action: 'disable', credential: null });
  const rows = [disable('off-1'), disable('off-2')];
  const fates = await fatesOf(targeted().target, rows);
  expect(rows.map(({ id }) => answerOf(fates.get(id)))).toEqual(['changed', 'created']);
  const { responseBody } = await registry.get('off-1');
  expect(responseBody.status).toBe('disabled');
  expect(responseBody.authentication?.symmetricKey?.primaryKey).toBe(keysOf('off-1').primary.toString('base64'));
  const again = disable('off-2');
  expect(answerOf((await fatesOf(targeted().target, [again])).get(again.id))).toBe('existing');
});

const pem = (text: string) =>
  Buffer.from(
    `-----BEGIN CERTIFICATE-----\n${Buffer.from(text).toString('base64')}\n-----END CERTIFICATE-----\n`,
  ).toString('base64');
const print = (text: string) => createHash('sha256').update(text).digest('hex').toUpperCase();

test('a certificate is told by its thumbprint, and a renewed one stands beside it', async () => {
  const registry = registryOf(hub);
  const x509 = { body: { attestation: { type: 'x509' } } };
  const made = row('cert-1', x509);
  await fatesOf(targeted({ certificates: { primary: pem('first') }, known: [] }).target, [made]);
  const roll = row('cert-1', { ...x509, action: 'roll' });
  const { target } = targeted({ certificates: { primary: pem('first'), secondary: pem('second') }, known: [] });
  expect(answerOf((await fatesOf(target, [roll])).get(roll.id))).toBe('changed');
  expect((await registry.get('cert-1')).responseBody.authentication?.x509Thumbprint).toEqual({
    primaryThumbprint: print('first'),
    secondaryThumbprint: print('second'),
  });
  expect(answerOf((await fatesOf(target, [roll])).get(roll.id))).toBe('existing');
});

test("a module has an identity of its own, and nobody's module is overwritten", async () => {
  const registry = registryOf(hub);
  await fatesOf(targeted().target, [row('host-1')]);
  const attestation = { type: 'x509', x509: { clientCertificates: { primary: { certificate: pem('module') } } } };
  const module = row('host-1', { version: 2, credential: null, body: { moduleId: 'meter', attestation } });
  const send = async () => answerOf((await fatesOf(targeted().target, [module])).get(module.id));
  expect(await send()).toBe('created');
  expect(await send()).toBe('existing');
  const { responseBody } = await registry.getModule('host-1', 'meter');
  expect(responseBody.authentication?.x509Thumbprint?.primaryThumbprint).toBe(print('module'));
  await registry.removeModule('host-1', 'meter');
  await registry.addModule({ deviceId: 'host-1', moduleId: 'meter' });
  expect(await send()).toMatchObject({ park: { code: 'cloud.different', details: { what: 'authentication type' } } });
});

test('a part of a call that fails leaves what was settled, and the rest waits', async () => {
  await fatesOf(targeted().target, [row('part-1')]);
  const rows = [row('part-1'), row('part-2')];
  const failing = new HubTarget({
    client: new Proxy(client, {
      get: (of, name) => {
        if (name === 'get') return () => Promise.reject(new StationError('cloud.failed', { status: 503, seconds: 0 }));
        const member: unknown = Reflect.get(of, name, of);
        return typeof member === 'function' ? member.bind(of) : member;
      },
    }),
    carriedOf: async ({ registrationId }) => ({ keys: keysOf(registrationId) }),
  });
  const sent: Sent = { fates: new Map(), operations: 0 };
  await expect(failing.send(rows, signal(), sent)).rejects.toMatchObject({ code: 'cloud.failed' });
  expect(rows.map(({ id }) => answerOf(sent.fates.get(id)))).toEqual([undefined, 'created']);
});

test('a foreign device is replaced in the very version that two people looked at, and in no other', async () => {
  const registry = registryOf(hub);
  const { etag = '' } = (await registry.create({ deviceId: 'taken' })).responseBody;
  const other = row('taken', { replaces: 'b3RoZXI=' });
  const refused = (await fatesOf(targeted().target, [other])).get(other.id);
  expect(refused).toEqual({ park: { code: 'cloud.different', details: { what: 'keys', etag } } });
  const seen = row('taken', { replaces: etag });
  expect(answerOf((await fatesOf(targeted().target, [seen])).get(seen.id))).toBe('changed');
  expect((await registry.get('taken')).responseBody.authentication?.symmetricKey?.primaryKey).toBe(
    keysOf('taken').primary.toString('base64'),
  );
});

test('a device is enabled again, gets a fresh key in one slot, and is deleted twice without harm', async () => {
  const registry = registryOf(hub);
  await fatesOf(targeted().target, [row('cycle')]);
  const act = async (action: OutboxRow['action'], body: object = {}) => {
    const one = row('cycle', { action, body, credential: null });
    return answerOf((await fatesOf(targeted().target, [one])).get(one.id));
  };
  expect([await act('enable'), await act('disable'), await act('enable')]).toEqual(['existing', 'changed', 'changed']);
  expect(await act('roll', { slot: 'secondary' })).toBe('changed');
  const { symmetricKey } = (await registry.get('cycle')).responseBody.authentication ?? {};
  expect(symmetricKey?.primaryKey).toBe(keysOf('cycle').primary.toString('base64'));
  expect(symmetricKey?.secondaryKey).not.toBe(keysOf('cycle').secondary.toString('base64'));
  expect([await act('delete'), await act('delete'), await act('forget')]).toEqual([
    'deleted',
    'deleted',
    'nothing to delete',
  ]);
  expect(await act('enable')).toMatchObject({ park: { code: 'cloud.different' } });
  expect(await act('reprovision')).toEqual({
    park: { code: 'cloud.by-hand', details: { target: 'An IoT hub', what: 'reprovision' } },
  });
});

const whole: readonly (readonly [number, string | undefined, string])[] = [
  [429, undefined, 'cloud.throttled'],
  [500, undefined, 'cloud.failed'],
  [401, undefined, 'cloud.refused'],
  [403, undefined, 'cloud.refused'],
  [200, '<html>', 'cloud.malformed'],
  [200, '{"isSuccessful":true,"errors":[{"deviceId":"w","errorCode":"DeviceNotFound"}]}', 'cloud.malformed'],
  [200, '{"isSuccessful":false,"errors":[]}', 'cloud.malformed'],
  [200, '{"isSuccessful":false,"errors":[{"deviceId":"other","errorCode":"DeviceAlreadyExists"}]}', 'cloud.malformed'],
];
test.each(whole)('HTTP %i with %s fails the call as %s, and nothing is counted as done', async (status, body, code) => {
  hub.switches.failNext = { count: 1, status, ...(body === undefined ? {} : { body }) };
  await expect(fatesOf(targeted().target, [row('w')])).rejects.toMatchObject({ code });
});

test('a 404 that is not the hub’s own is no proof that an identity is absent', async () => {
  hub.switches.failNext = { count: 1, status: 404, body: '<html>not here</html>' };
  await expect(client.get({ deviceId: 'x' }, signal())).rejects.toMatchObject({ code: 'cloud.rejected' });
  expect(await client.get({ deviceId: 'not-there' }, signal())).toBeUndefined();
  const numbered =
    '{"Message":"{\\"errorCode\\":404001,\\"message\\":\\"Device not registered\\"}","ExceptionMessage":""}';
  hub.switches.failNext = { count: 1, status: 404, body: numbered };
  expect(await client.get({ deviceId: 'x' }, signal())).toBeUndefined();
});

test('a policy that may only read, a wrong clock, another hub’s string and production are refused', async () => {
  const reader = hubClientOf(hub, {}, 'registryRead');
  await expect(reader.bulk({ bytes: Buffer.from('[{"id":"a"}]'), keyPairs: 0 }, signal())).rejects.toMatchObject({
    code: 'cloud.refused',
  });
  const late = hubClientOf(hub, { clock: { ...systemClock, now: () => Date.now() - 2 * 3_600_000 } });
  await expect(late.get({ deviceId: 'a' }, signal())).rejects.toMatchObject({
    code: 'cloud.refused',
    details: {
      cause: 'expired',
      advice: expect.stringContaining("the station's clock is 2 hours behind the service's"),
    },
  });
  const elsewhere = hubClientOf(hub, {
    connection: async () => ({ host: 'other.azure-devices.net', policy: 'x', key: Buffer.alloc(32) }),
  });
  await expect(elsewhere.get({ deviceId: 'a' }, signal())).rejects.toMatchObject({ code: 'cloud.not-configured' });
  const real = hubClientOf(hub, { mode: 'production' });
  await expect(real.get({ deviceId: 'a' }, signal())).rejects.toMatchObject({ code: 'station.mode' });
});

test('the last look before a body leaves: a key where none belongs, and a private key, stop it', async () => {
  const twin = (note: string) =>
    row('tell-tale', { body: { attestation: { type: 'symmetricKey' }, initialTwin: { tags: { note } } } });
  await expect(fatesOf(targeted().target, [twin('SharedAccessKey=abc')])).rejects.toMatchObject({
    code: 'cloud.key-in-body',
  });
  await expect(fatesOf(targeted().target, [twin('-----BEGIN PRIVATE KEY-----')])).rejects.toMatchObject({
    code: 'cloud.private-key',
  });
  expect(await client.get({ deviceId: 'tell-tale' }, signal())).toBeUndefined();
});

test('an identity without keys of ours is the same whatever keys the hub made', () => {
  const ours = identityOf(row('a', { credential: null }), undefined);
  const authentication = { type: 'sas', symmetricKey: { primaryKey: 'x', secondaryKey: 'y' } } as const;
  expect(differs(ours, { deviceId: 'a', etag: 'x', status: 'enabled', authentication })).toBeUndefined();
});
