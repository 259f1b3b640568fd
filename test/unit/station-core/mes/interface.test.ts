import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import type { SecureVersion } from 'node:tls';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from '../../../../station-core/contract/parse.ts';
import { serveFactory } from '../../../../station-core/factory-desk.ts';
import { openApi } from '../../../../station-core/mes/openapi.ts';
import { mesSchema } from '../../../../station-core/mes/settings.ts';
import { top } from '../../../rules/sources.ts';
import { Factory } from '../../../suites/factory.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

let factory: Factory;
let order: { name: string; labels: readonly string[] };
beforeAll(async () => {
  factory = await Factory.open({ lanes: 1 });
  order = await factory.line.order('x509-individual', 3, (index) => index === 1);
  for (const label of order.labels) await factory.line.scan(1, label);
});
afterAll(() => factory.close());

const result = (n: number, outcome: string) => ({ n, outcome, order: order.name, lane: 1 });

test('the description is OpenAPI 3.1, and docs/mes-openapi.json is made from the schemas of today', async () => {
  const checked = await new Validator().validate(JSON.parse(openApi()));
  expect(checked).toMatchObject({ valid: true });
  expect(JSON.parse(readFileSync(join(top, 'docs', 'mes-openapi.json'), 'utf8'))).toEqual(JSON.parse(openApi()));
  const { text } = await factory.ask('metrics', '/openapi.json');
  expect(text).toBe(openApi());
});

