import { expect, test } from 'vitest';
import { differs, settingsThatDiffer } from '../../../../station-core/sync/dps/same.ts';

const keys = { primary: Buffer.alloc(64, 1), secondary: Buffer.alloc(32, 2) };
const ours = { body: { registrationId: 'a', attestation: { type: 'symmetricKey' } }, keys };
const theirs = { registrationId: 'a', etag: 'x', attestation: { type: 'symmetricKey' as const } };
const symmetricKey = { primaryKey: keys.primary.toString('base64'), secondaryKey: keys.secondary.toString('base64') };
const attestation = { type: 'symmetricKey' as const, symmetricKey };
const other = Buffer.alloc(64, 9).toString('base64');

const comparisons: readonly [string, string | undefined, object, object, object][] = [
  ['the same', undefined, {}, {}, {}],
  ['the same with its defaults written out', undefined, {}, { deviceId: 'a', provisioningStatus: 'enabled' }, {}],
  ['another primary key', 'keys', {}, {}, { symmetricKey: { ...symmetricKey, primaryKey: other } }],
  ['another secondary key', 'keys', {}, {}, { symmetricKey: { ...symmetricKey, secondaryKey: other } }],
  ['no keys', 'keys', {}, {}, { symmetricKey: null }],
  ['another attestation', 'attestation type', {}, {}, { type: 'tpm' }],
  ['another device ID', 'device ID', {}, { deviceId: 'b' }, {}],
  ['a disabled entry', 'provisioning status', {}, { provisioningStatus: 'disabled' }, {}],
];
test.each(comparisons)('%s: differs in %s', (_, what, mine, entry, mechanism) => {
  expect(
    differs({ ...ours, body: { ...ours.body, ...mine } }, { ...theirs, ...entry }, {
      ...attestation,
      ...mechanism,
    } as never),
  ).toBe(what);
});

const mine = {
  iotHubs: ['a.azure-devices.net', 'b.azure-devices.net'],
  allocationPolicy: 'geoLatency',
  capabilities: { iotEdge: true },
  initialTwin: { tags: { line: '3', list: [1, { a: null }] }, properties: { desired: {} } },
};
const hasSettings: readonly [string, object, readonly string[]][] = [
  ['the very same', mine, []],
  ['hubs in another order and case', { ...mine, iotHubs: ['B.azure-devices.net', 'a.azure-devices.net'] }, []],
  [
    'what the service adds',
    {
      ...mine,
      reprovisionPolicy: {},
      initialTwin: { ...mine.initialTwin, tags: { ...mine.initialTwin.tags, version: 1 } },
    },
    [],
  ],
  ['another tag', { ...mine, initialTwin: { ...mine.initialTwin, tags: { line: '4' } } }, ['initialTwin']],
  [
    'a shorter list',
    { ...mine, initialTwin: { tags: { line: '3', list: [1] }, properties: { desired: {} } } },
    ['initialTwin'],
  ],
  ['nothing', {}, ['allocationPolicy', 'iotHubs', 'capabilities', 'initialTwin']],
  ['other kinds of things', { ...mine, capabilities: true, iotHubs: {} }, ['iotHubs', 'capabilities']],
];
test.each(hasSettings)('settings that are %s', (_, entry, differing) => {
  expect(settingsThatDiffer({ ...mine }, { ...theirs, ...entry } as never)).toEqual(differing);
});
