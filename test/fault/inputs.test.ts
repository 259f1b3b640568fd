import { expect, test } from 'vitest';
import { seeded } from '../../drivers/simulated/unit/random.ts';
import { parseRecipe } from '../../station-core/cli/recipe-file.ts';
import { parseConfig } from '../../station-core/config.ts';
import { api, type Method } from '../../station-core/contract/api.ts';
import { pathOfUri, placeOf } from '../../station-core/contract/edge.ts';
import { StationError } from '../../station-core/contract/errors.ts';
import { parse } from '../../station-core/contract/parse.ts';
import type { Recipe } from '../../station-core/contract/recipe.ts';
import { readOrderFile } from '../../station-core/orders/file.ts';
import { practiceConfig } from '../../station-core/practice.ts';
import { parseConnection } from '../../station-core/sync/dps/connection.ts';
import { proxyFor } from '../../station-core/sync/dps/proxy.ts';
import { long, testSeed } from '../suites/seed.ts';

// Bytes that were good once, changed at random places: whatever comes of it is a value or a StationError that names the
// place, never a crash, a hang, or a part of a value.

const count = long ? 100_000 : 1_000;
const from = testSeed('inputs');
const random = seeded(from);
const whole = (below: number) => Math.floor(random() * below);

/** One to four changes: a flipped bit, a byte cut out, put in, or a stretch doubled, cut or swapped with an odd text. */
function mutate(good: Buffer): Buffer {
  let bytes = Buffer.from(good);
  for (let changes = 1 + whole(4); changes > 0 && bytes.length > 0; changes--) {
    const at = whole(bytes.length);
    const end = Math.min(bytes.length, at + 1 + whole(20));
    const odd = Buffer.from(odds[whole(odds.length)] ?? '');
    const kinds = [
      () =>
        Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from([(bytes[at] ?? 0) ^ (1 << whole(8))]),
          bytes.subarray(at + 1),
        ]),
      () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]),
      () => Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]),
      () => Buffer.concat([bytes.subarray(0, at), odd, bytes.subarray(end)]),
      () => bytes.subarray(0, at),
    ];
    bytes = (kinds[whole(kinds.length)] ?? (() => bytes))();
  }
  return bytes;
}

const odds = [
  '',
  '0',
  '-1',
  '1e999',
  'null',
  'true',
  '{}',
  '[]',
  '""',
  '"',
  ',',
  '\n',
  '\r',
  '\0',
  '\ufeff',
  '{',
  '}',
  '__proto__',
  '"constructor":',
  '\ud800',
  'ÿ',
  '{serial}',
  '{',
  '999999999999999999999',
];

/** Runs a reader on mutated bytes; answers how many were still taken. */
function survives(good: Buffer, read: (bytes: Buffer) => unknown): number {
  let taken = 0;
  for (let n = 0; n < count; n++) {
    const bytes = mutate(good);
    try {
      read(bytes);
      taken++;
    } catch (thrown) {
      if (thrown instanceof StationError && thrown.details.place !== undefined) continue;
      throw new Error(`seed ${from}, input ${n}: ${JSON.stringify(bytes.toString('latin1'))}`, { cause: thrown });
    }
  }
  process.stderr.write(`inputs: seed ${from}, ${taken} of ${count} were still good\n`);
  return taken;
}

const recipe: Recipe = {
  schema: 1,
  name: 'recipe',
  version: 3,
  protocol: 'uart-v1',
  registrationId: 'sn-{serial}-{mac}',
  delivery: 'clear',
  lock: true,
  target: 'dps',
  attestation: {
    type: 'symmetricKey',
    scope: 'individual',
    enrollment: {
      deviceId: '{serial}',
      provisioningStatus: 'disabled',
      capabilities: { iotEdge: true },
      initialTwin: { tags: { line: 3 }, properties: { desired: { a: [1, 2] } } },
      reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: false },
      allocationPolicy: 'custom',
      iotHubs: ['hub-1.azure-devices.net'],
      customAllocationDefinition: { webhookUrl: 'https://f.example:8443/api?code=1', apiVersion: '2019-03-31' },
      optionalDeviceInformation: { made: { at: 'line-3', of: ['{serial}'] } },
    },
  },
};

test(`${count} mutated recipes: each is taken whole or refused by its place`, () => {
  const good = Buffer.from(JSON.stringify(recipe));
  expect(parseRecipe(good.toString(), 'r')).toEqual(recipe);
  expect(survives(good, (bytes) => parseRecipe(bytes.toString('utf8'), 'recipe'))).toBeLessThan(count);
});

test(`${count} mutated recipes for IoT Edge: what is taken names files that can be written, and no PIN`, () => {
  const x509 = { certificate: 'file:///var/secrets/id.pem', privateKey: 'pkcs11:token=edge;object=id' };
  const attestation = { ...recipe.attestation, type: 'x509', key: { source: 'stored', store: 'pki' } };
  const edge = { format: 'toml', path: '/etc/aziot/config.toml', mode: '0600', payload: 'file:///p.json', x509 };
  const good = Buffer.from(JSON.stringify({ ...recipe, attestation, edge }));
  expect(parseRecipe(good.toString(), 'r')).toMatchObject({ edge });
  const taken = survives(good, (bytes) => {
    const { edge: read } = parseRecipe(bytes.toString('utf8'), 'recipe');
    if (!read?.x509) throw new Error('taken without what its attestation needs');
    for (const path of [placeOf(read).path, pathOfUri(read.x509.certificate)]) {
      expect(path).toMatch(/^\/[\x20-\x7e]+$/);
      expect(path).not.toContain('/../');
    }
    expect(read.x509.privateKey).toMatch(/^(file:\/\/\/|pkcs11:)(?!.*pin-value)/);
  });
  expect(taken).toBeLessThan(count);
});