test('results come in the sequence in which runs ended, a page at a time, with outcome, code and thumbprints', async () => {
  const first = await factory.ask('results', '/v1/results?limit=2');
  expect(first.json).toMatchObject({ results: [result(1, 'passed'), result(2, 'failed')], next: 2, more: true });
  const rest = await factory.ask('results', '/v1/results?since=2');
  expect(rest.json).toMatchObject({ results: [result(3, 'passed')], next: 3, more: false });
  const [passed, failed] = first.json.results as {
    code: unknown;
    certificates: { sha256: string }[];
    serial: string;
  }[];
  expect(passed).toMatchObject({ code: null, serial: order.labels[0], certificates: [{ revoked: false }] });
  expect(passed?.certificates[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(failed).toMatchObject({ code: 'unit.serial-mismatch', certificates: [] });
  expect((await factory.ask('results', '/v1/results/2')).json).toEqual(failed);
  expect((await factory.ask('results', '/v1/results?since=3')).json).toEqual({ results: [], next: 3, more: false });
});

test('whoever has an answer already gets it told in few bytes', async () => {
  const { headers } = await factory.ask('results', '/v1/results');
  const again = await factory.ask('results', '/v1/results', { headers: { 'if-none-match': String(headers.etag) } });
  expect([again.status, again.text]).toEqual([304, '']);
});

test('orders and their units are read by name, by state and by serial', async () => {
  const { json } = await factory.ask('results', '/v1/orders');
  expect(json).toMatchObject({ orders: [{ name: order.name, quantity: 3, finished: 2, state: 'open' }] });
  const name = encodeURIComponent(order.name);
  expect((await factory.ask('results', `/v1/orders/${name}`)).json).toMatchObject({ name: order.name });
  const page = await factory.ask('results', `/v1/orders/${name}/units?limit=2`);
  expect(page.json).toMatchObject({
    units: [{ state: 'finished' }, { state: 'waiting', last: { outcome: 'failed' } }],
  });
  const next = await factory.ask('results', `/v1/orders/${name}/units?after=${String(page.json.next)}`);
  expect(next.json).toMatchObject({ units: [{ serial: order.labels[2] }], next: null });
  expect((await factory.ask('results', `/v1/orders/${name}/units?state=waiting`)).json.units).toHaveLength(1);
  const found = await factory.ask('results', `/v1/units/${order.labels[0]}`);
  expect(found.json).toMatchObject({ units: [{ order: order.name, results: [{ outcome: 'passed', n: 1 }] }] });
});

test.each([
  ['/v1/orders/none', 404, 'order.unknown'],
  ['/v1/units/none', 404, 'unit.unknown'],
  ['/v1/results/99', 404, 'http.unknown-result'],
  ['/v1/results/x', 422, 'input.invalid'],
  ['/v1/results?since=4', 409, 'http.since-unknown'],
  ['/v1/results?since=-1', 422, 'input.invalid'],
  ['/v1/results?limit=501', 422, 'input.invalid'],
  ['/v1/results?limit=1&limit=2', 400, 'http.malformed'],
  ['/v1/results?unknown=1', 422, 'input.invalid'],
  ['/v1/orders/%ff', 400, 'http.malformed'],
  ['/v1/other', 404, 'http.unknown-path'],
  ['/v1/results/', 422, 'input.invalid'],
  [`/${'x'.repeat(2_500)}`, 404, 'http.unknown-path'],
])('%s is answered with %s %s as a problem', async (path, status, code) => {
  const answer = await factory.ask('results', path);
  expect(answer).toMatchObject({ status, json: { status, code, type: 'about:blank' } });
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.text).not.toMatch(/\.ts\b|\n|node:/);
});

test('no key, a wrong one, a revoked one and one for something else are refused, and the audit tells how often', async () => {
  const none = await factory.raw('/v1/results', {});
  expect([none.status, none.headers['www-authenticate']]).toEqual([401, 'Bearer realm="birthmark"']);
  const wrong = await factory.raw('/v1/none', { headers: { authorization: 'Bearer birthmark_wrong' } });
  expect([wrong.status, wrong.json.code]).toEqual([401, 'http.wrong-key']);
  expect(wrong.headers['www-authenticate']).toContain('invalid_token');
  const scope = await factory.ask('metrics', '/v1/results');
  expect([scope.status, scope.headers['www-authenticate']]).toEqual([
    403,
    expect.stringContaining('insufficient_scope'),
  ]);
  const { line } = factory;
  const { key } = await line.agreed('security-officer', 'mes.addKey', { name: 'old', scopes: ['results'] });
  const headers = { authorization: `Bearer ${key}` };
  expect((await factory.raw('/v1/results', { headers })).status).toBe(200);
  await line.as('lead', 'mes.revokeKey', { name: 'old' });
  expect((await factory.raw('/v1/results', { headers })).status).toBe(401);
  await expect(line.as('lead', 'mes.revokeKey', { name: 'old' })).rejects.toMatchObject({ code: 'input.invalid' });
  const entries = line.entries().filter(({ action }) => action === 'connection.refused');
  expect(entries).toMatchObject([{ result: 'refused', details: { connections: 1, why: 'mes-no-key' } }]);
  const { keys } = await line.as('auditor', 'mes.look', {});
  expect(keys.map(({ name, revokedAt }) => [name, revokedAt === null])).toContainEqual(['old', false]);
  expect(JSON.stringify(line.entries())).not.toContain(key);
});

test('wrong keys that never end are throttled, and a right key beside them still comes in', async () => {
  const statuses = new Set<number>();
  for (let count = 0; count < 40; count++) {
    statuses.add((await factory.raw('/metrics', { headers: { authorization: 'Bearer x' } })).status);
  }
  expect([...statuses]).toEqual([401, 429]);
  expect((await factory.ask('metrics', '/metrics')).status).toBe(200);
  expect(factory.line.entries().filter(({ action }) => action === 'connection.refused').length).toBeLessThan(3);
});

test('what no path takes is refused with what it takes, and no other origin is ever let in', async () => {
  const post = await factory.ask('results', '/v1/results', { method: 'POST', body: '{}' });
  expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD']);
  const options = await factory.ask('results', '/v1/orders/a', {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.test' },
  });
  expect([options.status, options.headers.allow]).toEqual([405, 'GET, HEAD, PUT']);
  expect(Object.keys(options.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  const head = await factory.raw('/v1/results', {
    method: 'HEAD',
    headers: { authorization: `Bearer ${factory.keys.results}` },
  });
  expect([head.status, head.text]).toEqual([200, '']);
});

test('over TLS it is answered from TLS 1.2 on, and a port that somebody has is told as such', async () => {
  const folder = temporaryFolder();
  const [cert, key] = [join(folder, 'mes.pem'), join(folder, 'mes.key')];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-subj', '/CN=localhost', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...made, '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' });
  const tls = { cert: readFileSync(cert), key: readFileSync(key) };
  const { line, keys } = factory;
  const server = await serveFactory(line.station, { host: '127.0.0.1', port: 0, tls });
  const ask = (maxVersion: SecureVersion) =>
    new Promise<number | string>((resolve) => {
      const headers = { authorization: `Bearer ${keys.results}` };
      const old = maxVersion === 'TLSv1.1' ? ({ minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const) : {};
      const options = {
        host: 'localhost',
        family: 4,
        port: server.port,
        path: '/v1/results',
        headers,
        ca: tls.cert,
        maxVersion,
        ...old,
      };
      request({ ...options, agent: false }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      })
        .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'none'))
        .end();
    });
  expect(await ask('TLSv1.3')).toBe(200);
  expect(await ask('TLSv1.2')).toBe(200);
  expect(await ask('TLSv1.1')).toMatch(/EPROTO|VERSION|ECONNRESET/);
  const taken = serveFactory(line.station, { host: '127.0.0.1', port: server.port });
  await expect(taken).rejects.toMatchObject({ code: 'link.refused', details: { reason: 'EADDRINUSE' } });
  await server.close();
});

test('whatever is not this machine alone takes TLS', () => {
  expect(parse(mesSchema, { port: 8630 }, 'mes')).toEqual({ host: '127.0.0.1', port: 8630 });
  expect(() => parse(mesSchema, { host: '0.0.0.0', port: 8630 }, 'mes')).toThrow('tls for a host that is not loopback');
  const tls = { certificateFile: 'a', keyFile: 'b' };
  expect(parse(mesSchema, { host: '0.0.0.0', port: 8630, tls }, 'mes')).toMatchObject({ host: '0.0.0.0' });
});
