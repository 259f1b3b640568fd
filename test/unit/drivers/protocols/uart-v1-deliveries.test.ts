import { describe, expect, test } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../../../drivers/frames/framer.ts';
import type { CredentialObject } from '../../../../drivers/protocols/protocol.ts';
import { createUartV1 } from '../../../../drivers/protocols/uart-v1.ts';
import {
  type Asks,
  type Envelope,
  type MessageName,
  messages,
  openEnvelope,
  readRequest,
  requestName,
  writeAnswer,
  writeRefusal,
} from '../../../../drivers/protocols/uart-v1-messages.ts';
import { isWrong } from '../../../../drivers/protocols/wire.ts';
import { CuttableFlash, FaultyUnit, loopUnit } from '../../../suites/loop.ts';
import { proves, refusal, symmetricKey } from '../../../suites/protocol.suite.ts';
import { ScriptedLink } from '../../../suites/scripted-link.ts';
import { newUnitsTpm, sealTo } from '../../../suites/units-tpm.ts';

const never = new AbortController().signal;
const patience = Object.fromEntries(Object.keys(messages).map((name) => [name, { ms: 20, sendings: 4 }]));
const uart = createUartV1(patience as Record<MessageName, { ms: number; sendings: number }>);
const info = { idScope: '0ne1', endpoint: 'e.example', registrationId: 'sn-000001' };
const { registrationId } = info;
type Named = CredentialObject & { readonly operation: Buffer };
const throughChannel = (length = 32): Named => ({ ...symmetricKey(length), delivery: 'channel', registrationId });

function request(written: Buffer): Envelope & { name: MessageName } {
  const [payload] = new FrameDecoder().push(written);
  const envelope = payload && openEnvelope(payload);
  const name = envelope && requestName(envelope.kind);
  if (envelope === undefined || name === undefined) throw new Error('the station sent no request');
  return { ...envelope, name };
}

function asks<M extends MessageName>(name: M, { body }: Envelope): Asks<M> {
  const read = readRequest(name, body);
  if (isWrong(read)) throw new Error(`the station sent a wrong ${name}`);
  return read;
}

type Counts = ReadonlyMap<MessageName, number>;

/** A provisioned unit that is started again before each request that `when` names, and how often each was sent since then. */
async function restarting(when: (name: MessageName, counts: Counts) => boolean) {
  const flash = new CuttableFlash();
  const counts = new Map<MessageName, number>();
  let unit = loopUnit(flash).unit;
  const link = new ScriptedLink((written) => {
    const { name } = request(written);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (when(name, counts)) ({ unit } = loopUnit(flash));
    return unit.receive(written);
  });
  const session = await uart.open(link, never);
  await session.provision(info, never);
  counts.clear();
  return { session, link, counts };
}

const sentOf = (link: ScriptedLink, name: MessageName): Envelope[] =>
  link.written.map(({ bytes }) => request(bytes)).filter((envelope) => envelope.name === name);

describe('a unit that is started again while a key comes through a channel', () => {
  test.each([
    ['begin', 1],
    ['chunk', 2],
    ['end', 1],
  ] as const)('before its %s gets the key anew, under another key', async (at, count) => {
    const { session, link } = await restarting(
      (name, counts) => name === at && counts.get(at) === count && counts.get('channel') === 1,
    );
    const credential = throughChannel(2_500);
    await session.stage(credential, never);
    await session.commit(credential.operation, never);
    expect(await proves(session, credential)).toBe(true);
    const points = sentOf(link, 'channel').map((envelope) => asks('channel', envelope).stationKey.toString('hex'));
    expect(points).toHaveLength(2);
    expect(points[0]).not.toBe(points[1]);
  });

  test.each([
    ['begin', 'it has agreed on no channel for this operation'],
    ['end', 'the pieces of the object came out of order'],
  ] as const)('before every %s is refused after three attempts', async (at, reason) => {
    const { session, counts } = await restarting((name, sent) => name === at && sent.has('channel'));
    const credential = throughChannel();
    const error = await refusal(session.stage(credential, never), 'unit.refused', [credential.bytes]);
    expect(error.details).toEqual({ what: 'symmetric-key', reason });
    expect(counts.get('channel')).toBe(3);
  });
});

