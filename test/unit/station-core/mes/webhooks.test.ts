import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from '../../../../station-core/contract/parse.ts';
import { Post } from '../../../../station-core/mes/post.ts';
import { webhooksSchema } from '../../../../station-core/mes/settings.ts';
import { signed } from '../../../../station-core/mes/signature.ts';
import { actor } from '../../../../station-core/practice.ts';
import { Factory } from '../../../suites/factory.ts';
import { Receiver } from '../../../suites/receiver.ts';

const secret = Buffer.from('shared with the receiver');
let receiver: Receiver;
let failures: Receiver;
let factory: Factory;
let order: { name: string; labels: readonly string[] };
let caFile: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'birthmark-webhooks-'));
  caFile = join(folder, 'receiver.pem');
  const keyFile = join(folder, 'receiver.key');
  const files = ['-keyout', keyFile, '-out', caFile];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...name, '-days', '2'], {
    stdio: 'ignore',
  });
  receiver = await Receiver.open(secret, { cert: readFileSync(caFile, 'utf8'), key: readFileSync(keyFile, 'utf8') });
  failures = await Receiver.open(secret);
  const named = 'webhook-secret';
  const hooks = [
    { name: 'all', url: `https://localhost:${receiver.port}/hook`, secret: named, caFile },
    { name: 'failures', url: `http://127.0.0.1:${failures.port}/`, secret: named, outcomes: ['failed', 'errored'] },
  ];
  factory = await Factory.open({ lanes: 1, parts: { webhooks: parse(webhooksSchema, hooks, 'webhooks') } });
  const { line } = factory;
  const { approval } = await line.as('lead', 'approvals.approve', { method: 'secret.set', params: { name: named } });
  const by = { actor: actor(line.station, 'security-officer'), approval, secret };
  await line.station.call('secret.set', { name: named }, by);
  order = await line.order('symmetric-individual', 3, (index) => index === 1);
});
afterAll(async () => {
  await factory.close();
  await Promise.all([receiver.close(), failures.close()]);
  rmSync(folder, { recursive: true });
});

test('a receiver over TLS is told of every run, signed, with no more than the interface shows', async () => {
  for (const label of order.labels) await factory.line.scan(1, label);
  await receiver.until((told) => told.length >= 3);
  await failures.until((told) => told.length >= 1);
  const { json } = await factory.ask('results', '/v1/results');
  expect(receiver.told.map(({ body }) => body.data)).toEqual(json.results);
  expect(failures.told.map(({ body }) => body.data)).toMatchObject([{ outcome: 'failed', serial: order.labels[1] }]);
  expect([...receiver.told, ...failures.told].every((told) => told.signed)).toBe(true);
  expect(receiver.told[0]?.body).toMatchObject({ type: 'run.closed' });
});

test('people see how it stands, and send or give up what waits', async () => {
  const { line } = factory;
  for (const telling of line.station.tellings) await telling.idle();
  const { webhooks } = await line.as('auditor', 'mes.look', {});
  expect(webhooks).toEqual([
    { name: 'all', configured: true, queued: 0, parked: 0, held: null },
    { name: 'failures', configured: true, queued: 0, parked: 0, held: null },
  ]);
  const { webhooks: stored, commits } = line.station.records;
  expect(await line.as('lead', 'mes.retry', { webhook: 'all' })).toEqual({ messages: 0 });
  await expect(line.as('lead', 'mes.retry', { webhook: 'none' })).rejects.toMatchObject({ code: 'input.invalid' });
  await expect(line.as('lead', 'mes.discard', { message: 99 })).rejects.toMatchObject({ code: 'sync.not-parked' });
  const reason = { code: 'webhook.failed', details: { name: 'all', status: 422 } } as const;
  await commits.commit(() => stored.park(1, reason));
  expect((await line.as('lead', 'mes.look', {})).parked).toMatchObject([{ message: 1, webhook: 'all', reason }]);
  const count = receiver.told.length;
  expect(await line.as('lead', 'mes.retry', { webhook: 'all' })).toEqual({ messages: 1 });
  await receiver.until((told) => told.length > count);
  expect(receiver.told.at(-1)?.token).toBe(receiver.told[0]?.token);
  for (const telling of line.station.tellings) await telling.idle();
  await commits.commit(() => stored.park(1, reason));
  await line.as('lead', 'mes.discard', { message: 1 });
  expect((await line.as('lead', 'mes.look', {})).parked).toEqual([]);
  const acts = line.entries().filter(({ action }) => String(action).startsWith('webhook.'));
  expect(acts.map(({ action, details }) => [action, details])).toEqual([
    ['webhook.retried', { webhook: 'all', messages: 0 }],
    ['webhook.retried', { webhook: 'all', messages: 1 }],
    ['webhook.discarded', { webhook: 'all', message: 1 }],
  ]);
});

test('a receiver whose certificate nobody vouches for gets nothing', async () => {
  const count = receiver.told.length;
  const post = new Post('all', `https://localhost:${receiver.port}/hook`, undefined);
  const sent = post.send('{}', signed('msg_1', 0, '{}', secret), AbortSignal.timeout(10_000));
  await expect(sent).rejects.toMatchObject({ code: 'webhook.unreachable', details: { name: 'all' } });
  post.close();
  expect(receiver.told).toHaveLength(count);
});

test.each([
  ['http://mes.example/hook'],
  ['https://user:secret@mes.example/hook'],
  ['ftp://127.0.0.1/'],
  ['not an address'],
])('%s is no place to tell of results', (url) => {
  const hooks = [{ name: 'a', url, secret: 's' }];
  expect(() => parse(webhooksSchema, hooks, 'webhooks')).toThrow('https');
});
