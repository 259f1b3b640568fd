import { afterEach, describe, expect, test, vi } from 'vitest';
import { FrameDecoder } from '../../../../drivers/frames/framer.ts';
import { Exchange } from '../../../../drivers/protocols/exchange.ts';
import { uartV1 } from '../../../../drivers/protocols/uart-v1.ts';
import { Asking, ordinaryPatience } from '../../../../drivers/protocols/uart-v1-asking.ts';
import { messages, openEnvelope, requestName } from '../../../../drivers/protocols/uart-v1-messages.ts';
import { TpmTunnel } from '../../../../drivers/protocols/uart-v1-tpm.ts';
import { NoTpm, type UnitsTpm } from '../../../../drivers/simulated/unit/units-tpm.ts';
import { commands } from '../../../../drivers/tpm/constants.ts';
import { FaultyUnit } from '../../../suites/loop.ts';
import { hurried } from '../../../suites/patience.ts';
import { refusal } from '../../../suites/protocol.suite.ts';
import { ScriptedLink } from '../../../suites/scripted-link.ts';

const never = new AbortController().signal;
const secret = Buffer.alloc(20, 0x5e);

/** A TPM that says the same to everything, and counts. */
class SayingTpm implements UnitsTpm {
  readonly heard: Buffer[] = [];
  readonly #say: () => Buffer;

  constructor(say: () => Buffer) {
    this.#say = say;
  }

  async execute(command: Buffer): Promise<Buffer> {
    this.heard.push(command);
    return this.#say();
  }

  restart(): void {}
}

const unitWith = (tpm: UnitsTpm) => new FaultyUnit(undefined, {}, undefined, { tpm });
const tunnelOver = (link: ScriptedLink, patience = ordinaryPatience) =>
  new TpmTunnel(new Asking(Exchange.on(link), patience));
afterEach(() => {
  vi.useRealTimers();
});

test('a command reaches the TPM as it is, and its response comes back; what was sent is zeroed', async () => {
  const tpm = new SayingTpm(() => Buffer.alloc(896, 0x21));
  const link = unitWith(tpm).link();
  const tunnel = tunnelOver(link);
  expect(await tunnel.transmit(secret, 0, never)).toEqual(Buffer.alloc(896, 0x21));
  expect(await tunnel.transmit(Buffer.alloc(tunnel.longest, 0x22), 0, never)).toHaveLength(896);
  expect(tpm.heard).toEqual([secret, Buffer.alloc(896, 0x22)]);
  expect(link.written.every(({ buffer }) => buffer.every((byte) => byte === 0))).toBe(true);
  await tunnel.close();
  expect(link.lost.aborted).toBe(false);
});

test('a command whose answer was lost is not executed twice', async () => {
  const tpm = new SayingTpm(() => Buffer.alloc(10, 0x21));
  const unit = unitWith(tpm);
  const link = unit.link();
  let heard = 0;
  const lossy = new ScriptedLink((written) => {
    void link.write(written, never);
    return [];
  });
  link.listen((bytes) => {
    heard += 1;
    // The first answer gets lost.
    if (heard > 1) lossy.say(bytes);
  });
  const patience = { ...ordinaryPatience, tpm: { ms: 20, sendings: 8 } };
  expect(await tunnelOver(lossy, patience).transmit(secret, 0, never)).toEqual(Buffer.alloc(10, 0x21));
  expect(lossy.written.length).toBeGreaterThan(1);
  expect(tpm.heard).toHaveLength(1);
});

test.each([
  ['most commands 16 s', commands.GetCapability, 16_000],
  ['CreatePrimary 80 s', commands.CreatePrimary, 80_000],
  ['ActivateCredential 80 s', commands.ActivateCredential, 80_000],
])('a TPM that says nothing is given up: %s', async (_, code, ms) => {
  vi.useFakeTimers();
  const link = new ScriptedLink(() => []);
  const silent = refusal(tunnelOver(link).transmit(secret, code, never), 'unit.silent');
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect(link.written).toHaveLength(8);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect((await silent).details).toEqual({ what: 'tpm' });
});

describe('a session', () => {
  const protocol = hurried(() => 20);

  test('says that a TPM is missing which its unit does not reach', async () => {
    const link = unitWith(
      new SayingTpm(() => {
        throw new NoTpm();
      }),
    ).link();
    const tpm = await (await protocol.open(link, never)).tpm(never);
    const error = await refusal(tpm.describe(never), 'tpm.missing');
    expect(error.details).toEqual({ what: 'its TPM does not answer' });
    await tpm.close();
  });

  test('says what else a command is refused for', async () => {
    const link = unitWith(new SayingTpm(() => Buffer.alloc(897))).link();
    const tpm = await (await protocol.open(link, never)).tpm(never);
    const error = await refusal(tpm.describe(never), 'unit.refused');
    expect(error.details).toEqual({ what: 'tpm', reason: 'that is too long for it' });
    await tpm.close();
  });

  test('asks for nothing before the TPM is used', async () => {
    const link = unitWith(new SayingTpm(() => Buffer.alloc(10))).link();
    const session = await uartV1.open(link, never);
    const tpm = await session.tpm(never);
    const names = link.written.map(({ bytes }) => {
      const [payload] = new FrameDecoder().push(bytes);
      return payload && requestName(openEnvelope(payload)?.kind ?? 0);
    });
    expect(names).toEqual(['hello']);
    expect(messages.tpm.kind).toBe(12);
    await tpm.close();
  });
});
