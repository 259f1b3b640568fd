import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Emulator } from '../../../../drivers/simulated/dps/emulator.ts';
import { attestationOf } from '../../../../station-core/attestation/registry.ts';
import { parse } from '../../../../station-core/contract/parse.ts';
import { type Recipe, recipeSchema } from '../../../../station-core/contract/recipe.ts';
import type { OutboxRow } from '../../../../station-core/store/outbox.ts';
import type { DpsClient } from '../../../../station-core/sync/dps/client.ts';
import { settingsThatDiffer } from '../../../../station-core/sync/dps/same.ts';
import { DpsTarget } from '../../../../station-core/sync/targets/dps.ts';
import type { Carried } from '../../../../station-core/sync/targets/target.ts';
import { fatesOf } from '../../../suites/fates.ts';
import { clientOf } from '../../../suites/station.ts';
import { chainFor } from '../../../suites/unit-certificates.ts';
import { freshEmulator } from '../../drivers/simulated/dps/raw.ts';
import { rsaArea } from '../../drivers/simulated/dps/tpm-areas.ts';

// F-130: what a recipe says of an enrollment is what the cloud shows of it, through the target, over TLS.

const hubs = ['hub-a.azure-devices.net', 'hub-b.azure-devices.net'];
let emulator: Emulator;
let client: DpsClient;

beforeAll(async () => {
  emulator = await freshEmulator({ switches: { linkedHubs: hubs } });
  client = clientOf(emulator);
});
afterAll(async () => {
  client.close();
  await emulator.close();
});

const twin = {
  tags: { line: '3', serial: '{serial}', batch: { week: 48, lots: ['a', 'b'] }, empty: {}, none: null },
  properties: { desired: { interval: 30, größe: 1.5, on: true, model: '{model}' } },
};
const template = {
  deviceId: 'line3-{serial}',
  provisioningStatus: 'disabled',
  allocationPolicy: 'geoLatency',
  iotHubs: hubs,
  capabilities: { iotEdge: true },
  initialTwin: twin,
  reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: false },
  optionalDeviceInformation: { made: { station: 'line-3', of: '{serial}' }, 'dots.are': 'fine' },
};
const certificate = Buffer.from(
  `-----BEGIN CERTIFICATE-----\n${chainOfOne().toString('base64')}\n-----END CERTIFICATE-----\n`,
).toString('base64');

function chainOfOne(): Buffer {
  const pem = chainFor(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey).toString('latin1');
  return Buffer.from(pem.split('-----')[2] ?? '', 'base64');
}

const attestations: readonly [string, object, Carried][] = [
  [
    'symmetricKey',
    { type: 'symmetricKey', scope: 'individual' },
    { keys: { primary: Buffer.alloc(64, 1), secondary: Buffer.alloc(64, 2) } },
  ],
  [
    'x509',
    { type: 'x509', scope: 'individual', key: { source: 'own', trust: { list: 'vendor' } } },
    { certificates: { primary: certificate }, known: [certificate] },
  ],
  ['tpm', { type: 'tpm', scope: 'individual' }, { endorsementKey: rsaArea('ek').toString('base64') }],
];

function recipeOf(attestation: object, enrollment: object): Recipe {
  const tpm = { endorsementKey: 'rsa2048', genuine: 'possession', roots: [] };
  const type = (attestation as { type: string }).type;
  return parse(
    recipeSchema,
    {
      schema: 1,
      name: 'whole',
      version: 1,
      protocol: 'uart-v1',
      registrationId: '{serial}',
      attestation: { ...attestation, enrollment },
      delivery: 'clear',
      lock: false,
      target: 'dps',
      ...(type === 'tpm' ? { tpm } : {}),
    },
    'recipe',
  );
}

const variants: readonly [string, object][] = [
  ['everything', template],
  ['nothing', {}],
  ['a static hub', { allocationPolicy: 'static', iotHubs: [hubs[1]] }],
  [
    'a webhook',
    {
      allocationPolicy: 'custom',
      customAllocationDefinition: { webhookUrl: 'https://f.example/api', apiVersion: '2019-03-31' },
    },
  ],
];

const cases = attestations.flatMap(([type, attestation, carried]) =>
  variants.map(([name, enrollment]) => [type, name, attestation, carried, enrollment] as const),
);

test.each(cases)(
  'an enrollment by %s with %s comes back as the recipe says',
  async (type, name, attestation, carried, enrollment) => {
    const recipe = recipeOf(attestation, enrollment);
    const registrationId = `${type.toLowerCase()}-${name.replaceAll(' ', '-')}`;
    const identity = { registrationId, serial: registrationId, mac: null, facts: { model: 'M2' } };
    const upload = attestationOf(recipe).ofUnit(recipe, identity);
    if (!upload) throw new Error('no upload');
    const row: OutboxRow = {
      id: 1,
      target: 'dps',
      version: 1,
      attempts: 0,
      replaces: null,
      credential: 1,
      registrationId,
      action: 'create',
      body: upload.body,
    };
    // The target zeroes what it was given.
    const copy: Carried =
      'keys' in carried
        ? { keys: { primary: Buffer.from(carried.keys.primary), secondary: Buffer.from(carried.keys.secondary) } }
        : carried;
    const target = new DpsTarget({ client, carriedOf: async () => copy });
    const fates = await fatesOf(target, [row], AbortSignal.timeout(20_000));
    expect(fates.get(1)).toMatchObject({ done: expect.stringContaining('created') });

    const shown = await client.getEnrollment(registrationId, AbortSignal.timeout(20_000));
    const { attestation: _sent, ...sent } = upload.body;
    expect(shown).toMatchObject({ registrationId, ...sent, attestation: { type } });
    expect(JSON.stringify(shown)).not.toContain('{serial}');
    if (shown) expect(settingsThatDiffer(upload.body, shown)).toEqual([]);
  },
);
