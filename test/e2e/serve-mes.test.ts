import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { top } from '../rules/sources.ts';
import { Receiver } from '../suites/receiver.ts';
import { temporaryFolder } from '../suites/temporary.ts';
import { Desk } from '../unit/station-core/cli/ca-parts.ts';

// `birthmark serve` as a factory runs it: a process, its configuration file, and HTTP.

const secret = 'shared with the receiver';

/** A port that nobody has right now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A station whose webhook's receiver is in trouble while it makes its one unit; answers where factory systems ask, and their key. */
async function madeStation(desk: Desk, receiver: Receiver): Promise<{ address: string; key: string }> {
  await desk.json('practice', '--units', '1', '--recipe', 'symmetric-individual');
  const port = await freePort();
  const file = desk.file('station/station.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  const webhooks = [{ name: 'mes', url: `http://127.0.0.1:${receiver.port}/`, secret: 'mes-webhook' }];
  writeFileSync(file, JSON.stringify({ ...config, mes: { port }, webhooks }));
  await new Desk(desk.folder, secret).json('secret', 'set', '--name', 'mes-webhook');
  receiver.answering = () => 503;
  await desk.json('practice', '--units', '1', '--recipe', 'symmetric-individual');
  const { key } = await desk.json('mes', 'key', 'add', 'mes', '--may', 'results', 'orders', 'metrics');
  return { address: `http://127.0.0.1:${port}`, key: String(key) };
}

/** Serves the desk's station until the test ends; resolves once it says where it is. */
async function serve(desk: Desk): Promise<() => Promise<number | null>> {
  execFileSync(process.execPath, [join(top, 'build', 'renderer.ts')], { stdio: ['ignore', 'ignore', 'inherit'] });
  const child = desk.start('serve');
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: string[] = [];
  child.stderr?.on('data', (bytes: Buffer) => said.push(String(bytes)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = new Promise<void>((resolve) => {
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => /is at http/.test(line) && resolve());
  });
  const early = ended.then((code) => Promise.reject(new Error(`serve ended with ${code}: ${said.join('')}`)));
  await Promise.race([ready, early]);
  early.catch(() => undefined); // from here on it ends when it is told to
  return () => {
    child.kill('SIGTERM');
    return ended;
  };
}

test('birthmark serve answers factory systems that have a key, and tells a webhook what it could not be told before', async () => {
  const receiver = await Receiver.open(Buffer.from(secret));
  onTestFinished(() => receiver.close());
  const desk = new Desk(temporaryFolder());
  const { address, key } = await madeStation(desk, receiver);
  receiver.answering = () => 204;
  const refused = receiver.told.length;
  const stop = await serve(desk);

  const ask = async (path: string, more: RequestInit = {}, bearer = key) => {
    const headers = { ...more.headers, ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }) };
    const answer = await fetch(`${address}${path}`, { ...more, headers });
    return { status: answer.status, text: await answer.text() };
  };
  for (const wrong of ['', `${key}x`]) {
    const answer = await ask('/v1/orders', {}, wrong);
    expect([answer.status, answer.text]).toEqual([
      401,
      expect.stringContaining(wrong ? 'http.wrong-key' : 'http.no-key'),
    ]);
  }
  const { orders } = JSON.parse((await ask('/v1/orders')).text) as { orders: { recipeHash: string }[] };
  const order = { recipe: { hash: orders[0]?.recipeHash }, units: [{ serial: 'SN-1', mac: 'A1:B2:C3:D4:E5:F6' }] };
  const headers = { 'content-type': 'application/json' };
  const made = await ask('/v1/orders/summer', { method: 'PUT', headers, body: JSON.stringify(order) });
  expect([made.status, JSON.parse(made.text)]).toMatchObject([201, { name: 'summer', state: 'closed', quantity: 1 }]);
  expect((await ask('/metrics')).text).toMatch(/^birthmark_lanes\{state="idle"\} [1-9]/m);

  await receiver.until((told) => told.length > refused);
  const { results } = JSON.parse((await ask('/v1/results')).text) as { results: { n: number }[] };
  expect(receiver.told.at(-1)).toMatchObject({ signed: true, body: { data: results.at(-1) } });
  expect(await stop()).toBe(0);
  expect((await desk.run('fsck')).code).toBe(0);
}, 300_000);
