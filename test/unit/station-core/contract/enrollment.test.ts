import { expect, test } from 'vitest';
import { attestationOf } from '../../../../station-core/attestation/registry.ts';
import { parse } from '../../../../station-core/contract/parse.ts';
import { recipeSchema } from '../../../../station-core/contract/recipe.ts';

const recipeWith = (enrollment: object) => ({
  schema: 1,
  name: 'r',
  version: 1,
  protocol: 'uart-v1',
  registrationId: '{serial}',
  attestation: { type: 'symmetricKey', scope: 'individual', enrollment },
  delivery: 'clear',
  lock: false,
  target: 'dps',
});
const tags = (value: unknown) => ({ initialTwin: { tags: value } });
const deep = (levels: number): object => (levels === 1 ? { leaf: 1 } : { below: deep(levels - 1) });

const good: readonly [string, object][] = [
  ['a static policy with its hub', { allocationPolicy: 'static', iotHubs: ['hub-1.azure-devices.net'] }],
  ['several hubs for the other policies', { allocationPolicy: 'hashed', iotHubs: ['a.example', 'b.example'] }],
  [
    'a custom policy with its webhook',
    {
      allocationPolicy: 'custom',
      customAllocationDefinition: { webhookUrl: 'https://f.example:8443/api/x?code=1', apiVersion: '2019-03-31' },
    },
  ],
  ['ten levels of tags', tags(deep(10))],
  ['names of many letters', tags({ größe_42: ['µ', null, true, 1.5] })],
  ['free information', { optionalDeviceInformation: { list: [{ a: 'b' }] } }],
];
test.each(good)('an enrollment may have %s', (_, enrollment) => {
  expect(parse(recipeSchema, recipeWith(enrollment), 'recipe').attestation).toMatchObject({ enrollment });
});

const bad: readonly [string, object, RegExp][] = [
  ['static without a hub', { allocationPolicy: 'static' }, /exactly one hub in iotHubs/],
  ['static with two hubs', { allocationPolicy: 'static', iotHubs: ['a.b', 'c.d'] }, /exactly one hub in iotHubs/],
  ['custom without a webhook', { allocationPolicy: 'custom' }, /customAllocationDefinition with/],
  [
    'a webhook without custom',
    { customAllocationDefinition: { webhookUrl: 'https://a.b/', apiVersion: '2019-03-31' } },
    /customAllocationDefinition with/,
  ],
  [
    'a webhook over http',
    {
      allocationPolicy: 'custom',
      customAllocationDefinition: { webhookUrl: 'http://a.b/', apiVersion: '2019-03-31' },
    },
    /webhookUrl: expected an https URL/,
  ],
  [
    'a webhook with a password',
    {
      allocationPolicy: 'custom',
      customAllocationDefinition: { webhookUrl: 'https://u:p@a.b/', apiVersion: '2019-03-31' },
    },
    /webhookUrl: expected an https URL/,
  ],
  ['a hub that is no host name', { iotHubs: ['hub'] }, /iotHubs\.0: expected a host name/],
  ['the hub of before 2018', { iotHubHostName: 'a.b' }, /no field iotHubHostName/],
  ['more than 8 KB of tags', tags(manyTexts(9)), /initialTwin\.tags: expected at most 8192 bytes/],
  [
    'more than 32 KB of desired properties',
    { initialTwin: { properties: { desired: manyTexts(33) } } },
    /desired: expected at most 32768 bytes/,
  ],
  ['a text of more than 4 KB', tags({ a: 'é'.repeat(2_049) }), /texts of at most 4096 bytes/],
  ['a name of more than 1 KB', tags({ ['n'.repeat(1_025)]: 1 }), /names of at most 1024 bytes/],
  ['eleven levels', tags(deep(11)), /at most 10 levels/],
  ['eleven levels, some of them lists', tags({ a: [[[[[[[[[[1]]]]]]]]]] }), /at most 10 levels/],
  ['a dot in a name', tags({ 'a.b': 1 }), /without control characters, dots/],
  ['a space in a name below', tags({ a: [{ 'b c': 1 }] }), /without control characters, dots/],
  ['a $ in a name', tags({ $version: 1 }), /without control characters, dots/],
  ['a control character in a name', tags({ 'a\u0007': 1 }), /without control characters, dots/],
  ['an empty name', tags({ '': 1 }), /at least one character/],
  ['a connection string', tags({ a: 'HostName=h;SharedAccessKey=AAAA' }), /no keys, tokens or connection strings/],
  ['a token', tags({ a: ['SharedAccessSignature sr=h'] }), /no keys, tokens or connection strings/],
  [
    'a private key',
    { optionalDeviceInformation: { pem: '-----BEGIN EC PRIVATE KEY-----' } },
    /no keys, tokens or connection strings/,
  ],
];
test.each(bad)('an enrollment with %s is refused', (_, enrollment, message) => {
  expect(() => parse(recipeSchema, recipeWith(enrollment), 'recipe')).toThrow(message);
});

