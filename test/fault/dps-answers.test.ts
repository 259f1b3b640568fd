import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StationError } from '../../station-core/contract/errors.ts';
import type { DpsClient } from '../../station-core/sync/dps/client.ts';
import { dice, mutate } from '../suites/mutations.ts';
import { http, openRawLine, type RawAnswer, type RawLine, type RawService } from '../suites/raw-service.ts';
import { long, testSeed } from '../suites/seed.ts';

// Answers that are none, to every call of the client, from a server that sends raw bytes over TLS: an error each, no crash, no
// hang, and nothing that was not clearly said.

const count = long ? 100_000 : 1_000;
const seed = testSeed('dps-answers');
const roll = dice(seed);
let line: RawLine;
let service: RawService;
let client: DpsClient;

beforeAll(async () => {
  line = await openRawLine();
  ({ service, client } = line);
});
afterAll(() => {
  line.close();
});

const key = Buffer.alloc(64, 1).toString('base64');
const entry = '"etag":"IjA5MCI=","attestation":{"type":"symmetricKey"},"provisioningStatus":"enabled"';
const info = `{"info":{"subjectName":"CN=ca","sha256Thumbprint":"${'AB'.repeat(32)}","version":3}}`;
const enrollment = `{"registrationId":"unit-1",${entry},"deviceId":"d","initialTwin":{"tags":{"a":[1,null]}},"registrationState":{"registrationId":"unit-1","status":"unassigned"}}`;
const group = `{"enrollmentGroupId":"unit-1","etag":"x","attestation":{"type":"x509","x509":{"signingCertificates":{"primary":${info}}}}}`;
const record =
  '{"registrationId":"unit-1","status":"assigned","assignedHub":"h.azure-devices.net","deviceId":"unit-1","etag":"y"}';
const attestation = `{"type":"symmetricKey","symmetricKey":{"primaryKey":"${key}","secondaryKey":"${key}"}}`;
const bulk = '{"isSuccessful":false,"errors":[{"registrationId":"unit-1","errorCode":409201,"errorStatus":"there"}]}';

type Method = {
  /** The status and body that the service answers with. */
  readonly good: readonly [number, string];
  /** Throws when something came back that the method must never give. */
  readonly call: (signal: AbortSignal) => Promise<unknown>;
};

const body = { registrationId: 'unit-1', attestation: { type: 'symmetricKey' } };
async function all(pages: AsyncGenerator<unknown[]>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}
/** What was asked for, or nothing. */
async function named(found: Promise<object | undefined>, name: string): Promise<void> {
  const value = await found;
  if (value && String(Reflect.get(value, name)).toLowerCase() !== 'unit-1') throw new Error('another entry');
}

const methods: Readonly<Record<string, Method>> = {
  getEnrollment: { good: [200, enrollment], call: (s) => named(client.getEnrollment('unit-1', s), 'registrationId') },
  putEnrollment: {
    good: [200, enrollment],
    call: (s) => named(client.putEnrollment('unit-1', body, undefined, s), 'registrationId'),
  },
  deleteEnrollment: { good: [204, ''], call: (s) => client.deleteEnrollment('unit-1', undefined, s) },
  getGroup: { good: [200, group], call: (s) => named(client.getGroup('unit-1', s), 'enrollmentGroupId') },
  putGroup: { good: [200, group], call: (s) => named(client.putGroup('unit-1', {}, 'e', s), 'enrollmentGroupId') },
  deleteGroup: { good: [204, ''], call: (s) => client.deleteGroup('unit-1', undefined, s) },
  bulk: { good: [200, bulk], call: (s) => client.bulk('create', [{ body }], s) },
  bulkOfGroups: {
    good: [200, bulk.replace('registrationId', 'enrollmentGroupId')],
    call: (s) => client.bulkOfGroups('create', [{}], s),
  },
  attestationOf: { good: [200, attestation], call: (s) => client.attestationOf('enrollments', 'unit-1', s) },
  query: { good: [200, `[${enrollment},${enrollment}]`], call: (s) => all(client.query(2, s)) },
  queryGroups: { good: [200, `[${group}]`], call: (s) => all(client.queryGroups(2, s)) },
  queryRegistrations: { good: [200, `[${record}]`], call: (s) => all(client.queryRegistrations('g', 2, s)) },
  getRegistration: { good: [200, record], call: (s) => named(client.getRegistration('unit-1', s), 'registrationId') },
  deleteRegistration: { good: [204, ''], call: (s) => client.deleteRegistration('unit-1', undefined, s) },
};
const each = Object.entries(methods);

