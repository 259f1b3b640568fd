import { Agent } from 'node:https';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { defaultSwitches } from '../../../../../drivers/simulated/dps/switches.ts';
import { type Certified, type ClientIdentity, Pki, showing } from '../../../../suites/x509-chains.ts';
import {
  ask,
  certified,
  certifiedRegistration,
  enroll,
  freshEmulator,
  json,
  manage,
  primary,
  putGroup,
  type Reply,
  registration,
} from './raw.ts';

const DAY = 86_400_000;
const pki = new Pki();
let emulator: Emulator;
let time = 0;
let root: Certified;
let factory: Certified;
let line: Certified;

const upload = (name: string, { cert }: Certified, isVerified = true) =>
  manage(emulator, 'PUT', `/${name}`, { certificate: cert, isVerified });
const signing = ({ cert }: Certified) => ({
  type: 'x509',
  x509: { signingCertificates: { primary: { certificate: cert } } },
});

beforeAll(async () => {
  emulator = await freshEmulator({ clock: () => Date.now() + time });
  root = pki.authority('root', { days: 90 });
  factory = pki.authority('factory', { issuer: root, days: 60 });
  line = pki.authority('line', { issuer: factory, rsa: true });
  await upload('root', root);
  await putGroup(emulator, 'of-root', signing(root));
});
afterAll(async () => {
  await emulator.close();
  pki.remove();
});
beforeEach(() => {
  time = 0;
  const throttle = { servicePerMinute: null, registrationsPerMinute: null, pollsPerTenSeconds: null };
  Object.assign(emulator.switches, { ...defaultSwitches(), retryAfterSeconds: 0, throttle });
});

const register = (id: string, identity: object) => certifiedRegistration(emulator, id, identity);
const stateOf = async (id: string, identity: object) =>
  json(await register(id, identity)).registrationState as Record<string, unknown>;
const refusal = (reply: Reply) => [reply.status, json(reply).errorCode, json(reply).message];
const NOT_FOUND = [401, 401002, 'CA certificate not found.'];
const INVALID = [401, 401002, 'Invalid certificate.'];

test.each([
  [2, 'TLSv1.2'],
  [2, 'TLSv1.3'],
  [3, 'TLSv1.2'],
  [3, 'TLSv1.3'],
  [4, 'TLSv1.2'],
  [4, 'TLSv1.3'],
] as const)('a device registers with a chain of %i certificates over %s', async (levels, version) => {
  const above = [root, factory, line].slice(0, levels - 1).toReversed();
  const id = `of-${levels}-${version}`;
  const identity = showing(pki.device(id, { issuer: above[0] ?? root }), ...above);
  const state = await stateOf(id, { ...identity, minVersion: version, maxVersion: version });
  expect(state).toMatchObject({ status: 'assigned', deviceId: id, substatus: 'initialAssignment' });
  expect(state.x509).toMatchObject({
    enrollmentGroupId: 'of-root',
    certificateInfo: { subjectName: `CN=${id}` },
    signingCertificateInfo: { subjectName: 'CN=root' },
  });
});

test('a chain with a gap, in disorder or cut below the verified certificate is refused', async () => {
  const leaf = pki.device('cut', { issuer: line });
  const sent = { line: [line], factory: [line, factory], gap: [line, root], headless: [factory, root], alone: [] };
  for (const above of [...Object.values(sent), [factory, line, root]]) {
    expect(refusal(await register('cut', showing(leaf, ...above)))).toEqual(NOT_FOUND);
  }
  expect(await stateOf('cut', showing(leaf, line, factory, root))).toMatchObject({ status: 'assigned' });
});

test('with the switch a verified certificate completes a chain, and a gap is still a gap', async () => {
  emulator.switches.verifiedCertificate = 'known';
  const leaf = pki.device('completed', { issuer: line });
  expect(await stateOf('completed', showing(leaf, line, factory))).toMatchObject({ status: 'assigned' });
  for (const above of [[line], [factory], []]) {
    expect(refusal(await register('completed', showing(leaf, ...above)))).toEqual(NOT_FOUND);
  }
});

test('an intermediate that is verified itself is enough: what is above it need not be sent', async () => {
  const verified = pki.authority('verified intermediate', { issuer: pki.authority('unknown root') });
  await upload('intermediate', verified);
  await putGroup(emulator, 'of-intermediate', { type: 'x509', x509: { caReferences: { primary: 'Intermediate' } } });
  const leaf = pki.device('short', { issuer: verified });
  expect(await stateOf('short', showing(leaf, verified))).toMatchObject({ status: 'assigned' });
});

test('a certificate that was uploaded and not verified carries no chain', async () => {
  const unproven = pki.authority('unproven');
  await putGroup(emulator, 'of-unproven', signing(unproven));
  const identity = showing(pki.device('unproven-1', { issuer: unproven }), unproven);
  expect(refusal(await register('unproven-1', identity))).toEqual(NOT_FOUND);
  await upload('unproven', unproven, false);
  expect(refusal(await register('unproven-1', identity))).toEqual(NOT_FOUND);
  await manage(emulator, 'PUT', '/unproven', { certificate: unproven.cert, isVerified: true }, { 'If-Match': '*' });
  expect(await stateOf('unproven-1', identity)).toMatchObject({ status: 'assigned' });
});

