import type { MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Emulator } from '../../../../../drivers/simulated/dps/emulator.ts';
import { defaultSwitches } from '../../../../../drivers/simulated/dps/switches.ts';
import { Pki, showing } from '../../../../suites/x509-chains.ts';
import { askMqtt, closed, connectDevice, pollMqtt, RESPONSES, registerMqtt } from './mqtt-raw.ts';
import { enroll, freshEmulator, keyOfLetter, primary, registration } from './raw.ts';

let emulator: Emulator;
let clients: MqttClient[];

beforeAll(async () => {
  emulator = await freshEmulator();
});
afterAll(() => emulator.close());

beforeEach(() => {
  const throttle = { servicePerMinute: null, registrationsPerMinute: null, pollsPerTenSeconds: null };
  Object.assign(emulator.switches, { ...defaultSwitches(), retryAfterSeconds: 0, throttle });
  clients = [];
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.endAsync(true)));
});

/** A device that is connected and has subscribed. */
async function connected(...args: Parameters<typeof connectDevice> extends [unknown, ...infer Rest] ? Rest : never) {
  const client = await connectDevice(emulator, ...args);
  clients.push(client);
  await client.subscribeAsync(RESPONSES, { qos: 1 });
  return client;
}

/** What becomes of the connection after the client did something that it must not do. */
async function closes(client: MqttClient, act: () => unknown): Promise<void> {
  const gone = closed(client);
  act();
  await gone;
}

test('a device registers and polls by topics; the answers carry its request ID, the status and when to come back', async () => {
  await enroll(emulator, 'topics');
  Object.assign(emulator.switches, { retryAfterSeconds: 3, assigningPolls: 1 });
  const client = await connected(primary('topics'));
  const first = await registerMqtt(client, { registrationId: 'topics' });
  expect([first.status, first.query.get('retry-after')]).toEqual([202, '3']);
  expect(first.body).toMatchObject({ status: 'assigning' });
  const second = await pollMqtt(client, first.body.operationId);
  expect([second.status, second.query.get('retry-after')]).toEqual([202, '3']);
  expect(second.body).toMatchObject({ status: 'assigning', registrationState: { registrationId: 'topics' } });
  const third = await pollMqtt(client, first.body.operationId);
  expect([third.status, third.query.get('retry-after')]).toEqual([200, null]);
  expect(third.body).toMatchObject({ status: 'assigned', registrationState: { deviceId: 'topics' } });
});

test('a bad token passes CONNECT and is refused when the device registers; a switch refuses it at CONNECT', async () => {
  await enroll(emulator, 'bad-token');
  const wrong = { id: 'bad-token', key: keyOfLetter('x') };
  const client = await connected(wrong);
  const reply = await registerMqtt(client);
  expect(reply.status).toBe(401);
  expect(reply.body).toMatchObject({ errorCode: 401002 });
  emulator.switches.mqttBadCredential = 'refusedAtConnect';
  await expect(connected(wrong)).rejects.toMatchObject({ code: 5 });
  expect((await registerMqtt(await connected(primary('bad-token')))).status).toBe(202);
});

test('an expired token, another ID scope and an unknown operation are refused in the topic', async () => {
  await enroll(emulator, 'refused');
  const expired = await connected({ ...primary('refused'), se: 1_000_000 });
  expect((await registerMqtt(expired)).status).toBe(401);
  const elsewhere = await connected(primary('refused'), { idScope: '0neFFFFFFFF' });
  expect((await registerMqtt(elsewhere)).status).toBe(404);
  const client = await connected(primary('refused'));
  expect((await pollMqtt(client, '4.none')).status).toBe(404);
  expect((await registerMqtt(client, '{"registrationId":')).status).toBe(400);
  expect((await registerMqtt(client, { registrationId: 'another' })).body).toMatchObject({ errorCode: 400004 });
  const versionless = await connected(primary('refused'), { parameters: 'ClientVersion=x' });
  expect((await registerMqtt(versionless)).status).toBe(400);
});