/** A provisioned unit whose answers to one kind of request are made up from then on. */
async function saying(at: MessageName, say: (requestId: Buffer) => Buffer) {
  const { unit } = loopUnit(new CuttableFlash());
  let honest = true;
  const link = new ScriptedLink((written) => {
    const { name, requestId } = request(written);
    return honest || name !== at ? unit.receive(written) : [encodeFrame(say(requestId))];
  });
  const session = await uart.open(link, never);
  await session.provision(info, never);
  honest = false;
  const from = link.written.length;
  return { session, asked: () => link.written.slice(from).map(({ bytes }) => request(bytes).name) };
}

describe('the station', () => {
  test('takes no point from a unit that is none, and sends nothing then', async () => {
    for (const unitKey of [Buffer.alloc(65, 4), Buffer.alloc(65), Buffer.concat([Buffer.of(4), Buffer.alloc(64)])]) {
      const { session, asked } = await saying('channel', (id) => writeAnswer('channel', id, { unitKey }));
      const error = await refusal(session.stage(throughChannel(), never), 'unit.garbled');
      expect(error.details).toEqual({ what: 'channel, unitKey' });
      expect(asked()).toEqual(['channel']);
    }
  });

  test('says what a unit refuses a channel for, and does not ask again', async () => {
    const { session, asked } = await saying('channel', (id) => writeRefusal('bad-point', id));
    const error = await refusal(session.stage(throughChannel(), never), 'unit.refused');
    expect(error.details.what).toBe('channel');
    expect(asked()).toEqual(['channel']);
  });

  test('sends neither chunk nor end of what is in force already', async () => {
    const { session, asked } = await saying('begin', (id) => writeAnswer('begin', id, { held: true }));
    await session.stage(throughChannel(), never);
    expect(asked()).toEqual(['channel', 'begin']);
  });

  test('does not send again what a unit could not open', async () => {
    const { session, asked } = await saying('end', (id) => writeRefusal('not-opened', id));
    await refusal(session.stage(throughChannel(), never), 'unit.refused');
    expect(asked()).toEqual(['channel', 'begin', 'chunk', 'end']);
  });

  test('sends nothing of a key in clear, nor the same bytes twice, and leaves the caller’s own alone', async () => {
    const tpm = await newUnitsTpm();
    const keys = await sealTo(tpm);
    const bytes = Buffer.alloc(32, 0x5e);
    const sealed: Named = { ...symmetricKey(), bytes, delivery: 'sealed', registrationId, sealTo: keys };
    for (const credential of [{ ...throughChannel(), bytes }, sealed]) {
      const link = new FaultyUnit(undefined, {}, undefined, { tpm }).link();
      const session = await uart.open(link, never);
      await session.provision(info, never);
      const from = link.written.length;
      await session.stage(credential, never);
      await session.stage(credential, never);
      expect(link.written.some((frame) => frame.bytes.includes(bytes.subarray(0, 8)))).toBe(false);
      const pieces = sentOf(link, 'chunk').map((envelope) => asks('chunk', envelope).bytes.toString('hex'));
      expect(new Set(pieces).size).toBe(pieces.length);
      expect(link.written.slice(from).every(({ buffer }) => buffer.every((byte) => byte === 0))).toBe(true);
      expect(bytes).toEqual(Buffer.alloc(32, 0x5e));
    }
  });

  test('sends a chain as it is, whatever is said of it', async () => {
    const { session, link } = await restarting(() => false);
    const chain: Named = { ...throughChannel(), kind: 'chain' };
    await refusal(session.stage(chain, never), 'unit.refused');
    const [begin] = sentOf(link, 'begin').slice(-1);
    expect(begin && asks('begin', begin).delivery).toBe('clear');
    expect(sentOf(link, 'channel')).toEqual([]);
  });

  test('does not ask a unit for a channel that knows none', async () => {
    const { unit } = loopUnit(new CuttableFlash());
    const link = new ScriptedLink((written) => {
      const { requestId } = request(written);
      const capabilities = ['provisioning', 'symmetric-key', 'delivery-clear'];
      const said = { version: 1, capabilities, storage: 'tee', simulated: false, chunk: 64 } as const;
      return request(written).name === 'hello'
        ? [encodeFrame(writeAnswer('hello', requestId, said))]
        : unit.receive(written);
    });
    const session = await uart.open(link, never);
    const error = await refusal(session.stage(throughChannel(), never), 'unit.cannot');
    expect(error.details).toEqual({ what: 'delivery-channel' });
    expect(link.written).toHaveLength(1);
  });
});
