import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { Pki } from '../../../../suites/x509-chains.ts';
import { connectDevice } from './mqtt-raw.ts';
import {
  ask,
  device,
  enroll,
  freshEmulator,
  json,
  manage,
  overwrite,
  primary,
  putGroup,
  registration,
  service,
  symmetric,
} from './raw.ts';

let emulator: Emulator;

beforeEach(async () => {
  emulator = await freshEmulator();
});
afterEach(() => emulator.close());

type Rule = Emulator['switches']['ipFilter'][number];
const rule = (action: Rule['action'], ipMask: string, target?: Rule['target']): Rule => ({
  filterName: `${action} ${ipMask}`,
  action,
  ipMask,
  ...(target && { target }),
});
const block = rule('Reject', '0.0.0.0/0');

test('the first rule of the IP filter that matches decides, and 401 does not say so', async () => {
  await enroll(emulator, 'filtered');
  const get = () => service(emulator, 'GET', '/enrollments/filtered');
  const table: [Rule[], number][] = [
    [[block], 401],
    [[rule('Accept', '127.0.0.0/8'), block], 200],
    [[rule('Reject', '127.0.0.1/32'), rule('Accept', '127.0.0.0/8')], 401],
    [[rule('Accept', '10.0.0.0/8'), block], 401],
    [[rule('Reject', '10.0.0.0/8')], 200],
  ];
  for (const [rules, status] of table) {
    emulator.switches.ipFilter = rules;
    const reply = await get();
    expect(reply.status).toBe(status);
    if (status === 401) expect(json(reply)).toMatchObject({ errorCode: 401002, message: 'Unauthorized' });
  }
});

test('a rule is for the service API, for devices over HTTPS and MQTT, or for both', async () => {
  await enroll(emulator, 'targeted');
  const who = primary('targeted');
  emulator.switches.ipFilter = [rule('Reject', '0.0.0.0/0', 'serviceApi')];
  expect((await service(emulator, 'GET', '/enrollments/targeted')).status).toBe(401);
  expect((await registration(emulator, who)).status).toBe(200);
  emulator.switches.ipFilter = [rule('Reject', '0.0.0.0/0', 'deviceApi')];
  expect((await service(emulator, 'GET', '/enrollments/targeted')).status).toBe(200);
  expect((await device(emulator, 'PUT', '/register', who, {})).status).toBe(401);
  await expect(connectDevice(emulator, who)).rejects.toMatchObject({ code: 5 });
});

const admin = (change: object) =>
  ask(emulator, {
    method: 'PUT',
    path: '/birthmark-emulator/switches',
    headers: { Authorization: `Bearer ${emulator.adminToken}` },
    body: change,
  });

test.each(['::/0', '10.0.0.0', '10.0.0.0/33', '10.0.0/8', '256.0.0.0/8', '10.0.0.0/8x'])(
  'the IP range %s is refused',
  async (ipMask) => {
    const reply = await admin({ ipFilter: [{ filterName: 'x', action: 'Reject', ipMask }] });
    expect(reply.status).toBe(400);
    expect(json(reply).message).toContain('CIDR');
  },
);

test('quotas hold for what is new, alone and in bulk, and a place that is free again can be taken', async () => {
  emulator.switches.quotas = { ...emulator.switches.quotas, individualEnrollments: 3 };
  await enroll(emulator, 'one');
  await enroll(emulator, 'two');
  const enrollments = ['two', 'three', 'four'].map((registrationId) => ({ registrationId, attestation: symmetric() }));
  const bulk = await service(emulator, 'POST', '/enrollments', { mode: 'create', enrollments });
  const errors = json(bulk).errors as { registrationId: string; errorCode: number }[];
  expect(errors.map(({ registrationId, errorCode }) => [registrationId, errorCode])).toEqual([
    ['two', 409201],
    ['four', 400205],
  ]);
  expect((await enroll(emulator, 'one', {}, overwrite)).status).toBe(200);
  expect((await service(emulator, 'DELETE', '/enrollments/one')).status).toBe(204);
  expect((await enroll(emulator, 'four')).status).toBe(200);
  emulator.switches.overQuota = 403;
  expect((await enroll(emulator, 'five')).status).toBe(403);
});

test('groups have a quota for each type of attestation', async () => {
  const pki = new Pki();
  const { cert } = pki.authority('quota');
  pki.remove();
  emulator.switches.quotas = { ...emulator.switches.quotas, symmetricKeyGroups: 1, x509Groups: 1 };
  const x509 = { type: 'x509', x509: { signingCertificates: { primary: { certificate: cert } } } };
  const statuses = async (attestation: object, ids: string[]) => {
    const replies = [];
    for (const id of ids) replies.push((await putGroup(emulator, id, attestation)).status);
    return replies;
  };
  expect(await statuses(symmetric(), ['s1', 's2'])).toEqual([200, 400]);
  expect(await statuses(x509, ['x1', 'x2'])).toEqual([200, 400]);
  emulator.switches.quotas = { ...emulator.switches.quotas, caCertificates: 1 };
  const upload = async (name: string) => (await manage(emulator, 'PUT', `/${name}`, { certificate: cert })).status;
  expect([await upload('ca1'), await upload('ca2'), await upload('ca1')]).toEqual([200, 400, 400]);
});

test('registration records count, also those whose enrollment is gone, until they are deleted', async () => {
  emulator.switches.quotas = { ...emulator.switches.quotas, registrations: 1 };
  await enroll(emulator, 'first');
  await enroll(emulator, 'second');
  await registration(emulator, primary('first'));
  expect((await registration(emulator, primary('first'))).status).toBe(200);
  expect((await registration(emulator, primary('second'))).status).toBe(400);
  await service(emulator, 'DELETE', '/enrollments/first');
  expect((await registration(emulator, primary('second'))).status).toBe(400);
  await service(emulator, 'DELETE', '/registrations/first');
  expect((await registration(emulator, primary('second'))).status).toBe(200);
});