test(`${count} mutated order files: all units or none`, () => {
  const good = Buffer.from(
    'serial,mac,site\n"A-1",A1:B2:C3:D4:E5:F6,Ulm\nA-2,02:00:00:00:00:02,"x, y"\nA-3,02:00:00:00:00:03,z\n',
  );
  const taken = survives(good, (bytes) => {
    const { units, problems } = readOrderFile(bytes, recipe);
    if (problems.length === 0) {
      if (units.length === 0) throw new Error('neither a unit nor a problem');
      return;
    }
    if (units.length > 0) throw new Error('units beside problems');
    for (const { line, expected } of problems)
      if (!(line >= 1) || expected === '') throw new Error('a problem without its place');
    throw new StationError('input.invalid', { place: String(problems[0]?.line) });
  });
  expect(taken).toBeLessThan(count);
});

test(`${count} mutated ranges: all units or none, and never more than a file may hold`, () => {
  const taken = survives(Buffer.from('first,last\nP-0001,P-0100\nQ0,Q9\n'), (bytes) => {
    const { units, problems } = readOrderFile(bytes, { ...recipe, registrationId: '{serial}' });
    if (units.length > 100_000 || units.length > 0 === problems.length > 0) throw new Error('neither all nor none');
    if (problems.length > 0) throw new StationError('input.invalid', { place: String(problems[0]?.line) });
  });
  expect(taken).toBeLessThan(count);
});

test(`${count} mutated configurations`, () => {
  expect(
    survives(Buffer.from(JSON.stringify(practiceConfig(2))), (bytes) => parseConfig(bytes.toString('utf8'))),
  ).toBeLessThan(count);
});

/** A reader whose errors quote no eight characters of a secret, wherever a mutation has put them. */
const quotingNothingOf =
  (secret: string, read: (bytes: Buffer) => unknown) =>
  (bytes: Buffer): unknown => {
    try {
      return read(bytes);
    } catch (thrown) {
      const { message, details } = thrown as StationError;
      const told = message + JSON.stringify(details);
      for (let at = 0; at + 8 <= secret.length; at++) {
        if (told.includes(secret.slice(at, at + 8))) throw new Error(`the error quotes the secret: ${told}`);
      }
      throw thrown;
    }
  };

test(`${count} mutated connection strings: taken whole or refused by the part, and the key is never quoted`, () => {
  const key = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
  const good = `HostName=a.azure-devices-provisioning.net;SharedAccessKeyName=up;SharedAccessKey=${key}`;
  const read = (bytes: Buffer) => {
    const { host, policy, key: bare } = parseConnection(bytes);
    if (!/^[a-z0-9.-]+\.[a-z0-9-]+$/.test(host) || policy === '' || bare.length < 12)
      throw new Error('half a connection');
  };
  expect(survives(Buffer.from(good), quotingNothingOf(key, read))).toBeLessThan(count);
});

test(`${count} mutated proxy URLs: a proxy or a refusal, and the password is never quoted`, () => {
  const password = 'pass-word-canary';
  const good = Buffer.from(`http://line-3:${password}@proxy.example:3128`);
  const read = (bytes: Buffer) => {
    const found = proxyFor('a.azure-devices-provisioning.net', 443, { HTTPS_PROXY: bytes.toString('utf8') });
    if (found && !/^\S+:\d{1,5}$/.test(found.shown)) throw new Error(`a proxy ${found.shown}`);
  };
  survives(good, quotingNothingOf(password, read));
});

test(`${count} mutated configurations of a station with Microsoft Entra ID`, () => {
  const credential = { kind: 'certificate', certificateFile: 'app.crt', keyFile: 'app.key', assertion: 'RS256' };
  const auth = {
    kind: 'entra',
    serviceHost: 'line.azure-devices-provisioning.net',
    tenant: 'contoso.example',
    clientId: '11111111-2222-3333-4444-555555555555',
    authority: 'login.microsoftonline.us',
    credential,
  };
  const dps = {
    kind: 'azure',
    idScope: '0ne000956C5',
    auth,
    serviceEndpoint: { host: '10.1.2.3', port: 8_443 },
    caFile: 'ca.pem',
    bulkCountsAs: 'items',
  };
  const good = JSON.stringify({ ...practiceConfig(1), dps });
  expect(parseConfig(good).dps).toMatchObject(dps);
  expect(survives(Buffer.from(good), (bytes) => parseConfig(bytes.toString('utf8')))).toBeLessThan(count);
});

test(`${count} mutated calls are parsed or refused by their place`, () => {
  const calls: readonly [Method, object][] = [
    ['run.start', { lane: 1, serial: 'A-1', order: 'o' }],
    [
      'orders.create',
      { name: 'o', recipe, units: [{ serial: 'A', mac: '02:00:00:00:00:01', facts: { site: 'x' } }], quantity: 1 },
    ],
    ['operators.signIn', { name: 'n', pin: '1234' }],
  ];
  for (const [method, params] of calls) {
    const text = Buffer.from(JSON.stringify(params));
    survives(text, (bytes) => {
      let json: unknown;
      try {
        json = JSON.parse(bytes.toString('utf8'));
      } catch {
        return; // no JSON is refused by the port, see the loopback's tests
      }
      parse(api[method].params, json, method);
    });
  }
});
