import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seeded, whole } from '../../drivers/simulated/unit/random.ts';
import { verifyLog } from '../../station-core/audit/verify.ts';
import type { Method } from '../../station-core/contract/api.ts';
import { isErrorCode } from '../../station-core/contract/errors.ts';
import { type Role, roles } from '../../station-core/contract/record.ts';
import { ruleOf } from '../../station-core/contract/roles.ts';
import { hostOf, type Loopback, serveLoopback } from '../../station-core/loopback.ts';
import { practiceConfig } from '../../station-core/practice.ts';
import { channelEnd, type End, openSocket, tablesOf, webSocketEnd } from '../suites/contract-ends.ts';
import { Fuzz, methods } from '../suites/contract-fuzz.ts';
import { long, testSeed } from '../suites/seed.ts';
import { TestStation } from '../suites/station.ts';

// Whoever reaches the contract sends what they like: no crash, every message answered, nothing done without the right, and
// nothing secret told.

const count = long ? 100_000 : 1_000;
const seed = testSeed('contract');
const random = seeded(seed);
const roll = (below: number) => whole(random, below);
const canary = 'canary-pin-48213';

let line: TestStation;
let served: Loopback;
let ends: readonly End[];
let fuzz: Fuzz;
const sessions = new Map<Role, string>();
/** Approvals that are real, of other operations than those that they are brought for. */
const stolen: string[] = [];
let secrets: readonly string[];

beforeAll(async () => {
  line = await TestStation.open({ lanes: 2 });
  writeFileSync(join(line.folder, 'station.json'), JSON.stringify(practiceConfig(2)));
  const { labels, name } = await line.order('symmetric-group', 30);
  const pin = Buffer.from(canary);
  await line.station.operators.add('Cana Ry', 'technician', pin);
  for (const role of roles) {
    const [first] = line.station.operators.ofRole(role);
    const known = { technician: '1111', lead: '2222', 'security-officer': '3333', auditor: '4444' }[role];
    const signedIn = await line.station.operators.signIn(first?.name ?? '', Buffer.from(known));
    sessions.set(role, signedIn.session);
  }
  for (const role of ['lead', 'security-officer'] as const) {
    const operation = { method: 'hsm.importGroupKey', params: { label: 'nobody asks for this one' } };
    stolen.push((await line.as(role, 'approvals.approve', operation)).approval);
  }
  secrets = [canary, ...sessions.values(), ...stolen];
  fuzz = new Fuzz(roll, seed, [...labels.slice(0, 10), name, 'Lee Lead', 'practice-line', 'Cana Ry']);
  served = await serveLoopback(hostOf(line.station), '.', 0);
  ends = [await webSocketEnd(served), channelEnd(line.station)];
});
afterAll(async () => {
  for (const end of ends) await end.close();
  await served.close();
  await line.close();
});

type Asked = {
  readonly call: unknown;
  readonly params: unknown;
  readonly session?: unknown;
  readonly approval?: unknown;
};

const mayAlone = (role: Role, method: Method): boolean => {
  const { who, second } = { second: undefined, ...ruleOf(method) };
  return who !== 'anyone' && who.includes(role) && !second;
};

/** A call that whoever makes it has no right to make: nobody, somebody of another role, or without a second person. */
function unauthorised(): Asked {
  const method = fuzz.pick(methods.filter((one) => ruleOf(one).who !== 'anyone'));
  const params = roll(3) === 0 ? fuzz.mutated(fuzz.valid(method)) : fuzz.valid(method);
  const strangers = [{}, { session: 'x'.repeat(32) }, { session: roll(2) ? '' : ' ' }, { session: fuzz.odd() }];
  const without = roles.filter((role) => !mayAlone(role, method));
  const role = without.length > 0 && roll(3) > 0 ? fuzz.pick(without) : undefined;
  const who = role === undefined ? fuzz.pick(strangers) : { session: sessions.get(role) };
  const approvals = [{}, { approval: fuzz.pick(stolen) }, { approval: 'x'.repeat(24) }, { approval: fuzz.odd() }];
  return { call: method, params, ...who, ...fuzz.pick(approvals) };
}

