import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../../../drivers/frames/framer.ts';
import { createUartV1 } from '../../../../drivers/protocols/uart-v1.ts';
import {
  type Answers,
  type Asks,
  type MessageName,
  messages,
  openEnvelope,
  readRequest,
  requestName,
  writeAnswer,
  writeRefusal,
} from '../../../../drivers/protocols/uart-v1-messages.ts';
import type { Refusal } from '../../../../drivers/protocols/uart-v1-refusals.ts';
import { isWrong } from '../../../../drivers/protocols/wire.ts';
import { refusal } from '../../../suites/protocol.suite.ts';
import { ScriptedLink } from '../../../suites/scripted-link.ts';

const never = new AbortController().signal;
const patience = Object.fromEntries(Object.keys(messages).map((name) => [name, { ms: 20, sendings: 4 }]));
const uart = createUartV1(patience as Record<MessageName, { ms: number; sendings: number }>);
const operation = Buffer.alloc(16, 3);
const object = Buffer.from(Array.from({ length: 100 }, (_, index) => index));
const digest = createHash('sha256').update(object).digest();
const told = { version: 1, storage: 'tee', simulated: false, chunk: 64 } as const;

type Fetch = (asks: Asks<'fetch'>, at: number) => Answers<'fetch'> | Refusal;

/** A session with a unit whose fetched objects are made up, and how often it was asked for a piece. */
async function fetching(fetch: Fetch, capabilities = ['chain', 'csr', 'certificate', 'key-p256']) {
  const asked: Asks<'fetch'>[] = [];
  const link = new ScriptedLink((written) => {
    const [payload] = new FrameDecoder().push(written);
    const envelope = payload && openEnvelope(payload);
    if (envelope === undefined) throw new Error('the station sent no message');
    const { requestId, kind, body } = envelope;
    if (requestName(kind) === 'hello') return [encodeFrame(writeAnswer('hello', requestId, { ...told, capabilities }))];
    if (requestName(kind) === 'make-key') return [encodeFrame(writeAnswer('make-key', requestId, {}))];
    const asks = readRequest('fetch', body);
    if (requestName(kind) !== 'fetch' || isWrong(asks)) throw new Error('the station asked for something else');
    asked.push(asks);
    const said = fetch(asks, asked.length);
    const answer = typeof said === 'string' ? writeRefusal(said, requestId) : writeAnswer('fetch', requestId, said);
    return [encodeFrame(answer)];
  });
  return { session: await uart.open(link, never), asked };
}

const piece = (offset: number, length: number, of = object): Answers<'fetch'> => ({
  total: of.length,
  sha256: createHash('sha256').update(of).digest(),
  bytes: of.subarray(offset, offset + length),
});

test('an object is read in whatever pieces the unit gives, and named as the station wants it', async () => {
  const { session, asked } = await fetching(({ offset }, at) => piece(offset, at * 7));
  expect(await session.readChain(operation, never)).toEqual(object);
  expect(asked.map(({ offset }) => offset)).toEqual([0, 7, 21, 42, 70]);
  expect(asked.every((asks) => asks.object === 'chain' && asks.operation?.equals(operation))).toBe(true);
});

test('the certificate that a unit came with is asked for without an operation, and names its own', async () => {
  const { session, asked } = await fetching(({ offset }) => piece(offset, 64));
  expect(await session.ownCertificate(never)).toEqual({ operation: digest.subarray(0, 16), chain: object });
  expect(asked).toEqual([
    { object: 'certificate', offset: 0 },
    { object: 'certificate', offset: 64 },
  ]);
});

test('an object that changes between its pieces is read anew, and what is answered is of one kind', async () => {
  const other = Buffer.from(object).reverse();
  const { session, asked } = await fetching(({ offset }, at) => piece(offset, 40, at < 2 ? other : object));
  expect(await session.makeKey({ operation, algorithm: 'p256' }, never)).toEqual(object);
  expect(asked.map((asks) => asks.offset)).toEqual([0, 40, 0, 40, 80]);
});

test.each<[string, Fetch]>([
  ['is not what its digest says', ({ offset }) => ({ ...piece(offset, 64), sha256: Buffer.alloc(32) })],
  ['changes its length', ({ offset }, at) => ({ ...piece(offset, 64), total: 100 + at })],
  ['is longer than announced', ({ offset }) => ({ ...piece(offset, 64), total: 90 })],
  ['ends before its end', ({ offset }) => (offset === 0 ? piece(0, 64) : 'out-of-order')],
  ['changes with every piece', (_, at) => piece(0, 40, Buffer.alloc(100, at))],
])('an object that %s is garbled after three readings', async (_, fetch) => {
  const { session, asked } = await fetching(fetch);
  const error = await refusal(session.readChain(operation, never), 'unit.garbled');
  expect(error.details).toEqual({ what: 'chain, sha256' });
  expect(asked.filter(({ offset }) => offset === 0)).toHaveLength(3);
});

test('a refused object is named with the reason', async () => {
  const { session } = await fetching(() => 'no-chain');
  const error = await refusal(session.readChain(operation, never), 'unit.refused');
  expect(error.details).toEqual({ what: 'chain', reason: 'it has no certificate chain of this operation' });
  const other = await fetching(() => 'other-credential');
  await refusal(other.session.readChain(operation, never), 'unit.other-credential');
});

test('a unit that cannot do something with certificates is not asked for it, and the lacking name is said', async () => {
  const { session, asked } = await fetching(() => 'malformed', ['csr']);
  const lacking = async (promise: Promise<unknown>) => (await refusal(promise, 'unit.cannot')).details.what;
  expect(await lacking(session.readChain(operation, never))).toBe('chain');
  expect(await lacking(session.ownCertificate(never))).toBe('certificate');
  expect(await lacking(session.makeKey({ operation, algorithm: 'p384' }, never))).toBe('key-p384');
  const nothing = await fetching(() => 'malformed', ['key-p384']);
  expect(await lacking(nothing.session.makeKey({ operation, algorithm: 'p384' }, never))).toBe('csr');
  expect(await lacking(session.prove(operation, 'sn-1', Buffer.alloc(32), never))).toBe('proof-hmac-sha256');
  expect(asked).toEqual([]);
});