test('the limits are those of HTTPS, and say in the topic when to come back', async () => {
  await enroll(emulator, 'limited');
  emulator.switches.throttle = { servicePerMinute: null, registrationsPerMinute: 2, pollsPerTenSeconds: 1 };
  const client = await connected(primary('limited'));
  const first = await registerMqtt(client);
  await registration(emulator, primary('limited'));
  const third = await registerMqtt(client);
  expect([third.status, third.body.errorCode]).toEqual([429, 429001]);
  expect(Number(third.query.get('retry-after'))).toBeGreaterThan(0);
  expect((await pollMqtt(client, first.body.operationId)).status).toBe(429);
});

test('one filter may be subscribed to; QoS 2 is granted as 1', async () => {
  const client = await connectDevice(emulator, primary('subscriber'));
  clients.push(client);
  const granted = async (topic: string, qos: 0 | 1 | 2) => {
    const refused = { reasonCode: 128 };
    const [sub] = await client.subscribeAsync(topic, { qos }).catch(() => [{ qos: refused.reasonCode }]);
    return sub?.qos;
  };
  expect(await granted(RESPONSES, 2)).toBe(1);
  expect(await granted(RESPONSES, 1)).toBe(1);
  expect(await granted(RESPONSES, 0)).toBe(0);
  for (const topic of ['#', '$dps/#', '$dps/registrations/res/202/#', '$SYS/#', '$dps/registrations/PUT/#']) {
    expect(await granted(topic, 1)).toBe(128);
  }
});

test('without a subscription a device registers and hears nothing', async () => {
  await enroll(emulator, 'deaf');
  const client = await connectDevice(emulator, primary('deaf'));
  clients.push(client);
  let heard = 0;
  client.on('message', () => {
    heard += 1;
  });
  await client.publishAsync('$dps/registrations/PUT/iotdps-register/?$rid=1', '{}', { qos: 1 });
  await client.subscribeAsync(RESPONSES);
  await registerMqtt(client);
  expect(heard).toBe(1);
});

test('no answer reaches another device', async () => {
  await enroll(emulator, 'speaker');
  await enroll(emulator, 'listener');
  const listener = await connected(primary('listener'));
  const heard: string[] = [];
  listener.on('message', (topic) => heard.push(topic));
  const speaker = await connected(primary('speaker'));
  await registerMqtt(speaker);
  await registerMqtt(listener);
  expect(heard).toHaveLength(1);
});

test.each([
  ['a topic of its own', 'chatter', 0],
  ['a response', '$dps/registrations/res/202/?$rid=1', 1],
  ['a request without an ID', '$dps/registrations/PUT/iotdps-register/', 1],
  ['a poll without an operation', '$dps/registrations/GET/iotdps-get-operationstatus/?$rid=1', 1],
  ['QoS 2', '$dps/registrations/PUT/iotdps-register/?$rid=1', 2],
] as const)('whoever publishes %s is disconnected', async (_name, topic, qos) => {
  const client = await connected(primary('publisher'));
  await closes(client, () => client.publish(topic, '{}', { qos }));
});

test('CONNECT is refused when its parts do not fit: protocol, client ID, user name', async () => {
  const connack = async (options: object) =>
    connected(primary('misfit'), options).then(
      () => 0,
      (error: { code: number }) => error.code,
    );
  expect(await connack({ clientId: 'another' })).toBe(2);
  expect(await connack({ username: 'misfit' })).toBe(4);
  expect(await connack({ username: `${emulator.idScope}/devices/misfit/api-version=1` })).toBe(4);
  expect(await connack({ protocolId: 'MQIsdp', protocolVersion: 3 })).toBe(1);
  expect(await connack({ protocolVersion: 5 })).not.toBe(0);
});

