import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { type Certified, Pki, showing } from '../../../../suites/x509-chains.ts';
import {
  certifiedRegistration,
  derived,
  enroll,
  freshEmulator,
  json,
  keyOfLetter,
  list,
  manage,
  overwrite,
  putGroup,
  registration,
  service,
  symmetric,
} from './raw.ts';

const pki = new Pki();
const root = pki.authority('root');
const [a, b] = [pki.authority('A', { issuer: root }), pki.authority('B', { issuer: root })];
const issuers = [a, a, a, b, b];
const leaves = issuers.map((issuer, n) => pki.device(`device-${n + 1}`, { issuer }));
let emulator: Emulator;

beforeEach(async () => {
  emulator = await freshEmulator();
  await manage(emulator, 'PUT', '/root', { certificate: root.cert, isVerified: true });
  return () => emulator.close();
});
afterAll(() => pki.remove());

const disabled = { provisioningStatus: 'disabled' };
const signing = (one: Certified, other?: Certified) => {
  const secondary = other && { secondary: { certificate: other.cert } };
  return { type: 'x509', x509: { signingCertificates: { primary: { certificate: one.cert }, ...secondary } } };
};
const client = (one: Certified, other?: Certified) => {
  const secondary = other && { secondary: { certificate: other.cert } };
  return { type: 'x509', x509: { clientCertificates: { primary: { certificate: one.cert }, ...secondary } } };
};

/** The device with this number, whose certificate may have been rolled since. */
function register(number: number, leaf = leaves[number - 1]) {
  const issuer = issuers[number - 1];
  if (!leaf || !issuer) throw new Error(`there is no device ${number}`);
  return certifiedRegistration(emulator, `device-${number}`, showing(leaf, issuer, root));
}
const outcome = async (number: number, leaf?: Certified) => {
  const body = json(await register(number, leaf));
  return body.status ?? body.errorCode;
};
const outcomes = async () => [await outcome(1), await outcome(2), await outcome(3), await outcome(4), await outcome(5)];
const leafOf = (number: number) => leaves[number - 1] ?? expect.unreachable();

test('the five devices of the documents: the first entry found decides', async () => {
  const [on, off, none] = ['assigned', 'disabled', 401002];
  expect(await outcomes()).toEqual([none, none, none, none, none]);
  await putGroup(emulator, 'of-root', signing(root));
  expect(await outcomes()).toEqual([on, on, on, on, on]);
  await putGroup(emulator, 'of-b', signing(b), disabled);
  expect(await outcomes()).toEqual([on, on, on, off, off]);
  await enroll(emulator, 'device-3', { attestation: client(leafOf(3)), ...disabled });
  expect(await outcomes()).toEqual([on, on, off, off, off]);
  await service(emulator, 'DELETE', '/enrollmentGroups/of-b');
  expect(await outcomes()).toEqual([on, on, off, on, on]);
});

test('of two groups in one chain the nearer to the device decides, and is named to it', async () => {
  await putGroup(emulator, 'of-root', { type: 'x509', x509: { caReferences: { primary: 'root' } } });
  await putGroup(emulator, 'of-a', signing(a));
  const groupOf = async (number: number) => json(await register(number)).registrationState;
  expect(await groupOf(1)).toMatchObject({ x509: { enrollmentGroupId: 'of-a' } });
  expect(await groupOf(4)).toMatchObject({ x509: { enrollmentGroupId: 'of-root' } });
});

test('an individual entry decides before any group, by the certificate in it alone', async () => {
  await putGroup(emulator, 'of-root', signing(root));
  await enroll(emulator, 'device-1', { attestation: client(leafOf(1)), deviceId: 'Renamed' });
  await enroll(emulator, 'device-2', { attestation: client(pki.device('device-2')) });
  expect(json(await register(1)).registrationState).toMatchObject({ deviceId: 'Renamed' });
  expect(json(await register(1)).registrationState).not.toHaveProperty('x509.enrollmentGroupId');
  expect(await outcome(2)).toBe(401002);
});

test('a disabled entry of any type blocks the device of its ID; deleting it lets the group have it back', async () => {
  await putGroup(emulator, 'of-root', signing(root));
  await enroll(emulator, 'Device-1', { attestation: symmetric(), ...disabled });
  expect(await outcome(1)).toBe('disabled');
  await service(emulator, 'DELETE', '/enrollments/device-1');
  expect(await outcome(1)).toBe('assigned');
});

