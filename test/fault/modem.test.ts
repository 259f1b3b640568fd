// Promise H for modules: answers changed at random. Nobody crashes, nobody hangs, and what counts as in force is the key of the request
// with the chain for it.
import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createAtModem } from '../../drivers/protocols/at-modem.ts';
import { ordinaryModemPatience } from '../../drivers/protocols/at-modem-patience.ts';
import { readModemFaults } from '../../drivers/simulated/modem/faults.ts';
import { SimulatedModem } from '../../drivers/simulated/modem/modem.ts';
import { type Random, seeded, whole } from '../../drivers/simulated/unit/random.ts';
import { StationError } from '../../station-core/contract/errors.ts';
import { modemAccess, modemImei, modemUuid } from '../suites/modem-bench.ts';
import { info } from '../suites/protocol.suite.ts';
import { ScriptedLink } from '../suites/scripted-link.ts';
import { long, testSeed } from '../suites/seed.ts';
import { chainFor, chainObject, requestedKey } from '../suites/unit-certificates.ts';

const count = long ? 3_000 : 60;
const timeout = long ? 600_000 : 60_000;
const seed = testSeed('modem');
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'birthmark-modems-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// The other end answers in memory: what has not come at once does not come.
const hurried = { boot: 5_000, call: 4, quiet: 1, answer: 25, work: 25, leave: 25 };
const protocol = createAtModem({ ...ordinaryModemPatience, ...hurried });

/** One in twenty pieces of what travels, either way, is changed: a character, a hole, a copy, or noise. */
function mutated(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0 || whole(random, 20) > 0) return bytes;
  const at = whole(random, bytes.length);
  const copy = Buffer.from(bytes);
  switch (whole(random, 4)) {
    case 0:
      copy[at] = whole(random, 256);
      return copy;
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + whole(random, 40))]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at + 1), bytes.subarray(at)]);
    default:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from('\r\nERROR\r\n'), bytes.subarray(at)]);
  }
}

type Kept = readonly { readonly tag: number; readonly type: number; readonly content: string }[];

async function round(random: Random, memory: string): Promise<'committed'> {
  const facts = { imei: modemImei, uuid: modemUuid, mode: whole(random, 2) };
  const modem = new SimulatedModem(facts, memory, readModemFaults({ unasked: true }), () => undefined);
  const link = new ScriptedLink((written) => [mutated(modem.receive(mutated(written, random)), random)]);
  const session = await protocol.open(link, never, { modem: modemAccess });
  expect(await session.identity(never)).toMatchObject({ serial: modemImei });
  await session.provision(info, never);
  const key = requestedKey(await session.makeKey({ operation: randomBytes(16), algorithm: 'p256' }, never));
  const { operation = Buffer.alloc(16) } = await session.status(never);
  const chain = chainFor(key);
  await session.stage(chainObject(operation, chain), never);
  await session.commit(operation, never);
  const kept = JSON.parse(readFileSync(memory, 'utf8')) as Kept;
  const of = (type: number) => {
    const found = kept.find((one) => one.tag === modemAccess.secTag && one.type === type);
    return Buffer.from(found?.content ?? '', 'base64');
  };
  expect(of(1)).toEqual(chain);
  const held = createPrivateKey({ key: of(2), format: 'der', type: 'pkcs8' });
  expect(createPublicKey(held).equals(key)).toBe(true);
  return 'committed';
}

test(
  `of ${count} modules on lines that change what is said, those that count as certified are`,
  async () => {
    const random = seeded(seed);
    const ends = new Map<string, number>();
    for (let index = 0; index < count; index += 1) {
      const end = await round(random, join(folder, `${index}`)).catch((error: unknown): string => {
        if (error instanceof StationError && error.code !== 'internal') return error.code;
        throw error;
      });
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    expect(ends.get('committed')).toBeGreaterThan(count / 4);
  },
  timeout,
);
