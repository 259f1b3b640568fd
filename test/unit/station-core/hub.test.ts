import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assemble, writeCsrInfo } from '../../../drivers/asn1/csr.ts';
import { type SimulatedHub, startHub } from '../../../drivers/simulated/hub/hub.ts';
import type { Method, Params, Result } from '../../../station-core/contract/api.ts';
import type { Role } from '../../../station-core/contract/record.ts';
import { fsck } from '../../../station-core/fsck/fsck.ts';
import { actor, makeOrder, type RecipeName, recipeOf } from '../../../station-core/practice.ts';
import { openSecret } from '../../../station-core/secret-handlers.ts';
import type { HubClient } from '../../../station-core/sync/hub/client.ts';
import { parseHubConnection } from '../../../station-core/sync/hub/connection.ts';
import { heldKey } from '../../suites/held-key.ts';
import { hubClientOf, registryOf, without } from '../../suites/hub.ts';
import { TestStation } from '../../suites/station.ts';

// A station whose hub's connection string is one of its named secrets, as station.json would have it.

const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
let hub: SimulatedHub;
let client: HubClient;
let line: TestStation;

beforeAll(async () => {
  hub = await startHub({ folder, switches: without });
  client = hubClientOf(hub, {
    connection: async () => parseHubConnection(await openSecret(line.station, 'hub-connection')),
  });
  line = await TestStation.open({ lanes: 1, parts: { hub: client } });
});
afterAll(async () => {
  await line.close();
  client.close();
  await hub.close();
  rmSync(folder, { recursive: true });
});

/** A call that a security officer makes and a lead agrees to. */
async function byTwo<M extends Method>(
  method: M,
  params: Params<M>,
  more: { secret?: Buffer; keep?: (secret: Buffer) => void } = {},
): Promise<Result<M>> {
  const operation = { method, params };
  const { approval } = await line.station.call('approvals.approve', operation, { actor: actor(line.station, 'lead') });
  return line.station.call(method, params, { actor: actor(line.station, 'security-officer'), approval, ...more });
}

/** Units of a ready-made recipe, with the hub as their target; answers their registration IDs. */
async function make(name: RecipeName, units: number): Promise<{ order: string; ids: string[] }> {
  const recipe = { ...(await recipeOf(line.station, name)), target: 'hub' as const };
  const { order, labels } = await makeOrder(line.station, recipe, units);
  const ids: string[] = [];
  for (const label of labels) ids.push((await line.scan(1, label)).registrationId);
  return { order: order.name, ids };
}

const sync = () => line.as('lead', 'sync.run', {});

test('without its secret the target stops for a person, and with it everything goes', async () => {
  const { ids } = await make('symmetric-individual', 2);
  expect(await sync()).toMatchObject({ queued: 2 });
  expect((await line.as('lead', 'station.view', {})).sync).toMatchObject({
    state: 'stopped',
    error: { code: 'secret.unknown' },
  });
  const secret = Buffer.from(hub.connectionStringOf('registryReadWrite'));
  await byTwo('secret.set', { name: 'hub-connection' }, { secret });
  expect(await sync()).toMatchObject({ queued: 0, parked: 0, done: 2 });
  const { responseBody } = await registryOf(hub).list();
  expect(responseBody.map(({ deviceId }) => deviceId).toSorted()).toEqual(ids.toSorted());
});

test('certificates of single units are told by thumbprint, and their modules get identities of their own', async () => {
  const { ids } = await make('x509-individual', 1);
  const [id = ''] = ids;
  await sync();
  const registry = registryOf(hub);
  const { responseBody: device } = await registry.get(id);
  const [leaf] = line.station.records.certificates.liveOf(line.station.records.units.byRegistration(id)?.id ?? 0);
  const print = (der: Buffer | null | undefined) =>
    createHash('sha256')
      .update(der ?? '')
      .digest('hex')
      .toUpperCase();
  expect(device.authentication).toMatchObject({
    type: 'selfSigned',
    x509Thumbprint: { primaryThumbprint: print(leaf?.der) },
  });
  const { certificate } = await line.station.call(
    'ca.module',
    { registrationId: id, module: 'meter', csr: moduleRequest(id) },
    { actor: actor(line.station, 'security-officer') },
  );
  await sync();
  const { responseBody: module } = await registry.getModule(id, 'meter');
  const row = line.station.records.certificates.byId(certificate.id);
  expect(module.authentication?.x509Thumbprint?.primaryThumbprint).toBe(print(row?.der));
});

