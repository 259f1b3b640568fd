// Files over uart-v1: from the driver into a simulated unit's memory, and what becomes of them when its power goes.
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../../../drivers/frames/framer.ts';
import { createUartV1, type UartV1, uartV1 } from '../../../../drivers/protocols/uart-v1.ts';
import { ordinaryPatience } from '../../../../drivers/protocols/uart-v1-asking.ts';
import {
  fileFields,
  type MessageName,
  maxContent,
  openEnvelope,
  requestName,
  writeAnswer,
} from '../../../../drivers/protocols/uart-v1-messages.ts';
import { writeFields } from '../../../../drivers/protocols/wire.ts';
import { Memory } from '../../../../drivers/simulated/unit/memory.ts';
import { fileSize, type Kept } from '../../../../drivers/simulated/unit/record.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { CuttableFlash, FaultyUnit, loopFacts, loopUnit, PowerCut } from '../../../suites/loop.ts';
import { hurried } from '../../../suites/patience.ts';
import { refusal, symmetricKey } from '../../../suites/protocol.suite.ts';
import { ScriptedLink } from '../../../suites/scripted-link.ts';
import { testSeed } from '../../../suites/seed.ts';
import { digest, Talk } from '../../../suites/talk.ts';

const never = new AbortController().signal;
const config = (content: string, path = '/etc/aziot/config.toml') => ({
  path,
  mode: 0o600,
  bytes: Buffer.from(content),
});

async function write(flash: CuttableFlash, ...files: readonly ReturnType<typeof config>[]): Promise<void> {
  const session = await uartV1.open(loopUnit(flash).link, never);
  for (const file of files) await session.writeFile(file, never);
}

/** The files in a memory, by path; all of them whole. */
function held(flash: CuttableFlash): Record<string, string> {
  const memory = new Memory(flash);
  const { files = [] } = memory.load();
  return Object.fromEntries(files.map((file) => [file.path, memory.readFile(file)?.toString() ?? 'damaged']));
}

