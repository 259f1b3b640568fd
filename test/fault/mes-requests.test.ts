import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recipeOf } from '../../station-core/practice.ts';
import { Factory, requireDescribed } from '../suites/factory.ts';
import { dice, mutate } from '../suites/mutations.ts';
import { long, testSeed } from '../suites/seed.ts';

const count = long ? 100_000 : 1_500;
/** How many are on their way at a time. */
const abreast = 48;

let factory: Factory;
let recipe: string;
beforeAll(async () => {
  factory = await Factory.open({ lanes: 1 });
  const { station } = factory.line;
  const bySerial = {
    ...(await recipeOf(station, 'symmetric-individual')),
    name: 'by-serial',
    registrationId: '{serial}',
  };
  recipe = (await factory.line.as('lead', 'recipes.save', { recipe: bySerial })).hash;
  const order = await factory.line.order('symmetric-individual', 1);
  await factory.line.scan(1, order.labels[0] ?? '');
});
afterAll(() => factory.close());

/** Valid requests as they go over the wire, of every method and scope, with and without the key. */
function valid(): Buffer[] {
  const { results, orders, metrics } = factory.keys;
  const head = (line: string, key: string, more = '') =>
    `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n${more}`;
  const body = JSON.stringify({
    recipe: { hash: recipe },
    units: [{ serial: 'F-1', mac: 'A1:B2:C3:D4:E5:F6', facts: { a: 'b' } }],
  });
  const json = 'Content-Type: application/json\r\n';
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  return [
    `${head('GET /v1/results?since=0&limit=10', results)}If-None-Match: "x"\r\n\r\n`,
    `${head('GET /v1/units/SN-1', results)}\r\n`,
    `${head('GET /v1/orders/an%20order/units?state=waiting', results)}\r\n`,
    `${head('HEAD /openapi.json', results)}Connection: close\r\n\r\n`,
    `${head('GET /metrics', metrics)}Accept-Encoding: gzip\r\n\r\n`,
    `${head('PUT /v1/orders/fuzz', orders, `${json}Content-Length: ${body.length}\r\n`)}\r\n${body}`,
    `${head('PUT /v1/orders/fuzz', orders, `${json}Transfer-Encoding: chunked\r\n`)}\r\n${chunked}`,
    `${head('PUT /v1/orders/fuzz', orders, `${json}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n`)}\r\n${body}`,
    `GET /v1/results HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
    `${head('GET /v1/results', results)}\r\n${head('GET /v1/orders', results)}\r\n`,
  ].map((text) => Buffer.from(text, 'latin1'));
}

/** A body that is changed, or at times is not, while all around it is right, so that it comes to be read. */
function changedBody(roll: (limit: number) => number): Buffer {
  const { orders } = factory.keys;
  const whole = JSON.stringify({
    recipe: roll(2) === 0 ? { hash: recipe } : { name: 'r', version: 1 },
    units: [{ serial: `F-${roll(1_000_000)}`, facts: { a: 'b' } }],
    quantity: 1,
  });
  const body = roll(long ? 200 : 8) === 0 ? Buffer.from(whole) : mutate(Buffer.from(whole), roll, telling);
  const name = mutate(Buffer.from(`fuzz${roll(5_000)}`), roll, telling);
  const head = `PUT /v1/orders/${[...name].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')} HTTP/1.1\r\nHost: a\r\n`;
  const headers = `Authorization: Bearer ${orders}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head + headers, 'latin1'), body]);
}

/** A path that is changed, behind a right key. */
function changedPath(roll: (limit: number) => number): Buffer {
  const paths = [
    '/v1/results?since=0&limit=1',
    '/v1/orders/a/units?after=1&state=waiting',
    '/v1/units/S%20N',
    '/v1/results/1',
  ];
  const path = mutate(Buffer.from(paths[roll(paths.length)] ?? ''), roll, telling);
  const headers = `Host: a\r\nAuthorization: Bearer ${factory.keys.results}\r\n\r\n`;
  return Buffer.concat([Buffer.from('GET '), path, Buffer.from(` HTTP/1.1\r\n${headers}`, 'latin1')]);
}

const telling = [...Buffer.from('\r\n: \t\0%{}[]"/?&=,;0\x7f\xff', 'latin1')];

/** How long an answer may take before whoever sent something hangs up. */
const patienceMs = { whole: 10_000, broken: 100 } as const;

/** Sends bytes, in two pieces at times, and hangs up at the answer, or when none comes; answers what came back. */
function sent(bytes: Buffer, cut: number, how: keyof typeof patienceMs): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(factory.server.port, '127.0.0.1');
    let text = '';
    const patience = setTimeout(() => socket.end(), patienceMs[how]);
    socket.setEncoding('latin1');
    socket.on('data', (more: string) => {
      text += more;
      if (!text.startsWith('HTTP/1.1 100')) socket.end();
    });
    socket.on('error', () => undefined); // hung up on, which is an answer too
    socket.on('close', () => {
      clearTimeout(patience);
      resolve(text);
    });
    socket.write(bytes.subarray(0, cut));
    if (cut < bytes.length) setImmediate(() => socket.write(bytes.subarray(cut)));
  });
}

const statusOf = (text: string): string => /^HTTP\/1\.1 (?!100)(\d{3}) /m.exec(text)?.[1] ?? 'none';

test(`${count} mangled requests end nothing, do nothing, and the next good one is answered`, {
  timeout: 3_600_000,
}, async () => {
  const from = testSeed('mes-requests');
  const roll = dice(from);
  const seeds = valid();
  const { line } = factory;
  const mangled = [
    () => mutate(seeds[roll(seeds.length)] ?? Buffer.alloc(0), roll, telling),
    () => changedBody(roll),
    () => changedPath(roll),
  ];
  const seen = new Map<string, number>();
  const memory: number[] = [];
  for (let done = 0; done < count; done += abreast) {
    const requests = Array.from({ length: abreast }, () => {
      const way = roll(mangled.length);
      const bytes = mangled[way]?.() ?? Buffer.alloc(0);
      if (way === 1) return sent(bytes, bytes.length, 'whole');
      const part = roll(10) === 0 ? bytes.subarray(0, roll(bytes.length + 1)) : bytes;
      return sent(part, roll(3) === 0 ? roll(part.length + 1) : part.length, 'broken');
    });
    for (const text of await Promise.all(requests)) {
      const status = statusOf(text);
      seen.set(status, (seen.get(status) ?? 0) + 1);
      expect({ from, status }).not.toEqual({ from, status: '500' });
      expect(text).not.toMatch(/node:internal|at .+\.ts:\d|access-control/i);
    }
    if (done % 4_800 === 0) memory.push(process.memoryUsage().heapUsed);
  }
  const answer = await factory.ask('results', '/v1/results');
  requireDescribed('GET', '/v1/results', answer);
  expect({ from, status: answer.status }).toEqual({ from, status: 200 });
  // Whatever was made bears the mark of the orders' key, and waits for a lead.
  const made = line.station.records.db
    .prepare<[], string>('SELECT state FROM mes_order JOIN work_order ON work_order.id = mes_order.work_order')
    .pluck()
    .all();
  expect({ from, open: made.filter((state) => state === 'open') }).toEqual({ from, open: [] });
  const taken = line.entries().filter(({ action }) => action === 'mes.order-taken');
  expect(made.length).toBeGreaterThan(0);
  expect({ from, taken: taken.length }).toEqual({ from, taken: made.length });
  expect(taken.filter(({ details }) => (details as { key: string }).key !== 'orders-key')).toEqual([]);
  // At most one entry in a minute, however many knocked.
  const refused = line.entries().filter(({ action }) => action === 'connection.refused');
  expect(refused.length).toBeLessThan(70);
  expect(line.log.incidents).toEqual([]);
  const megabytes = memory.map((bytes) => Math.round(bytes / 1_048_576)).join(', ');
  process.stderr.write(
    `mes-requests: seed ${from}, ${JSON.stringify(Object.fromEntries(seen))}, heap ${megabytes} MB\n`,
  );
});

test('requests that come drop by drop are given up, and hold nobody up meanwhile', async () => {
  const sockets = Array.from({ length: 60 }, () => connect(factory.server.port, '127.0.0.1'));
  const ends = sockets.map(
    (socket) =>
      new Promise<string>((resolve) => {
        let text = '';
        socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(text));
        socket.write('GET /v1/results HTTP/1.1\r\nHost: a\r\nX-Slow: ');
      }),
  );
  const drops = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write('a');
  }, 500);
  expect((await factory.ask('results', '/v1/results')).status).toBe(200);
  const texts = await Promise.all(ends);
  clearInterval(drops);
  expect(new Set(texts.map(statusOf))).toEqual(new Set(['408']));
}, 60_000);

test('more connections than it takes are turned away, and the next one is answered once they are gone', async () => {
  const sockets = Array.from({ length: 80 }, () => connect(factory.server.port, '127.0.0.1'));
  const closed = sockets.map(
    (socket) =>
      new Promise<void>((resolve) => {
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
      }),
  );
  await Promise.race(closed);
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
  for (;;) {
    const answer = await factory.ask('results', '/v1/results').catch(() => undefined); // theirs are not all closed yet
    if (answer?.status === 200) break;
  }
});