function moduleRequest(id: string): string {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const info = writeCsrInfo([{ type: 'CN', value: `${id}/meter` }], publicKey.export({ type: 'spki', format: 'der' }));
  return assemble(info, 'ecdsa-sha256', sign('sha256', info, privateKey)).toString('base64');
}

test('units of a CA are told of one by one, and so are their modules, by the authority alone', async () => {
  const byCa = { authentication: { type: 'certificateAuthority' } };
  const { order, ids } = await make('x509-group', 2);
  await sync();
  const registry = registryOf(hub);
  for (const id of ids) expect((await registry.get(id)).responseBody).toMatchObject(byCa);
  const [id = ''] = ids;
  const params = { registrationId: id, module: 'meter', csr: moduleRequest(id) };
  await line.station.call('ca.module', params, { actor: actor(line.station, 'security-officer') });
  expect(await sync()).toMatchObject({ queued: 0, parked: 0 });
  expect((await registry.getModule(id, 'meter')).responseBody).toMatchObject(byCa);
  const { units, left, text } = await line.as('lead', 'hub.lines', { order });
  expect([units, left, text.match(/"type":"certificateAuthority"/g)?.length]).toEqual([2, 0, 2]);
});

test('a module with a key of its own: released once into the audit, the same string each time, nobody’s overwritten', async () => {
  const { ids } = await make('symmetric-individual', 1);
  const [id = ''] = ids;
  const keys: Buffer[] = [];
  const ask = () =>
    byTwo('hub.module', { registrationId: id, module: 'camera' }, { keep: (key) => void keys.push(key) });
  expect(await ask()).toEqual({ host: hub.host, deviceId: id, module: 'camera' });
  await ask();
  expect(keys[0]?.equals(keys[1] ?? Buffer.alloc(0))).toBe(true);
  await sync();
  const { responseBody } = await registryOf(hub).getModule(id, 'camera');
  expect(responseBody.authentication?.symmetricKey?.primaryKey).toBe(keys[0]?.toString('base64'));
  const released = line.entries().filter(({ action }) => action === 'module.released');
  expect(released).toHaveLength(2);
  expect(JSON.stringify(released)).not.toContain(keys[0]?.toString('base64') ?? 'x');
  await expect(
    line.station.call('hub.module', { registrationId: id, module: 'm' }, { actor: actor(line.station, 'lead') }),
  ).rejects.toThrow();
});

test('lines of an import job: certificates for a lead, keys for two people while they are kept, none that was not asked for', async () => {
  hub.switches.offline = true;
  const keyed = await make('symmetric-individual', 2);
  const certified = await make('x509-individual', 1);
  const plain = await line.as('lead', 'hub.lines', { order: certified.order });
  expect([plain.units, plain.left]).toEqual([1, 0]);
  expect(JSON.parse(plain.text)).toEqual({
    id: certified.ids[0],
    importMode: 'create',
    status: 'enabled',
    authentication: {
      type: 'selfSigned',
      x509Thumbprint: { primaryThumbprint: expect.stringMatching(/^[0-9A-F]{64}$/), secondaryThumbprint: null },
    },
  });
  expect(await line.as('lead', 'hub.lines', { order: keyed.order })).toEqual({ units: 0, left: 2, text: '' });
  await expect(byTwo('hub.keyLines', { order: keyed.order })).rejects.toThrow(/who takes the key/);
  let bytes = Buffer.alloc(0) as Buffer;
  const keep = (secret: Buffer) => {
    bytes = secret;
  };
  expect(await byTwo('hub.keyLines', { order: keyed.order }, { keep })).toEqual({ units: 2, left: 0 });
  const items = bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as Item);
  hub.switches.offline = false;
  await sync();
  for (const { id, authentication } of items) {
    const { responseBody } = await registryOf(hub).get(id);
    expect(responseBody.authentication?.symmetricKey).toEqual(authentication.symmetricKey);
  }
  expect(await byTwo('hub.keyLines', { order: keyed.order }, { keep })).toEqual({ units: 0, left: 2 });
  expect(line.entries().at(-1)).toMatchObject({ action: 'hub.lines', details: { units: 0, withKeys: true } });
});