test('a leaf or an intermediate outside its validity is refused', async () => {
  const short = pki.authority('short-lived', { issuer: root, days: 5 });
  const stale = showing(pki.device('stale', { issuer: root, days: 3 }), root);
  const under = showing(pki.device('under-stale', { issuer: short, days: 30 }), short, root);
  time = 4 * DAY;
  expect(refusal(await register('stale', stale))).toEqual(INVALID);
  expect(await stateOf('under-stale', under)).toMatchObject({ status: 'assigned' });
  time = 6 * DAY;
  expect(refusal(await register('under-stale', under))).toEqual(NOT_FOUND);
  time = -DAY;
  expect(refusal(await register('under-stale', under))).toEqual(INVALID);
});

test('the common name is the registration ID, whatever its case, and names the device', async () => {
  const identity = showing(pki.device('Named-1', { issuer: root }), root);
  expect(refusal(await register('named-2', identity))).toEqual(INVALID);
  expect(await stateOf('NAMED-1', identity)).toMatchObject({ registrationId: 'Named-1', deviceId: 'Named-1' });
});

test('an extended key usage without clientAuth is refused, unless the switch overlooks it; none at all is good', async () => {
  const server = showing(pki.device('usage', { issuer: root, extendedKeyUsage: 'serverAuth' }), root);
  expect(refusal(await register('usage', server))).toEqual(INVALID);
  emulator.switches.leafUsage = 'ignored';
  expect(await stateOf('usage', server)).toMatchObject({ status: 'assigned' });
  emulator.switches.leafUsage = 'checked';
  const bare = showing(pki.device('usage', { issuer: root, extendedKeyUsage: '' }), root);
  expect(await stateOf('usage', bare)).toMatchObject({ status: 'assigned' });
});

const impostors: [string, () => ClientIdentity][] = [
  [
    'issued by a device, even one that may sign certificates,',
    () => {
      const device = pki.device('issuing-device', { issuer: root, keyUsage: 'digitalSignature,keyCertSign' });
      return showing(pki.device('impostor', { issuer: device }), device, root);
    },
  ],
  [
    "issued by an authority with the root's name and not its key",
    () => {
      return showing(pki.device('impostor', { issuer: pki.authority('root'), byNameAlone: true }), root);
    },
  ],
  [
    "issued by an authority with the root's key and not its name",
    () => {
      return showing(pki.device('impostor', { issuer: pki.authority('renamed', { keyOf: root }) }), root);
    },
  ],
  [
    "deeper than an issuer's path length allows",
    () => {
      const last = pki.authority('last', { issuer: root, pathLength: 0 });
      const below = pki.authority('below', { issuer: last });
      return showing(pki.device('impostor', { issuer: below }), below, last, root);
    },
  ],
  ["self-signed and followed by somebody else's chain", () => showing(pki.device('impostor'), line, factory, root)],
];

test.each(impostors)('a certificate %s is refused', async (_name, identity) => {
  expect(refusal(await register('impostor', identity()))).toEqual(NOT_FOUND);
});

test('an issuer whose path length is just long enough carries the chain', async () => {
  const last = pki.authority('last', { issuer: root, pathLength: 0 });
  const identity = showing(pki.device('within', { issuer: last }), last, root);
  expect(await stateOf('within', identity)).toMatchObject({ status: 'assigned' });
});

test('without a certificate there is nothing to prove, and symmetric keys go on as ever', async () => {
  const path = `/${emulator.idScope}/registrations/bare/register?api-version=2021-06-01`;
  const call = { method: 'PUT', path, host: emulator.deviceHost, body: {} };
  expect(refusal(await ask(emulator, call))).toEqual([401, 401002, 'Unauthorized']);
  await enroll(emulator, 'bare');
  expect(json(await registration(emulator, primary('bare')))).toMatchObject({ status: 'assigned' });
});

test('a chain is whole on every connection of a client that remembers TLS sessions', async () => {
  const agent = new Agent({ keepAlive: false, maxCachedSessions: 10 });
  const identity = showing(pki.device('again', { issuer: line }), line, factory, root);
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    for (const _time of [1, 2, 3]) {
      expect(await stateOf('again', { ...identity, agent, maxVersion })).toMatchObject({ status: 'assigned' });
    }
  }
});

test("the operation and the status lookup are the device's own", async () => {
  const mine = showing(pki.device('mine', { issuer: root }), root);
  const yours = showing(pki.device('yours', { issuer: root }), root);
  const { operationId } = json(await certified(emulator, 'PUT', '/register', 'mine', mine));
  const poll = (identity: ClientIdentity) =>
    certified(emulator, 'GET', `/operations/${String(operationId)}`, 'mine', identity);
  expect(refusal(await poll(yours))).toEqual(INVALID);
  const state = json(await poll(mine)).registrationState;
  expect(json(await certified(emulator, 'POST', '', 'mine', mine))).toEqual(state);
  expect(refusal(await certified(emulator, 'POST', '', 'mine', yours))).toEqual(INVALID);
});