const closing = (bytes: Buffer | string): RawAnswer => ({ bytes: Buffer.from(bytes), after: 'close' });
const keeping = (bytes: Buffer): RawAnswer => ({ bytes, after: 'keep' });
const head = (lines: string) => `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${lines}\r\n`;
const json = (value: string) => keeping(http(200, value));

/** Answers that no method may take, whatever it asked for. */
const strange: Readonly<Record<string, () => RawAnswer>> = {
  'a page of HTML': () =>
    keeping(http(200, '<html><body>Sign in to the network</body></html>', { 'Content-Type': 'text/html' })),
  'truncated JSON': () => json('{"registrationId":"unit-1","etag":"x","attestation":{"type":"sym'),
  'a 200 with an error body': () => json('{"errorCode":401002,"trackingId":"x","message":"Unauthorized"}'),
  'a number': () => json('7'),
  'a text': () => json('"ok"'),
  null: () => json('null'),
  'a list of numbers': () => json('[1,2]'),
  'members of wrong types': () =>
    json('{"registrationId":7,"enrollmentGroupId":[],"etag":{},"type":1,"isSuccessful":"true"}'),
  'nothing at all': () => json(''),
  'bytes that are not UTF-8': () => keeping(http(200, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]))),
  'a deep nest': () => json(`${'['.repeat(50_000)}${']'.repeat(50_000)}`),
  'more than 4 MB': () => json(JSON.stringify({ registrationId: 'unit-1', more: 'x'.repeat(4 * 1_024 * 1_024) })),
  'more than 4 MB in chunks': () => {
    const chunk = Buffer.from(`10000\r\n${' '.repeat(0x10000)}\r\n`);
    return closing(
      Buffer.concat([
        Buffer.from(head('Transfer-Encoding: chunked\r\n')),
        ...Array(70).fill(chunk),
        Buffer.from('0\r\n\r\n'),
      ]),
    );
  },
  'a length that is too long': () => closing(head('Content-Length: 500\r\n') + enrollment.slice(0, 50)),
  'a length of gigabytes': () => closing(`${head('Content-Length: 99999999999\r\n')}{}`),
  'a length that is too short': () => closing(`${head('Content-Length: 9\r\n')}${enrollment}`),
  'a length that is no number': () => closing(`${head('Content-Length: many\r\n')}${enrollment}`),
  'a negative length': () => closing(`${head('Content-Length: -5\r\n')}${enrollment}`),
  'two lengths': () => closing(`${head('Content-Length: 5\r\nContent-Length: 6\r\n')}{}   `),
  'a length and chunks': () => closing(`${head('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n')}{}`),
  'chunks that are none': () => closing(`${head('Transfer-Encoding: chunked\r\n')}zz\r\n{}\r\n`),
  'chunks that break off': () => closing(`${head('Transfer-Encoding: chunked\r\n')}50\r\n{"a":1`),
  'an end without a beginning': () => closing(''),
  'an end in the middle of the head': () => closing('HTTP/1.1 200 OK\r\nContent-Ty'),
  'a reset': () => ({ bytes: Buffer.from(head('Content-Length: 100\r\n')), after: 'reset' }),
  'no HTTP': () => closing('SSH-2.0-OpenSSH_9.2\r\n'),
  'HTTP 0.9': () => closing(enrollment),
  'a status that there is not': () => closing('HTTP/1.1 000 No\r\nContent-Length: 0\r\n\r\n'),
  'a head without an end': () => closing(`HTTP/1.1 200 OK\r\n${'X-Long: y\r\n'.repeat(5_000)}\r\n`),
  'a redirect': () => keeping(http(302, '', { Location: 'https://elsewhere.example/' })),
  'compressed bytes': () => keeping(http(200, gzipSync(enrollment), { 'Content-Encoding': 'gzip' })),
  'another protocol': () =>
    closing('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
  'a 201': () => keeping(http(201, enrollment)),
  'a 500 with a good body': () => keeping(http(500, enrollment)),
};