test('a session is always a clean one, and the newest connection of a device ends the one before', async () => {
  await enroll(emulator, 'session');
  const first = await connected(primary('session'), { clean: false });
  const gone = closed(first);
  const second = await connectDevice(emulator, primary('session'), { clean: false });
  clients.push(second);
  await gone;
  await second.subscribeAsync(RESPONSES);
  expect((await registerMqtt(second)).status).toBe(202);
});

test('a certificate shown at the handshake is the credential, with an empty password', async () => {
  const pki = new Pki();
  const own = pki.device('mqtt-certified');
  const other = pki.device('mqtt-certified');
  pki.remove();
  const x509 = { clientCertificates: { primary: { certificate: own.cert } } };
  await enroll(emulator, 'mqtt-certified', { attestation: { type: 'x509', x509 } });
  const show = (identity: typeof own) =>
    connected(primary('mqtt-certified'), { ...showing(identity), password: '' as string });
  const client = await show(own);
  expect((await registerMqtt(client)).status).toBe(202);
  expect((await registerMqtt(await show(other))).status).toBe(401);
  await enroll(emulator, 'mqtt-another', { attestation: { type: 'x509', x509 } });
  const misnamed = await connected(primary('mqtt-another'), { ...showing(own), password: '' as string });
  const refused = await registerMqtt(misnamed);
  expect(refused.body).toMatchObject({ errorCode: 401002, message: 'Invalid certificate.' });
});

test('a TPM is refused over MQTT', async () => {
  await enroll(emulator, 'mqtt-tpm');
  const client = await connected(primary('mqtt-tpm'));
  const reply = await registerMqtt(client, { tpm: { endorsementKey: 'AAAA', storageRootKey: 'AAAA' } });
  expect([reply.status, reply.body.errorCode]).toEqual([400, 400004]);
});

test('faults are the same as over HTTPS: offline, lost replies, failures, malformed answers', async () => {
  await enroll(emulator, 'faulty');
  const client = await connected(primary('faulty'));
  emulator.switches.failNext = { count: 1, status: 503, retryAfterSeconds: 9 };
  const failed = await registerMqtt(client);
  expect([failed.status, failed.query.get('retry-after')]).toEqual([503, '9']);
  emulator.switches.malformNext = { count: 1, how: 'html' };
  expect((await registerMqtt(client)).text).toContain('<html>');
  emulator.switches.loseReplies = 1;
  await expect(registerMqtt(client)).rejects.toThrow('closed');
  emulator.switches.offline = true;
  await expect(connected(primary('faulty'))).rejects.toThrow();
  emulator.switches.offline = false;
  expect((await registerMqtt(await connected(primary('faulty')))).status).toBe(202);
});

test('the log has the calls that the messages stand for, and says that they came over MQTT', async () => {
  await enroll(emulator, 'logged');
  const client = await connected(primary('logged'));
  await registerMqtt(client);
  const line = emulator.requests().at(-1);
  const path = `/${emulator.idScope}/registrations/logged/register`;
  expect(line).toMatchObject({ method: 'PUT', path, status: 202, transport: 'mqtt' });
  expect(JSON.stringify(emulator.requests())).not.toContain('SharedAccessSignature');
});

test('a message of more than 96 KB ends the connection, one below is read', async () => {
  await enroll(emulator, 'large');
  const client = await connected(primary('large'));
  const payload = (bytes: number) => ({ payload: { text: 'x'.repeat(bytes) } });
  expect((await registerMqtt(client, payload(90 * 1024))).status).toBe(202);
  await expect(registerMqtt(client, payload(98 * 1024))).rejects.toThrow('closed');
});

test('requests of one connection are answered in their order', async () => {
  await enroll(emulator, 'ordered');
  const client = await connected(primary('ordered'));
  const topic = '$dps/registrations/PUT/iotdps-register/';
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      expect((await askMqtt(client, topic, '{}')).status).toBe(202);
      order.push(n);
    }),
  );
  expect(order).toEqual(Array.from({ length: 50 }, (_, n) => n));
});
