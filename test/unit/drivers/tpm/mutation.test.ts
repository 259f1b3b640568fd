import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCredential } from '../../../../drivers/tpm/credential.ts';
import { brokenKeyRule, keyObjectOf, nameOf, readPublicArea } from '../../../../drivers/tpm/public.ts';
import { openTpm } from '../../../../drivers/tpm/tpm.ts';
import type { TpmTransport } from '../../../../drivers/tpm/transport.ts';
import { type EkKind, ekKinds, type UnitTpm } from '../../../../drivers/tpm/unit-tpm.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { dice, mutate } from '../../../suites/mutations.ts';
import { long, testSeed } from '../../../suites/seed.ts';
import { makeSwtpm, type Swtpm } from '../../../suites/swtpm.ts';
import { toPort } from '../../../suites/tpm-tcp.ts';

const never = new AbortController().signal;
const rounds = long ? 100_000 : 1_000;
/** Tags, sizes at their limits, return codes, algorithm and handle bytes. */
const telling = [0, 1, 2, 0x0b, 0x10, 0x20, 0x23, 0x30, 0x3a, 0x43, 0x7f, 0x80, 0x81, 0xb2, 0xc4, 0xff];

let swtpm: Swtpm;
beforeAll(async () => {
  swtpm = await makeSwtpm({ certificates: true });
});
afterAll(() => swtpm.stop());

/** The whole of what a run asks of a TPM. Answers what came out, or throws. */
async function attest(tpm: UnitTpm, kind: EkKind) {
  await tpm.describe(never);
  const key = await tpm.endorsement({ kind }, never);
  const area = readPublicArea(key.public, 'EK');
  const broken = brokenKeyRule(area);
  if (broken) throw new StationError('tpm.key-refused', { what: 'EK', rule: broken });
  keyObjectOf(area.key, 'EK');
  const activation = await tpm.activationKey(never);
  const bound = readPublicArea(activation.public, 'key');
  if (!nameOf(bound).equals(activation.name)) throw new StationError('tpm.name-differs', { what: 'key' });
  const secret = randomBytes(32);
  const answer = await tpm.activate(makeCredential(area, nameOf(bound), secret), never);
  return { key, proven: answer.equals(secret) };
}

/** Keeps what a TPM answered, in order. */
function recording(transport: TpmTransport): TpmTransport & { readonly answers: Buffer[] } {
  const answers: Buffer[] = [];
  return {
    name: 'a recording',
    longest: transport.longest,
    answers,
    transmit: async (...asked) => {
      const answer = await transport.transmit(...asked);
      answers.push(Buffer.from(answer));
      return answer;
    },
    close: () => transport.close(),
  };
}

/** Plays answers again, one of them changed. Commands behind the last one fail, as a TPM that is gone. */
function playing(answers: readonly Buffer[], at: number, changed: Buffer): TpmTransport {
  let next = 0;
  return {
    name: 'a recording',
    longest: 4_096,
    transmit: async () => {
      const index = next++;
      const answer = index === at ? changed : answers[index];
      if (!answer) throw new StationError('tpm.missing', { what: 'the recording is over' });
      return Buffer.from(answer);
    },
    close: async () => undefined,
  };
}

test(`${rounds} changed answers of a TPM are refused or read, never crash, and never prove a key`, {
  timeout: 1_800_000,
}, async () => {
  const roll = dice(testSeed('tpm mutation'));
  const recorded = new Map<EkKind, readonly Buffer[]>();
  for (const kind of ekKinds) {
    const transport = recording(await toPort(swtpm.port));
    const tpm = openTpm(transport);
    expect((await attest(tpm, kind)).proven).toBe(true);
    recorded.set(kind, [...transport.answers]);
    await tpm.close();
  }
  let read = 0;
  const refused = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    const kind = ekKinds[roll(ekKinds.length)] ?? 'rsa2048';
    const answers = recorded.get(kind) ?? [];
    const at = roll(answers.length);
    const tpm = openTpm(playing(answers, at, mutate(answers[at] ?? Buffer.alloc(0), roll, telling)));
    try {
      // A fresh challenge cannot be answered by a recording, whatever was changed in it.
      expect((await attest(tpm, kind)).proven).toBe(false);
      read += 1;
    } catch (thrown) {
      if (!(thrown instanceof StationError)) throw thrown;
      refused.set(thrown.code, (refused.get(thrown.code) ?? 0) + 1);
    }
    await tpm.close();
  }
  process.stdout.write(`tpm mutation: ${read} read, refused ${JSON.stringify(Object.fromEntries(refused))}\n`);
  expect(read).toBeGreaterThan(rounds / 100);
  expect(refused.get('tpm.garbled') ?? 0).toBeGreaterThan(rounds / 10);
});