test('a disabled entry above an enabled one blocks nothing, unless the switch reads the documents so', async () => {
  await putGroup(emulator, 'of-root', signing(root), disabled);
  await putGroup(emulator, 'of-b', signing(b));
  await enroll(emulator, 'device-1', { attestation: client(leafOf(1)) });
  expect([await outcome(1), await outcome(2), await outcome(4)]).toEqual(['assigned', 'disabled', 'assigned']);
  emulator.switches.disabledCertificate = 'blocks';
  expect([await outcome(1), await outcome(2), await outcome(4)]).toEqual(['disabled', 'disabled', 'disabled']);
});

test('a device whose leaf was rolled under its group is still the one of its record', async () => {
  await putGroup(emulator, 'of-root', signing(root));
  const first = json(await register(1)).registrationState as Record<string, unknown>;
  const rolled = json(await register(1, pki.device('device-1', { issuer: a }))).registrationState;
  expect(rolled).toMatchObject({ createdDateTimeUtc: first.createdDateTimeUtc, assignedHub: first.assignedHub });
  expect(list(await service(emulator, 'POST', '/registrations/of-root/query')).length).toBe(1);
});

test('a rolled leaf waits in the secondary slot, and the old one is refused once it is taken out', async () => {
  const rolled = pki.device('device-1', { issuer: a });
  await enroll(emulator, 'device-1', { attestation: client(leafOf(1), rolled) });
  expect([await outcome(1), await outcome(1, rolled)]).toEqual(['assigned', 'assigned']);
  await enroll(emulator, 'device-1', { attestation: client(rolled) }, overwrite);
  expect([await outcome(1), await outcome(1, rolled)]).toEqual([401002, 'assigned']);
});

test('a rolled intermediate waits in the secondary slot of its group', async () => {
  const next = pki.authority('A 2', { issuer: root });
  await putGroup(emulator, 'of-a', signing(a, next));
  const rolled = showing(pki.device('device-1', { issuer: next }), next, root);
  expect(json(await certifiedRegistration(emulator, 'device-1', rolled)).status).toBe('assigned');
  expect(await outcome(1)).toBe('assigned');
  expect(await outcome(4)).toBe(401002);
});

test('a device that shows a certificate and a token is looked for by its certificate first', async () => {
  await putGroup(emulator, 'of-keys', symmetric('g', 'h'));
  await putGroup(emulator, 'of-root', signing(root), disabled);
  const key = derived(keyOfLetter('g'), 'device-1');
  expect(json(await registration(emulator, { id: 'device-1', key })).status).toBe('assigned');
  const tls = showing(leafOf(1), a, root);
  expect(json(await registration(emulator, { id: 'device-1', key }, tls)).status).toBe('disabled');
});

test('a group that names a CA certificate that is not there, or not verified, is refused; one that had it may stay', async () => {
  const naming = (name: string) => ({ type: 'x509', x509: { caReferences: { primary: name } } });
  await manage(emulator, 'PUT', '/unproven', { certificate: b.cert });
  for (const name of ['nothing', 'unproven']) {
    const reply = await putGroup(emulator, 'naming', naming(name));
    expect([reply.status, json(reply).errorCode]).toEqual([400, 400004]);
    expect(json(reply).message).toContain('caReferences');
  }
  expect((await putGroup(emulator, 'naming', naming('root'))).status).toBe(200);
  await manage(emulator, 'DELETE', '/root', undefined, { 'If-Match': '*' });
  expect(await outcome(1)).toBe(401002);
  const change = { enrollmentGroupId: 'naming', attestation: naming('root'), ...disabled };
  expect((await service(emulator, 'PUT', '/enrollmentGroups/naming', change, overwrite)).status).toBe(200);
});

test('a leaf in a group and a CA certificate in an individual entry are taken in, and make nobody a member', async () => {
  expect((await putGroup(emulator, 'of-leaf', signing(leafOf(1)))).status).toBe(200);
  expect((await enroll(emulator, 'device-2', { attestation: client(a) })).status).toBe(200);
  expect([await outcome(1), await outcome(2)]).toEqual([401002, 401002]);
});
