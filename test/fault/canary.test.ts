import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hsms } from '../../drivers/hsm/registry.ts';
import { Client, type Port } from '../../station-core/contract/rpc.ts';
import { openLog } from '../../station-core/log.ts';
import { actor, makeOrder } from '../../station-core/practice.ts';
import { serveStation } from '../../station-core/serve.ts';
import { heldKey } from '../suites/held-key.ts';
import { makeSoftHsm, type SoftHsmToken } from '../suites/softhsm.ts';
import { TestStation } from '../suites/station.ts';

// Secrets that the test knows, planted in a station and looked for afterwards in everything that it wrote or said.

let token: SoftHsmToken;
let line: TestStation;
const pin = 'canary-pin-71093';
const newPin = 'canary-pin-88240';
const groupKey = Buffer.from('canary group key: 64 bytes that stand nowhere else in the world!');

beforeAll(async () => {
  token = await makeSoftHsm();
  const { module, tokenLabel, environment } = token;
  line = await TestStation.open({
    hsm: () => hsms.pkcs11({ module, tokenLabel, pin: token.pin(), environment }),
    log: openLog,
  });
});
afterAll(async () => {
  await line.close();
  await token.dispose();
});

/** A port to the station that keeps every message that went over it. */
function tappedClient(traffic: string[]): Client {
  const toStation: ((message: unknown) => void)[] = [];
  const toClient: ((message: unknown) => void)[] = [];
  const port = (mine: typeof toStation, theirs: typeof toStation): Port => ({
    send: (message) => {
      const text = JSON.stringify(message);
      traffic.push(text);
      for (const listener of theirs) listener(JSON.parse(text));
    },
    onMessage: (listener) => void mine.push(listener),
    onClose: () => undefined,
  });
  serveStation(line.station, port(toStation, toClient));
  return new Client(port(toClient, toStation));
}

/** Every way in which a secret may have been written down. */
function forms(secret: Buffer): Buffer[] {
  const base64 = secret.toString('base64');
  return [
    secret,
    Buffer.from(base64),
    Buffer.from(base64.replace(/=+$/, '')),
    Buffer.from(secret.toString('base64url')),
    Buffer.from(secret.toString('hex')),
    Buffer.from(secret.toString('hex').toUpperCase()),
    Buffer.from(JSON.stringify(secret.toJSON().data).slice(1, -1)),
    // A part is as bad as the whole.
    secret.subarray(0, 16),
    secret.subarray(-16),
  ];
}

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

/** What the station itself wrote: its folder without the memories of units and of the cloud's stand-in. */
const written = () =>
  files(line.folder).filter((path) => !/[/\\](practice|dps)[/\\]/.test(path.slice(line.folder.length)));

test('no group key, device key or PIN is in the database, the WAL, the logs or the contract traffic', async () => {
  const traffic: string[] = [];
  const { station } = line;
  await station.operators.add('Cana Ry', 'technician', Buffer.from(pin));
  const client = tappedClient(traffic);
  const { session } = await client.call('operators.signIn', { name: 'Cana Ry', pin, newPin });
  await expect(client.call('operators.signIn', { name: 'Cana Ry', pin: `${newPin}x` })).rejects.toMatchObject({
    code: 'person.unknown',
  });
  await client.call('events.follow', { since: station.records.journal.newest() }, { session });

  const params = { label: 'canary' };
  const { approval } = await line.as('lead', 'approvals.approve', { method: 'hsm.importGroupKey', params });
  const secret = Buffer.from(groupKey);
  const key = await station.call('hsm.importGroupKey', params, {
    actor: actor(station, 'security-officer'),
    approval,
    secret,
  });
  const { client: cloud } = station.parts;
  await cloud?.getGroup('canary', AbortSignal.timeout(5_000));
  const groupKeys = { primary: groupKey, secondary: groupKey };
  await cloud?.putEmulatedGroup('canary', groupKeys, undefined, AbortSignal.timeout(5_000));
  const common = {
    schema: 1,
    version: 1,
    protocol: 'uart-v1',
    registrationId: '{serial}',
    delivery: 'clear',
    lock: false,
    target: 'dps',
  } as const;
  const group = {
    ...common,
    name: 'g',
    attestation: { type: 'symmetricKey', scope: 'group', group: 'canary', key },
  } as const;
  const individual = { ...common, name: 'i', attestation: { type: 'symmetricKey', scope: 'individual' } } as const;

  // Once with the cloud away, so that sealed secrets lie in the database, and once with it.
  const keys: Buffer[] = [];
  for (const recipe of [group, individual]) {
    const { labels } = await makeOrder(station, recipe, 3);
    line.emulator.switches.offline = recipe === individual;
    for (const serial of labels) {
      const { run } = await client.call('run.start', { lane: 1, serial }, { session });
      await station.lanes.ended(1);
      expect(await client.call('run.show', { run }, { session })).toMatchObject({ outcome: 'passed' });
      keys.push(Buffer.from(heldKey(join(line.folder, 'practice'), serial) ?? '', 'base64'));
    }
  }
  expect(keys.map((held) => held.length)).toEqual([32, 32, 32, 64, 64, 64]);
  expect(station.records.db.prepare('SELECT count(*) AS n FROM credential WHERE sealed IS NOT NULL').get()).toEqual({
    n: 3,
  });

  const look = (when: string) => {
    const texts = traffic.filter((text) => !text.includes('"operators.signIn"'));
    expect(texts.length).toBeGreaterThan(20);
    const places = [
      ...written().map((path) => [path, readFileSync(path)] as const),
      ['traffic', Buffer.from(texts.join('\n'))] as const,
    ];
    expect(places.map(([path]) => path).some((path) => path.endsWith('-wal'))).toBe(true);
    expect(places.map(([path]) => path).some((path) => path.endsWith('.jsonl'))).toBe(true);
    const canaries = {
      groupKey,
      pin: Buffer.from(pin),
      newPin: Buffer.from(newPin),
      hsmPin: token.pin(),
      ...Object.fromEntries(keys.map((held, n) => [`device ${n}`, held])),
    };
    const found = Object.entries(canaries).flatMap(([name, canary]) =>
      places.flatMap(([path, bytes]) =>
        (/pin$/i.test(name) ? [canary] : forms(canary))
          .filter((form) => bytes.includes(form))
          .map(() => `${when}: ${name} in ${path}`),
      ),
    );
    expect(found).toEqual([]);
  };
  look('before the receipts');
  line.emulator.switches.offline = false;
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, parked: 0 });
  look('after the receipts');
});

test('the look finds what is there', () => {
  // Serials do stand in the database, in clear: a search that missed them would miss a key.
  const serial = line.station.records.units.next(line.station.records.units.orders()[0]?.id ?? 0, 1)[0] ?? 'P2-0001';
  expect(written().some((path) => readFileSync(path).includes(Buffer.from(serial)))).toBe(true);
});