describe('a file', () => {
  test('is kept with its mode, over several frames, and the same one again is not sent', async () => {
    const flash = new CuttableFlash();
    const chain = config(randomBytes(3_000).toString('hex'), '/var/secrets/device-id.pem');
    await write(flash, chain, config('first'));
    expect(held(flash)).toEqual({ [chain.path]: chain.bytes.toString(), '/etc/aziot/config.toml': 'first' });
    expect(new Memory(flash).load().files?.map(({ mode }) => mode)).toEqual([0o600, 0o600]);
    const { written } = flash;
    await write(flash, chain, config('first'));
    expect(flash.written).toBe(written);
  });

  test('takes the place of the one at its path, and of no other', async () => {
    const flash = new CuttableFlash();
    for (const content of ['first', 'second', 'third', 'fourth']) {
      await write(flash, config(content), config('other', '/other'));
      expect(held(flash)).toEqual({ '/etc/aziot/config.toml': content, '/other': 'other' });
    }
  });

  test('of another mode is another file', async () => {
    const flash = new CuttableFlash();
    await write(flash, config('same'));
    await write(flash, { ...config('same'), mode: 0o640 });
    expect(new Memory(flash).load().files?.map(({ mode }) => mode)).toEqual([0o640]);
  });

  test('beyond what the unit has room for is refused by it, and one beyond the protocol before it is sent', async () => {
    const flash = new CuttableFlash();
    await write(flash, config('a', '/a'), config('b', '/b'));
    const session = await uartV1.open(loopUnit(flash).link, never);
    await refusal(session.writeFile(config('c', '/c'), never), 'unit.refused');
    await refusal(session.writeFile(config('x'.repeat(fileSize + 1)), never), 'unit.refused');
    const { written } = flash;
    await refusal(session.writeFile(config('x'.repeat(maxContent + 1)), never), 'unit.refused');
    await refusal(session.writeFile(config('x', `/${'p'.repeat(255)}`), never), 'unit.refused');
    expect(flash.written).toBe(written);
    expect(held(flash)).toEqual({ '/a': 'a', '/b': 'b' });
  });

  test('with a key in it never goes out, since it would travel beside its delivery and in clear', async () => {
    const flash = new CuttableFlash();
    const { link } = loopUnit(flash);
    const session = await uartV1.open(link, never);
    const before = link.written.length;
    const key = { operation: randomBytes(16), offset: 0, length: 6, encoding: 'raw' } as const;
    await refusal(session.writeFile({ ...config('secret'), key }, never), 'unit.cannot');
    expect(link.written.length).toBe(before);
  });

  test('with another path than a whole one, or that is no file object, is refused by the unit', () => {
    const talk = new Talk();
    const relative = writeFields(fileFields, { path: 'etc/x', mode: 0o600, content: Buffer.from('x') });
    expect(talk.send('file', relative, digest(relative).subarray(0, 16))).toEqual({ refused: 'object-invalid' });
    expect(talk.send('file', Buffer.from('a0', 'hex'))).toEqual({ refused: 'object-invalid' });
    expect(talk.ask('begin', { operation: randomBytes(16), object: 'file', total: 9, delivery: 'channel' })).toEqual({
      refused: 'unknown-delivery',
    });
  });

  test('of a locked unit stays: the same one is answered the same, another one refused', async () => {
    const flash = new CuttableFlash();
    const session = await uartV1.open(loopUnit(flash).link, never);
    await session.writeFile(config('first'), never);
    const credential = symmetricKey();
    await session.stage(credential, never);
    await session.commit(credential.operation, never);
    await session.lock(credential.operation, never);
    await session.writeFile(config('first'), never);
    await refusal(session.writeFile(config('second'), never), 'unit.refused');
    expect(held(flash)).toEqual({ '/etc/aziot/config.toml': 'first' });
  });

  test('that was damaged in the memory since is not said to be there, and is written anew', async () => {
    const flash = new CuttableFlash();
    await write(flash, config('first'));
    flash.bytes[flash.bytes.indexOf('first')] = 0x46;
    expect(held(flash)).toEqual({ '/etc/aziot/config.toml': 'damaged' });
    await write(flash, config('first'));
    expect(held(flash)).toEqual({ '/etc/aziot/config.toml': 'first' });
  });
});

test('power cut after any byte of a file leaves the old file, the new one or none, and trying again passes', async () => {
  const [old, next] = [config('the old configuration'), config('the new configuration, a longer one')];
  const begun = async () => {
    const flash = new CuttableFlash();
    await write(flash, old);
    flash.written = 0;
    return flash;
  };
  const whole = await begun();
  await write(whole, next);
  const seen = new Set<string>();
  for (let left = 0; left < whole.written; left += 1) {
    const flash = await begun();
    flash.left = left;
    await expect(write(flash, next)).rejects.toBeInstanceOf(PowerCut);
    flash.left = Number.POSITIVE_INFINITY;
    const [content = 'none', ...more] = Object.values(held(flash));
    expect(more).toEqual([]);
    seen.add(content);
    await write(flash, next);
    expect(held(flash)).toEqual({ [next.path]: next.bytes.toString() });
  }
  expect([...seen]).toEqual([old.bytes.toString()]);
  const fresh = new CuttableFlash();
  fresh.left = whole.written - 1;
  await expect(write(fresh, next)).rejects.toBeInstanceOf(PowerCut);
  expect(held(fresh)).toEqual({});
});

