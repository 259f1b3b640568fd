import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { top } from '../../../rules/sources.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';
import { Desk } from './ca-parts.ts';

/** A port that nobody has right now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The examples of docs/mes.md, in their order. */
const examples = readFileSync(join(top, 'docs', 'mes.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('    curl '))
  .map((line) => line.trim());

test('a MES engineer makes a key, and the examples of the manual work against the station that the desktop program starts', async () => {
  const desk = new Desk(temporaryFolder());
  await desk.json('practice', '--units', '2', '--recipe', 'symmetric-individual');
  const port = await freePort();
  const file = desk.file('station/station.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  const webhooks = [{ name: 'gone', url: 'http://127.0.0.1:1/', secret: 'webhook-secret' }];
  writeFileSync(file, JSON.stringify({ ...config, mes: { port }, webhooks }));
  // One that nobody serves does it by itself.
  expect((await desk.run('mes', 'key', 'list')).out).toBe('There is no key.\n');
  const made = await desk.run('mes', 'key', 'add', 'mes', '--may', 'results', 'orders', 'metrics');
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^birthmark_[\w-]{43}\n$/) });

  const args = ['--practice', '--station', desk.file('station'), '--lanes', '1'];
  const station = fork(join(top, 'station-core', 'host.main.ts'), args, {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  onTestFinished(() => void station.kill('SIGKILL'));
  expect((await once(station, 'message'))[0]).toEqual({ ready: true });

  const environment = `export STATION=http://127.0.0.1:${port} KEY=${made.out.trim()};`;
  expect(examples.length).toBeGreaterThan(7);
  const answers = examples.map((example) => desk.paste(`${environment} ${example}`));
  expect(JSON.parse(answers[0] ?? '')).toMatchObject({ openapi: '3.1.0' });
  expect(JSON.parse(answers[1] ?? '')).toMatchObject({ results: [{ n: 1 }, { n: 2 }], next: 2 });
  expect(JSON.parse(answers[2] ?? '')).toMatchObject({ n: 1, outcome: 'passed' });
  expect(answers.at(-1)).toContain('birthmark_lanes{state="busy"} 0');
  // The manual's order names a recipe that the practice line does not have.
  const put = answers.find((_, at) => examples[at]?.includes('PUT'));
  expect(JSON.parse(put ?? '')).toMatchObject({ status: 422, code: 'recipe.unknown' });

  const { orders } = JSON.parse(answers[3] ?? '') as { orders: { recipeHash: string }[] };
  const body = JSON.stringify({
    recipe: { hash: orders[0]?.recipeHash },
    units: [{ serial: 'SN-1', mac: 'A1:B2:C3:D4:E5:F6' }],
  });
  const example = examples.find((one) => one.includes('PUT'))?.replace(/-d '[^']*'/, `-d '${body}'`);
  expect(JSON.parse(desk.paste(`${environment} ${example}`))).toMatchObject({ name: 'summer', state: 'closed' });
  expect(await desk.run('mes', 'release', 'summer')).toMatchObject({ code: 0, out: 'Order summer: open\n' });

  expect((await desk.run('mes', 'status')).out).toBe(
    `Factory systems ask at: http://127.0.0.1:${port}\nKeys in force: 1\nWebhook gone: 0 waiting, 0 for a person\n`,
  );
  expect(await desk.run('mes', 'retry', 'gone')).toMatchObject({ code: 0, out: '0 messages for gone go out now\n' });
  expect((await desk.run('mes', 'retry', 'none')).err).toContain('[input.invalid]');
  expect((await desk.run('mes', 'discard', '1')).err).toContain('[sync.not-parked]');
  expect(await desk.json('mes', 'key', 'revoke', 'mes')).toEqual({ schema: 1, name: 'mes', revoked: true });
  expect((await desk.run('mes', 'key', 'list')).out).toMatch(
    /^mes {2}results, orders, metrics, made at .+, revoked at /,
  );
  expect(desk.paste(`${environment} ${examples[0]}`)).toContain('http.wrong-key');
  station.disconnect();
  await once(station, 'exit');
  expect((await desk.run('fsck')).code).toBe(0);
}, 300_000);

test('a scope that there is not is refused by the command line', async () => {
  const desk = new Desk(temporaryFolder());
  const wrong = await desk.run('mes', 'key', 'add', 'a', '--may', 'everything');
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('results')]);
});
