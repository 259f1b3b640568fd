import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fsck } from '../../../station-core/fsck/fsck.ts';
import { actor, makeOrder, recipeOf } from '../../../station-core/practice.ts';
import { TestStation } from '../../suites/station.ts';

let line: TestStation;
let central: string;
let ids: string[];

beforeAll(async () => {
  line = await TestStation.open({ lanes: 2 });
  central = join(line.folder, 'central');
  await line.stop();
  await line.start({ centralFolder: central });
  const { labels } = await line.order('central', 6);
  ids = [];
  for (const label of labels) ids.push((await line.scan(1, label)).registrationId);
});
afterAll(() => line.close());

/** The derived key of a device, as IoT Central would show it. */
async function keyOf(id: string): Promise<string> {
  const { attestation } = await recipeOf(line.station, 'central');
  if (attestation.type !== 'symmetricKey' || attestation.scope !== 'group') throw new Error('another recipe');
  return (await line.station.parts.hsm.deriveDeviceKey(attestation.key, id)).toString('base64');
}

const header = 'IOTC_DEVICEID,IOTC_DEVICENAME,IOTC_SASKEY_PRIMARY,IOTC_SASKEY_SECONDARY';
const compare = (text: string, sha256?: string) => {
  const secret = Buffer.from(text);
  const params = { name: 'export.csv', sha256: sha256 ?? createHash('sha256').update(secret).digest('hex') };
  return line.station.call('sync.compareCentral', params, { actor: actor(line.station, 'auditor'), secret });
};

test('every unit of a group is told of by itself: one file, with names and without a key', async () => {
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, parked: 0 });
  const [file = '', ...others] = readdirSync(central);
  expect(others).toEqual([]);
  const text = readFileSync(join(central, file), 'utf8');
  expect(text.split('\r\n').slice(1, -1)).toEqual(
    ids.map((id) => expect.stringMatching(`^${id},Practice unit P1-000\\d$`)),
  );
  for (const id of ids) expect(text).not.toContain(await keyOf(id));
  expect((await fsck(line.folder)).filter(({ kind }) => kind === 'damage')).toEqual([]);
});

test('a device name that an order cannot fill is told when the order is made, not when a unit has passed', async () => {
  const recipe = { ...(await recipeOf(line.station, 'central')), central: { deviceName: '{site} {serial}' } };
  const order = { name: 'nameless', recipe, units: [{ serial: 'N-1', mac: '02:00:00:00:00:0A' }] };
  await expect(line.as('lead', 'orders.create', order)).rejects.toThrow(/template, \{site\}: expected/);
});

test('an order for IoT Central is armed by a lead who compared it there, and by nobody else', async () => {
  const recipe = await recipeOf(line.station, 'central');
  await line.as('lead', 'orders.create', {
    name: 'other',
    recipe,
    units: [{ serial: 'X-1', mac: '02:00:00:00:00:09' }],
  });
  await expect(line.as('lead', 'orders.arm', { order: 'other' })).rejects.toMatchObject({
    code: 'order.not-comparable',
  });
  expect(await line.as('lead', 'orders.arm', { order: 'other', accept: true })).toMatchObject({ armed: 'accepted' });
});

test('an export says who is there, who is missing, who is foreign, and whose keys are ours', async () => {
  const [first = '', second = '', third = '', fourth = '', fifth = '', sixth = ''] = ids;
  const other = Buffer.alloc(32, 9).toString('base64');
  const lines = [
    `${first},One,${await keyOf(first)},${other}`,
    `${second},Two,${other},${await keyOf(second)}`,
    `${third},Three,${other},${other}`,
    `${fourth},Four,,`,
    `${fifth},Five,${await keyOf(first)},`,
    `somebody-else,Six,${other},${other}`,
  ];
  expect(await compare([header, ...lines, ''].join('\r\n'))).toEqual({
    devices: 6,
    units: 6,
    there: 5,
    missing: [sixth],
    foreign: ['somebody-else'],
    keys: { same: 2, different: [third, fifth], notShown: 1 },
    thumbprints: { same: 0, different: [], notShown: 0 },
  });
  expect(line.entries().at(-1)).toMatchObject({ action: 'central.compared', details: { there: 5, differentKeys: 2 } });
  expect(JSON.stringify(line.entries().at(-1))).not.toContain(other);
});

test('certificates are compared by SHA-1 or SHA-256, whichever the export shows', async () => {
  const recipe = { ...(await recipeOf(line.station, 'x509-group')), target: 'central' as const };
  const { labels } = await makeOrder(line.station, recipe, 3);
  const certified: string[] = [];
  for (const label of labels) certified.push((await line.scan(1, label)).registrationId);
  const print = (id: string, hash: string) => {
    const [leaf] = line.station.records.certificates.liveOf(line.station.records.units.byRegistration(id)?.id ?? 0);
    return createHash(hash)
      .update(leaf?.der ?? '')
      .digest('hex');
  };
  const [first = '', second = '', third = ''] = certified;
  const lines = [
    'IOTC_DEVICEID,IOTC_X509THUMBPRINT_PRIMARY,IOTC_X509THUMBPRINT_SECONDARY',
    `${first},${print(first, 'sha1')},`,
    `${second},,${print(second, 'sha256').toUpperCase()}`,
    `${third},${print(first, 'sha1')},`,
  ];
  expect(await compare(lines.join('\n'))).toMatchObject({
    there: 3,
    thumbprints: { same: 2, different: [third], notShown: 0 },
  });
});

test('a file of which other bytes were said is refused, and so is one without a column of IDs', async () => {
  await expect(compare(`${header}\r\n`, '0'.repeat(64))).rejects.toThrow(/expected the bytes of the file/);
  await expect(compare('a,b\r\n')).rejects.toThrow(/export\.csv, line 1: expected a header/);
});

test('a scrapped unit is for a person to block there, and is not looked for any more', async () => {
  const serial = 'P1-0001';
  await line.station.call(
    'unit.scrap',
    { serial, reason: 'unspecified' },
    await byTwo({ serial, reason: 'unspecified' }),
  );
  await line.as('lead', 'sync.run', {});
  expect((await line.as('lead', 'sync.parked', {})).map(({ reason }) => reason.code)).toEqual(['cloud.by-hand']);
  expect((await compare(`${header}\r\n`)).units).toBe(8);
});

async function byTwo(params: { serial: string; reason: 'unspecified' }) {
  const operation = { method: 'unit.scrap', params } as const;
  const second = { actor: actor(line.station, 'security-officer') };
  const { approval } = await line.station.call('approvals.approve', operation, second);
  return { actor: actor(line.station, 'lead'), approval };
}

test('nothing is left in a temporary file', () => {
  expect(readdirSync(central).every((name) => name.endsWith('.csv') && !name.startsWith('.'))).toBe(true);
});