/** They ask the cloud, read the whole trail, start a process or a thread, or take a third of a second for a PIN. */
const slow =
  /^(operators\.signIn|sync\.(run|check|reconcile)|audit\.(verify|export)|backup\.make|orders\.(arm|preview|import)|group\.|central|hub\.)/;

/** A call of somebody who may make it, with parameters that are right, or nearly. */
function authorised(): Asked {
  const role = fuzz.pick(roles);
  const own = methods.filter((method) => mayAlone(role, method) && (!slow.test(method) || roll(60) === 0));
  const method = fuzz.pick(own);
  const params = roll(2) === 0 ? fuzz.mutated(fuzz.valid(method)) : fuzz.valid(method);
  return { call: method, params, session: sessions.get(role) };
}

/** Calls that need no sign-in, by people that there are not, and names of calls that there are not. */
function anyone(): Asked {
  const names = [
    'station.describe',
    'scanners.take',
    'operators.signOut',
    '__proto__',
    'toString',
    '\ud800',
    '',
    'run.start ',
  ];
  const call = roll(40) === 0 ? 'operators.signIn' : roll(10) === 0 ? fuzz.odd() : fuzz.pick(names);
  const params = call === 'operators.signIn' ? { name: `nobody ${roll(9)}`, pin: 'xxxx' } : roll(2) ? {} : fuzz.odd();
  return { call, params };
}

/** Requests whose envelope is broken, too. */
function enveloped(asked: Asked, id: number): unknown {
  const request = { id, ...asked };
  if (roll(12) > 0) return request;
  return roll(2) === 0 ? fuzz.odd() : { ...request, [fuzz.pick(['id', 'session', 'approval', 'more'])]: fuzz.odd() };
}

/** The id that its answer has to carry: 0 for what has none. */
function idOf(message: unknown): number {
  const { id } = typeof message === 'object' && message !== null ? (message as { id?: unknown }) : { id: 0 };
  return Number.isSafeInteger(id) ? (id as number) + 0 : 0;
}

