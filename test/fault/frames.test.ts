// Promise H: frames from outside, changed at random, against both ends: nobody crashes, nobody hangs, nothing is half done
// and no key is taken for proven that is not.
import { expect, test } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../drivers/frames/framer.ts';
import { possessionHmacHolds, possessionMessage } from '../../drivers/protocols/possession.ts';
import type { UnitSession } from '../../drivers/protocols/protocol.ts';
import { type Random, seeded, whole } from '../../drivers/simulated/unit/random.ts';
import { StationError } from '../../station-core/contract/errors.ts';
import { FaultyUnit } from '../suites/loop.ts';
import { hurried } from '../suites/patience.ts';
import { inForce } from '../suites/power-cuts.ts';
import { symmetricKey } from '../suites/protocol.suite.ts';
import { ScriptedLink } from '../suites/scripted-link.ts';
import { long, testSeed } from '../suites/seed.ts';

const count = long ? 100_000 : 1_000;
const timeout = long ? 1_800_000 : 60_000;
const seed = testSeed('frames');
const never = new AbortController().signal;
const info = { idScope: '0ne00000001', endpoint: 'e.example', registrationId: 'sn-000001' } as const;
const protocol = hurried(() => 2);

/** Changes bytes in one of the ways in which bytes change: a bit, a byte, a hole, a copy, an end too early, noise. */
function mutated(bytes: Buffer, random: Random): Buffer {
  const at = whole(random, bytes.length);
  const upTo = at + 1 + whole(random, 8);
  const copy = Buffer.from(bytes);
  const noise = Buffer.from(Array.from({ length: 1 + whole(random, 40) }, () => whole(random, 256)));
  switch (whole(random, 6)) {
    case 0:
      copy[at] = (copy[at] ?? 0) ^ (1 << whole(random, 8));
      return copy;
    case 1:
      copy[at] = whole(random, 256);
      return copy;
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(upTo)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, upTo), bytes.subarray(at)]);
    case 4:
      return bytes.subarray(0, at + 1);
    default:
      return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(upTo)]);
  }
}

/** A frame that was changed on the line, or one whose sender meant the changed content: with the CRC that belongs to it. */
function mutatedFrame(frame: Buffer, random: Random): Buffer {
  const [payload] = new FrameDecoder().push(frame);
  if (payload === undefined || random() < 0.4) return mutated(frame, random);
  return encodeFrame(mutated(payload, random).subarray(0, 1_000));
}

const old = symmetricKey();
const next = { ...symmetricKey(1_500), replaces: old.operation };

/** Every request of a unit's life: its first credential, its replacement, the lock. */
async function live(session: UnitSession): Promise<void> {
  await session.identity(never);
  await session.provision(info, never);
  for (const credential of [old, next]) {
    await session.stage(credential, never);
    await session.commit(credential.operation, never);
    await session.prove(credential.operation, info.registrationId, Buffer.alloc(32, 7), never);
  }
  await session.lock(next.operation, never);
}

test(
  `a unit that hears ${count} changed frames holds one whole credential at every moment, and still answers`,
  async () => {
    const random = seeded(seed);
    const recorded = new FaultyUnit();
    const wire = recorded.link();
    await live(await protocol.open(wire, never));
    const corpus = wire.written.map(({ bytes }) => bytes);
    const wholeKeys = [undefined, old, next].map((one) => one?.bytes.toString('base64'));
    let heard = 0;
    while (heard < count) {
      // One life a unit: once it is locked it has little left to get wrong.
      const unit = new FaultyUnit();
      const link = unit.link();
      for (const frame of corpus) {
        const dice = random();
        const changed = dice < 0.5 ? [mutatedFrame(frame, random)] : [];
        heard += changed.length;
        for (const bytes of dice < 0.25 ? changed : [frame, ...changed]) await link.write(bytes, never);
        expect(wholeKeys).toContain(inForce(unit.flash, false)?.key);
      }
      expect((await protocol.open(link, never)).hello.version).toBe(1);
    }
  },
  timeout,
);

/** An honest unit whose answers are changed, one in five; `changed` is told of each. */
function betweenLines(unit: FaultyUnit, random: Random, changed: () => void): ScriptedLink {
  const far = unit.link();
  return new ScriptedLink((written) => {
    const said: Buffer[] = [];
    const stop = far.listen((bytes) => said.push(Buffer.from(bytes)));
    void far.write(written, never);
    stop();
    return said.map((frame) => {
      if (random() < 0.8) return frame;
      changed();
      return mutatedFrame(frame, random);
    });
  });
}

/** A unit's life as the station's driver sees it: whether its proof holds. */
async function proven(link: ScriptedLink, stationNonce: Buffer): Promise<boolean> {
  const session = await protocol.open(link, never);
  await session.provision(info, never);
  await session.stage(old, never);
  await session.commit(old.operation, never);
  const { unitNonce, proof } = await session.prove(old.operation, info.registrationId, stationNonce, never);
  const parts = { operation: old.operation, registrationId: info.registrationId, stationNonce, unitNonce };
  return possessionHmacHolds(old.bytes, possessionMessage(parts), proof);
}

test(
  `a station that hears ${count} changed answers takes no wrong one, and ends every call`,
  async () => {
    const random = seeded(seed ^ 0xffff);
    let changed = 0;
    const ends = new Map<string, number>();
    const ended = (how: string) => ends.set(how, (ends.get(how) ?? 0) + 1);
    while (changed < count) {
      const unit = new FaultyUnit();
      const link = betweenLines(unit, random, () => {
        changed += 1;
      });
      try {
        const holds = await proven(link, Buffer.alloc(32, whole(random, 256)));
        ended(holds ? 'proven' : 'wrong proof');
        // A proof that holds over a nonce of ours was made by a unit that holds the key.
        if (holds) expect(inForce(unit.flash)?.key).toBe(old.bytes.toString('base64'));
      } catch (thrown) {
        if (!(thrown instanceof StationError)) throw thrown;
        expect(thrown.blame).toBe('unit');
        ended(thrown.code);
      }
      await link.close();
    }
    process.stdout.write(`frames: ${changed} changed answers, ${JSON.stringify(Object.fromEntries(ends))}\n`);
    expect([...ends.keys()]).toEqual(expect.arrayContaining(['proven', 'wrong proof', 'unit.garbled']));
  },
  timeout,
);