type Item = { readonly id: string; readonly authentication: { readonly symmetricKey: object } };

test('an order for a hub needs a station that has one', async () => {
  const other = await TestStation.open({ lanes: 1 });
  try {
    const recipe = { ...(await recipeOf(other.station, 'symmetric-individual')), target: 'hub' as const };
    await expect(makeOrder(other.station, recipe, 1)).rejects.toMatchObject({ code: 'cloud.not-configured' });
  } finally {
    await other.close();
  }
});

test('a scrapped unit is disabled in the hub', async () => {
  const { order, ids } = await make('symmetric-individual', 1);
  await sync();
  const [id = ''] = ids;
  const serial = line.station.records.units.byRegistration(id)?.serial ?? '';
  const params = { serial, order, reason: 'unspecified' } as const;
  const { approval } = await line.station.call(
    'approvals.approve',
    { method: 'unit.scrap', params },
    { actor: actor(line.station, 'security-officer') },
  );
  await line.station.call('unit.scrap', params, { actor: actor(line.station, 'lead'), approval });
  await sync();
  expect((await registryOf(hub).get(id)).responseBody.status).toBe('disabled');
});

test('a lead and a second person disable, enable, re-key and delete a device in the hub', async () => {
  const { order, ids } = await make('symmetric-individual', 1);
  await sync();
  const [id = ''] = ids;
  const which = { serial: line.station.records.units.byRegistration(id)?.serial ?? '', order };
  const registry = registryOf(hub);
  type Change = 'unit.disable' | 'unit.enable' | 'unit.rollKey' | 'unit.deprovision';
  const change = async (method: Change, params: object, first: Role, second: Role) => {
    const operation = { method, params };
    const { approval } = await line.station.call('approvals.approve', operation, {
      actor: actor(line.station, second),
    });
    await line.station.call(method, params, { actor: actor(line.station, first), approval });
    expect(await sync()).toMatchObject({ queued: 0, parked: 0 });
  };
  const key = async () => (await registry.get(id)).responseBody.authentication?.symmetricKey;
  const before = await key();
  await change('unit.disable', which, 'lead', 'security-officer');
  expect((await registry.get(id)).responseBody.status).toBe('disabled');
  await change('unit.enable', which, 'lead', 'security-officer');
  await change('unit.rollKey', { ...which, slot: 'secondary' }, 'security-officer', 'lead');
  expect((await registry.get(id)).responseBody.status).toBe('enabled');
  expect(await key()).toMatchObject({ primaryKey: before?.primaryKey });
  expect((await key())?.secondaryKey).not.toBe(before?.secondaryKey);
  await change('unit.deprovision', which, 'lead', 'security-officer');
  await expect(registry.get(id)).rejects.toThrow();
});

test('a replaced credential takes the place of the one before in the hub', async () => {
  const { order, ids } = await make('symmetric-individual', 1);
  const [id = ''] = ids;
  await sync();
  const [unit] = await line.as('lead', 'unit.look', { text: id });
  const serial = unit?.serial ?? '';
  const primary = async () => (await registryOf(hub).get(id)).responseBody.authentication?.symmetricKey?.primaryKey;
  const held = () => heldKey(join(line.folder, 'practice'), serial);
  const before = await primary();
  expect(before).toBe(held());
  await line.agreed('lead', 'unit.replace', { serial, order });
  expect((await line.scan(1, serial)).outcome).toBe('passed');
  expect(await sync()).toMatchObject({ queued: 0, parked: 0 });
  expect(await primary()).toBe(held());
  expect(await primary()).not.toBe(before);
});

test('the records agree with each other, and nothing happened that nobody foresaw', async () => {
  expect((await fsck(line.folder)).filter(({ kind }) => kind === 'damage')).toEqual([]);
  expect(line.log.incidents).toEqual([]);
});