function manyTexts(kilobytes: number): object {
  return Object.fromEntries(Array.from({ length: kilobytes }, (_, n) => [`t${n}`, 'x'.repeat(1_024)]));
}

const identity = { registrationId: 'sn-1', serial: 'SN-1', mac: '02:00:00:00:00:01', facts: { model: 'M "2"' } };
const template = {
  deviceId: '{model}-{serial}',
  initialTwin: { tags: { serial: '{serial}', list: ['{mac}', 7] }, properties: { desired: { model: '{model}' } } },
};

test("texts of the twin get the unit's values, as the device ID does", () => {
  const recipe = parse(recipeSchema, recipeWith({ ...template, deviceId: 'd-{serial}' }), 'recipe');
  expect(attestationOf(recipe).ofUnit(recipe, identity)?.body).toMatchObject({
    deviceId: 'd-SN-1',
    initialTwin: {
      tags: { serial: 'SN-1', list: ['02-00-00-00-00-01', 7] },
      properties: { desired: { model: 'M "2"' } },
    },
  });
});

test.each([
  ['a fact that the unit does not have', { ...identity, facts: {} }, /template, \{model\}/],
  ['a serial that is not known', { ...identity, serial: '' }, /template, \{serial\}/],
])('a template of %s is refused', (_, unit, message) => {
  const recipe = parse(recipeSchema, recipeWith(template), 'recipe');
  expect(() => attestationOf(recipe).ofUnit(recipe, unit)).toThrow(message);
});

const groupWith = (enrollment: object) => ({
  ...recipeWith({}),
  attestation: {
    type: 'x509',
    scope: 'group',
    group: 'line-3',
    enrollment,
    issuer: { name: 'line-3', publicKey: 'a'.repeat(64) },
    key: { source: 'unit', algorithm: 'p256' },
    profile: { validityDays: 365, renewal: 'by the fleet' },
  },
});

test('a group that the station makes has the settings of its recipe', () => {
  const enrollment = { allocationPolicy: 'static', iotHubs: ['hub-1.example'], initialTwin: { tags: { line: '3' } } };
  const recipe = parse(recipeSchema, groupWith(enrollment), 'recipe');
  const issuer = { certificate: { certificate: Buffer.from('der') } } as never;
  expect(attestationOf(recipe).ofOrder(recipe, issuer)).toMatchObject({ action: 'create-group', body: enrollment });
});

test.each([
  ['a device ID', { deviceId: 'd' }, /deviceId/],
  ['a twin that speaks of a unit', { initialTwin: { tags: { serial: '{serial}' } } }, /no \{words\} in the twin/],
  ['static without a hub', { allocationPolicy: 'static' }, /exactly one hub/],
])('a group with %s is refused', (_, enrollment, message) => {
  expect(() => parse(recipeSchema, groupWith(enrollment), 'recipe')).toThrow(message);
});
