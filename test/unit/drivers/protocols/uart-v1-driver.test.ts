import { describe, expect, test } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../../../drivers/frames/framer.ts';
import { createUartV1 } from '../../../../drivers/protocols/uart-v1.ts';
import {
  type Envelope,
  type MessageName,
  messages,
  openEnvelope,
  requestName,
  writeAnswer,
} from '../../../../drivers/protocols/uart-v1-messages.ts';
import { CuttableFlash, loopUnit } from '../../../suites/loop.ts';
import { proves, refusal, symmetricKey } from '../../../suites/protocol.suite.ts';
import { type Script, ScriptedLink } from '../../../suites/scripted-link.ts';

const never = new AbortController().signal;
const patience = Object.fromEntries(Object.keys(messages).map((name) => [name, { ms: 20, sendings: 4 }]));
const uart = createUartV1(patience as Record<MessageName, { ms: number; sendings: number }>);
const info = { idScope: '0ne1', endpoint: 'e.example', registrationId: 'sn-000001' };
const noise = Buffer.from('c3a90fffff1b5b324a0d0a', 'hex');

/** An honest unit behind a script that may change what it says; `at` counts what was written, from 1. */
function between(change: (said: Buffer[], at: number, written: Buffer) => readonly Uint8Array[]) {
  const { unit } = loopUnit(new CuttableFlash());
  let at = 0;
  return new ScriptedLink((written) => {
    at += 1;
    return change(unit.receive(written), at, written);
  });
}

function request(written: Buffer): Envelope & { name: MessageName } {
  const [payload] = new FrameDecoder().push(written);
  const envelope = payload && openEnvelope(payload);
  const name = envelope && requestName(envelope.kind);
  if (envelope === undefined || name === undefined) throw new Error('the station sent no request');
  return { ...envelope, name };
}

describe('on a bad line', () => {
  test('an answer that comes twice is taken once and counted once', async () => {
    const link = between((said) => [...said, ...said]);
    const session = await uart.open(link, never);
    expect(await session.status(never)).toMatchObject({ state: 'none' });
    expect(session.line).toEqual({ bad: 0, stray: 2, resent: 0 });
  });

  test('a request without an answer is sent again, the same bytes, and the answer is taken', async () => {
    const link = between((said, at) => (at < 3 ? [] : said));
    const session = await uart.open(link, never);
    expect(session.line).toEqual({ bad: 0, stray: 0, resent: 2 });
    expect(new Set(link.written.map(({ bytes }) => bytes.toString('hex'))).size).toBe(1);
  });

  test('an answer that comes during the next request is dropped and does not pass for its answer', async () => {
    const held: Buffer[] = [];
    const link = between((said, at) => {
      if (at === 2) held.push(...said);
      if (at === 2) return [];
      return at === 4 ? [...held, ...said] : said;
    });
    const session = await uart.open(link, never);
    await session.identity(never);
    expect(await session.status(never)).toMatchObject({ state: 'none' });
    expect(session.line).toEqual({ bad: 0, stray: 1, resent: 1 });
  });

  test('an answer to an earlier conversation on the same link is dropped', async () => {
    const link = between((said) => said);
    const first = await uart.open(link, never);
    const { requestId } = request(link.written[0]?.bytes ?? Buffer.alloc(0));
    const second = await uart.open(link, never);
    link.say(encodeFrame(writeAnswer('status', requestId, { state: 'committed', locked: true })));
    expect(await second.status(never)).toMatchObject({ state: 'none' });
    expect(first.line).toEqual({ bad: 0, stray: 1, resent: 0 });
  });

  test('garbage before, between and behind frames is counted and does no harm', async () => {
    const link = between((said) => [noise, ...said.flatMap((frame) => [frame, noise, Buffer.of(0)])]);
    const session = await uart.open(link, never);
    const credential = symmetricKey();
    await session.provision(info, never);
    await session.stage(credential, never);
    await session.commit(credential.operation, never);
    expect(await proves(session, credential)).toBe(true);
    expect(session.line.bad).toBeGreaterThan(0);
    expect(session.line.resent).toBe(0);
  });

  test('an answer with a changed bit is not taken, the repeated one is', async () => {
    const link = between((said, at) => {
      if (at % 2 === 1) for (const frame of said) frame[5] = (frame[5] ?? 0) ^ 0x10;
      return said;
    });
    const session = await uart.open(link, never);
    expect(session.line).toEqual({ bad: 1, stray: 0, resent: 1 });
  });

  test('an answer that arrives byte by byte is whole', async () => {
    const link = between((said) => said.flatMap((frame) => [...frame].map((byte) => Buffer.of(byte))));
    expect((await uart.open(link, never)).hello.version).toBe(1);
  });
});