test('where every fifth frame is lost, doubled, changed or late, a file arrives whole or not at all', async () => {
  const seed = testSeed('files over a cable that lies');
  const frames = { drop: 0.05, double: 0.05, flip: 0.05, reorder: 0.05 } as const;
  const protocol = hurried(() => 50);
  let written = 0;
  for (let round = 0; round < 10; round += 1) {
    const plan = { seed: (seed + round) % 2 ** 32, toUnit: { frames }, toStation: { frames } };
    const unit = new FaultyUnit(loopFacts, plan);
    const files = [config(randomBytes(1_500).toString('hex'), '/var/secrets/id.pem'), config('configuration')];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const done = await writeAll(protocol, unit, files);
      for (const [path, content] of Object.entries(held(unit.flash))) {
        expect(content).toBe(files.find((file) => file.path === path)?.bytes.toString());
      }
      if (!done) continue;
      expect(Object.keys(held(unit.flash)).length).toBe(2);
      written += 1;
      break;
    }
  }
  expect(written).toBe(10);
});

/** Whether all of them were written; a line that was too bad for one is no wonder. */
async function writeAll(protocol: UartV1, unit: FaultyUnit, files: readonly ReturnType<typeof config>[]) {
  try {
    const session = await protocol.open(unit.link(), never);
    for (const file of files) await session.writeFile(file, never);
    return true;
  } catch (thrown) {
    if (thrown instanceof StationError && ['unit.silent', 'unit.garbled', 'unit.refused'].includes(thrown.code))
      return false;
    throw thrown;
  }
}

test('a record with files, a credential and all else that it can hold fits its cell', () => {
  const flash = new CuttableFlash();
  const sha256 = randomBytes(32);
  const credential = { operation: randomBytes(16), kind: 'symmetric-key', length: 4_096, sha256 } as const;
  const chain = { length: 16_384, sha256 };
  const file = { mode: 0o777, length: fileSize, sha256, object: sha256 } as const;
  const full: Kept = {
    locked: true,
    committed: { slot: 0, ...credential, chain },
    staged: { slot: 1, ...credential, chain },
    provisioned: randomBytes(1_024),
    files: [
      { ...file, place: 0, path: `/${'a'.repeat(127)}` },
      { ...file, place: 2, path: `/${'b'.repeat(127)}` },
    ],
  };
  new Memory(flash).save({ locked: false });
  new Memory(flash).save(full);
  expect(new Memory(flash).load()).toEqual(full);
  new Memory(flash).save({ locked: false });
  expect(new Memory(flash).load()).toEqual({ locked: false });
});

test('a unit that took a file and does not say that it holds it is found out', async () => {
  const impatient = createUartV1({ ...ordinaryPatience, hello: { ms: 20, sendings: 2 } });
  const file = config('content');
  const { length } = writeFields(fileFields, { path: file.path, mode: file.mode, content: file.bytes });
  const answers: { readonly [M in MessageName]?: object } = {
    hello: { version: 1, capabilities: ['file'], storage: 'file', simulated: false, chunk: 896 },
    begin: { held: false },
    chunk: { received: length },
    end: {},
  };
  const link = new ScriptedLink((written) => {
    const envelope = openEnvelope(new FrameDecoder().push(written)[0] ?? Buffer.alloc(0));
    const name = envelope && requestName(envelope.kind);
    if (!envelope || !name) throw new Error('the station sent no message');
    return [encodeFrame(writeAnswer(name, envelope.requestId, answers[name] as never))];
  });
  const session = await impatient.open(link, never);
  await refusal(session.writeFile(file, never), 'unit.refused');
});

test('a unit that takes no files is told so by name', async () => {
  const link = new ScriptedLink((written) => {
    const envelope = openEnvelope(new FrameDecoder().push(written)[0] ?? Buffer.alloc(0));
    if (!envelope) throw new Error('the station sent no message');
    const said = { version: 1, capabilities: ['provisioning'], storage: 'file', simulated: false, chunk: 896 } as const;
    return [encodeFrame(writeAnswer('hello', envelope.requestId, said))];
  });
  const session = await uartV1.open(link, never);
  expect((await refusal(session.writeFile(config('x'), never), 'unit.cannot')).details).toEqual({ what: 'file' });
});