/** As text over the socket, sometimes cut or turned into bytes; answers what arrives there. */
function onTheWire(message: unknown): { sent: string | Buffer; arrives: unknown } {
  const text = JSON.stringify(message) ?? '';
  const kind = roll(40);
  if (kind === 0) return { sent: Buffer.from(text), arrives: undefined };
  if (kind > 1) return { sent: text, arrives: parsed(text) };
  const cut = text.slice(0, roll(text.length + 1));
  return { sent: cut, arrives: parsed(cut) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const told = new Map<string, number>();

/** Sends messages over an end, and holds every answer against what was sent. */
async function ask(end: End, asked: readonly Asked[]): Promise<void> {
  const messages = asked.map((one, index) => enveloped(one, index + 1));
  const wired = end.name === 'a channel' ? messages.map((sent) => ({ sent, arrives: sent })) : messages.map(onTheWire);
  const limit = setTimeout(() => {
    const calls = messages.map((one) => JSON.stringify(one)?.slice(0, 120)).join('\n');
    process.stderr.write(`contract: seed ${seed}, unanswered after a minute, over ${end.name}, one of:\n${calls}\n`);
  }, minutes);
  const answers = await end.ask(wired.map(({ sent }) => sent));
  clearTimeout(limit);
  expect(answers.map(({ id }) => id).sort((a, b) => a - b)).toEqual(
    wired.map(({ arrives }) => idOf(arrives)).sort((a, b) => a - b),
  );
  for (const { text, code } of answers) {
    told.set(code ?? 'ok', (told.get(code ?? 'ok') ?? 0) + 1);
    if (code !== undefined && !isErrorCode(code)) throw new Error(`seed ${seed}: ${text.slice(0, 500)}`);
    // No stack, no path of ours, no secret.
    if (/\n\s+at |node_modules|\.ts:\d/.test(text) || text.includes(line.folder))
      throw new Error(`seed ${seed}: ${text.slice(0, 500)}`);
    for (const secret of secrets) expect([seed, text.includes(secret)]).toEqual([seed, false]);
  }
  expect(line.log.incidents).toEqual([]);
}

const minutes = 60_000;
const batch = 50;

async function storm(messages: number, make: () => Asked): Promise<void> {
  for (let done = 0; done < messages; done += batch) {
    for (const end of ends) await ask(end, Array.from({ length: batch / ends.length }, make));
  }
}

test(`${count / 2} messages without the right change no row and leave no entry but refusals`, {
  timeout: 20 * minutes,
}, async () => {
  const { db } = line.station.records;
  const [before, entries] = [tablesOf(db), line.entries().length];
  await storm(count / 2, () => (roll(6) === 0 ? anyone() : unauthorised()));
  expect(tablesOf(db)).toEqual(before);
  const written = new Set(
    line
      .entries()
      .slice(entries)
      .map(({ action, result }) => `${action} ${result}`),
  );
  expect([...written].filter((one) => !/^(call|connection)\.refused |^operator\.signed-in refused$/.test(one))).toEqual(
    [],
  );
});

test(`${count / 2} messages of people with the right, whole and mutated, are all answered`, {
  timeout: 20 * minutes,
}, async () => {
  await storm(count / 2, authorised);
  await line.station.lanes.idle();
});

test('what only a pipe can carry is refused like anything else', async () => {
  const end = ends[1];
  const cyclic: Record<string, unknown> = { id: 7 };
  cyclic.params = cyclic;
  const session = sessions.get('lead');
  const odd = [undefined, 1n, Number.NaN, new Date(0), new Map([['id', 1]]), new Uint8Array(9), new Array(3), cyclic];
  const calls = odd.map((params) => ({
    id: 1,
    call: 'approvals.approve',
    session,
    params: { method: 'orders.list', params },
  }));
  for (const message of [...odd, ...odd.map((params) => ({ id: 1, call: 'run.start', params })), ...calls]) {
    const [answer] = (await end?.ask([message])) ?? [];
    expect([message, answer?.code]).toEqual([message, expect.stringMatching(/^(input|person)\./)]);
  }
  expect(line.log.incidents).toEqual([]);
});

test('16 MB are taken, one byte more closes that socket alone, and so does what is no UTF-8', async () => {
  const [end] = ends;
  const longest = 16 * 1024 * 1024;
  const filled = (bytes: number) => `{"id":9,"call":"${'x'.repeat(bytes - 18)}"}`;
  expect(filled(longest)).toHaveLength(longest);
  expect(await end?.ask([filled(longest)])).toMatchObject([{ id: 9, code: 'input.invalid' }]);
  for (const [bytes, why] of [
    [Buffer.from(filled(longest + 1)), 1009],
    [Buffer.from([0x22, 0xff, 0x22]), 1007],
  ] as const) {
    const socket = await openSocket(served);
    const closed = once(socket, 'close');
    socket.send(bytes, { binary: false });
    expect((await closed)[0]).toBe(why);
  }
  expect(await end?.ask(['{"id":3,"call":"station.describe","params":{}}'])).toMatchObject([
    { id: 3, code: undefined },
  ]);
});

test('sockets that stop in the middle of a greeting, of a frame, or never read, keep nobody else waiting', async () => {
  const { port, hash } = new URL(served.address);
  const greeting = [
    'GET /station HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    `Origin: http://127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Sec-WebSocket-Protocol: birthmark, ${hash.slice(1)}`,
    '\r\n',
  ].join('\r\n');
  const starts = [greeting.slice(0, 60), greeting, `${greeting}\u0081\u00fe`, ''];
  const half = await Promise.all(
    starts.map(async (start) => {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(Buffer.from(start, 'latin1'));
      return socket.pause();
    }),
  );
  const describe = '{"id":3,"call":"station.describe","params":{}}';
  expect(await ends[0]?.ask([describe])).toMatchObject([{ id: 3, code: undefined }]);
  for (const socket of half) socket.destroy();
  expect(await ends[0]?.ask([describe])).toMatchObject([{ id: 3, code: undefined }]);
});

test('afterwards the station makes units, and its trail holds', async () => {
  const { labels } = await line.order('symmetric-group', 1);
  const [free] = line.station.lanes.view();
  expect(await line.scan(free?.lane ?? 1, labels[0] ?? '')).toMatchObject({ outcome: 'passed' });
  expect(await verifyLog(line.station.records.db)).toMatchObject({ ok: true });
  expect(line.log.incidents).toEqual([]);
  process.stderr.write(`contract: ${[...told].map(([code, times]) => `${code} ${times}`).join(', ')}\n`);
});