describe('a unit that does not keep to the protocol', () => {
  test('and only makes noise is garbled, after all sendings', async () => {
    const link = new ScriptedLink(() => [noise]);
    expect((await refusal(uart.open(link, never), 'unit.garbled')).details).toEqual({ what: 'hello' });
    expect(link.written).toHaveLength(4);
  });

  test('and echoes what it hears is garbled or silent, never greeted', async () => {
    const link = new ScriptedLink((written) => [written]);
    expect((await refusal(uart.open(link, never), 'unit.garbled')).details).toEqual({ what: 'hello, kind' });
  });

  test('and answers with a wrong field is garbled, by the field', async () => {
    const answers: Script = (written) => {
      const { name, requestId } = request(written);
      if (name === 'hello') {
        const capabilities = ['lock'];
        const said = { version: 1, capabilities, storage: 'file', simulated: true, chunk: 64 } as const;
        return [encodeFrame(writeAnswer('hello', requestId, said))];
      }
      return [encodeFrame(Buffer.concat([Buffer.from('a30018430148', 'hex'), requestId, Buffer.from('0201', 'hex')]))];
    };
    const session = await uart.open(new ScriptedLink(answers), never);
    expect((await refusal(session.status(never), 'unit.garbled')).details).toEqual({ what: 'status, state' });
  });

  test('of another version is named with both versions', async () => {
    const link = new ScriptedLink((written) => {
      const { requestId } = request(written);
      const later = Buffer.concat([Buffer.from('a40018410148', 'hex'), requestId, Buffer.from('020709f5', 'hex')]);
      return [encodeFrame(later)];
    });
    expect((await refusal(uart.open(link, never), 'unit.version')).details).toEqual({ found: 7, expected: 1 });
  });

  test('and cannot do what is asked is told nothing of the credential', async () => {
    const link = new ScriptedLink((written) => {
      const { requestId } = request(written);
      const said = { version: 1, capabilities: ['provisioning'], storage: 'tee', simulated: false, chunk: 64 } as const;
      return [encodeFrame(writeAnswer('hello', requestId, said))];
    });
    const session = await uart.open(link, never);
    const error = await refusal(session.stage(symmetricKey(), never), 'unit.cannot');
    expect(error.details).toEqual({ what: 'symmetric-key' });
    expect(link.written).toHaveLength(1);
  });

  test('and forgets what it was told in the middle of an object gets the object again', async () => {
    const flash = new CuttableFlash();
    let { unit } = loopUnit(flash);
    let chunks = 0;
    const link = new ScriptedLink((written) => {
      if (request(written).name === 'chunk') chunks += 1;
      // A reset between the second piece and the third.
      if (chunks === 3) ({ unit } = loopUnit(flash));
      return unit.receive(written);
    });
    const session = await uart.open(link, never);
    const credential = symmetricKey(3000);
    await session.stage(credential, never);
    await session.commit(credential.operation, never);
    expect(await session.status(never)).toMatchObject({ state: 'committed' });
    expect(chunks).toBe(3 + 4);
  });

  test('and loses its place again and again is refused in the end', async () => {
    const flash = new CuttableFlash();
    const link = new ScriptedLink((written) => {
      const { unit } = loopUnit(flash);
      return unit.receive(written);
    });
    const session = await uart.open(link, never);
    const credential = symmetricKey();
    const error = await refusal(session.stage(credential, never), 'unit.refused', [credential.bytes]);
    expect(error.details).toEqual({ what: 'symmetric-key', reason: 'the pieces of the object came out of order' });
    expect(link.written.filter(({ bytes }) => request(bytes).name === 'begin')).toHaveLength(3);
  });
});

test('provisioning information that a unit does not read back as it was written is an error', async () => {
  for (const provisioned of [undefined, Buffer.alloc(32)]) {
    const link = between((said, _, written) => {
      const { name, requestId } = request(written);
      if (name !== 'status') return said;
      const status = { state: 'none', locked: false, ...(provisioned && { provisioned }) } as const;
      return [encodeFrame(writeAnswer('status', requestId, status))];
    });
    const session = await uart.open(link, never);
    const error = await refusal(session.provision(info, never), 'unit.refused');
    expect(error.details.what).toBe('provisioning');
  }
});

test('no buffer that the station sent still holds the credential, and the caller’s own is untouched', async () => {
  const link = between((said) => said);
  const session = await uart.open(link, never);
  // No zeros in it, so that a frame holds it as it is.
  const credential = { ...symmetricKey(), bytes: Buffer.alloc(32, 0x5e) };
  const key = Buffer.from(credential.bytes);
  await session.stage(credential, never);
  expect(link.written.some(({ bytes }) => bytes.includes(key))).toBe(true);
  expect(link.written.every(({ buffer }) => buffer.every((byte) => byte === 0))).toBe(true);
  expect(credential.bytes.equals(key)).toBe(true);
});

test('no error of a failed transfer says anything of the credential', async () => {
  const credential = symmetricKey();
  const until = (name: MessageName): Script => {
    const { unit } = loopUnit(new CuttableFlash());
    return (written) => (request(written).name === name ? [noise] : unit.receive(written));
  };
  for (const name of ['begin', 'chunk', 'end'] as const) {
    const session = await uart.open(new ScriptedLink(until(name)), never);
    await refusal(session.stage(credential, never), 'unit.garbled', [credential.bytes]);
  }
});

test('two questions at once are a mistake of the program and are not mixed up', async () => {
  const link = between((said) => said);
  const session = await uart.open(link, never);
  const [first, second] = await Promise.allSettled([session.status(never), session.status(never)]);
  expect(first.status).toBe('fulfilled');
  expect(second).toMatchObject({ status: 'rejected', reason: { message: 'a unit is asked one thing at a time' } });
});