const codes = new Set(['cloud.unreachable', 'cloud.malformed', 'cloud.rejected', 'cloud.failed']);

test.each(Object.entries(strange))('%s is an error to every call', async (name, answer) => {
  service.answer = answer;
  for (const [method, { call }] of each) {
    const end = await call(AbortSignal.timeout(10_000)).then(
      () => 'a value',
      (thrown: unknown) => thrown,
    );
    expect([method, name, end instanceof StationError, (end as StationError).code]).toEqual([
      method,
      name,
      true,
      expect.toSatisfy((code: string) => codes.has(code)),
    ]);
  }
});

test('a server that never answers ends with the patience of whoever asked', async () => {
  service.answer = () => 'hang';
  for (const [, { call }] of each) {
    const patience = AbortSignal.timeout(30);
    await expect(call(patience)).rejects.toMatchObject({ name: 'TimeoutError' });
  }
});

test('an answer about another entry is none', async () => {
  for (const name of ['getEnrollment', 'putEnrollment', 'getGroup', 'putGroup', 'getRegistration']) {
    const [status, text] = methods[name]?.good ?? [0, ''];
    service.answer = () => keeping(http(status, text.replaceAll('unit-1', 'unit-2')));
    await expect(methods[name]?.call(AbortSignal.timeout(10_000))).rejects.toMatchObject({ code: 'cloud.malformed' });
  }
});

test('pages that lead in a circle end', async () => {
  for (const name of ['query', 'queryGroups', 'queryRegistrations']) {
    service.answer = () => keeping(http(200, methods[name]?.good[1] ?? '', { 'x-ms-continuation': 'again' }));
    await expect(methods[name]?.call(AbortSignal.timeout(10_000))).rejects.toMatchObject({ code: 'cloud.malformed' });
  }
});

const telling = [0x00, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x30, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d, 0x80, 0xff];

test(`${count} mutated answers to all calls: a value that fits or a StationError`, { timeout: 1_200_000 }, async () => {
  let values = 0;
  for (let n = 0; n < count; n++) {
    const [name = '', method] = each[roll(each.length)] ?? [];
    if (!method) throw new RangeError('no method');
    const [status, text] = method.good;
    // Half of them in the body alone, so that it is read; half anywhere in the bytes.
    const bytes =
      roll(2) === 0
        ? http(status, mutate(Buffer.from(text || '{}'), roll, telling))
        : mutate(http(status, text), roll, telling);
    service.answer = () => ({ bytes, after: roll(4) === 0 ? 'reset' : 'close' });
    const told = `seed ${seed}, answer ${n} to ${name}: ${JSON.stringify(bytes.toString('latin1'))}`;
    await method.call(AbortSignal.timeout(10_000)).then(
      () => values++,
      (thrown: unknown) => {
        if (thrown instanceof StationError && codes.has(thrown.code)) return;
        if (thrown instanceof StationError && ['cloud.throttled', 'cloud.refused'].includes(thrown.code)) return;
        throw new Error(told, { cause: thrown });
      },
    );
  }
  expect(values).toBeGreaterThan(0);
  process.stderr.write(`dps-answers: seed ${seed}, ${values} of ${count} were still good\n`);
});
