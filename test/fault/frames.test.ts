// Promise H: frames from outside, changed at random, against both ends: nobody crashes, nobody hangs, nothing is half done
// and no key is taken for proven that is not.
import { type KeyObject, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../drivers/frames/framer.ts';
import { Ephemeral } from '../../drivers/protocols/channel.ts';
import { possessionHmacHolds, possessionMessage } from '../../drivers/protocols/possession.ts';
import type { CredentialObject, UnitSession } from '../../drivers/protocols/protocol.ts';
import { type Random, seeded, whole } from '../../drivers/simulated/unit/random.ts';
import { StationError } from '../../station-core/contract/errors.ts';
import { FaultyUnit, loopFacts } from '../suites/loop.ts';
import { hurried } from '../suites/patience.ts';
import { inForce } from '../suites/power-cuts.ts';
import { symmetricKey } from '../suites/protocol.suite.ts';
import { signs } from '../suites/protocol-x509.suite.ts';
import { ScriptedLink } from '../suites/scripted-link.ts';
import { long, testSeed } from '../suites/seed.ts';
import { chainFor, chainObject, keyObject, publicHalf, requestedKey, sentKey } from '../suites/unit-certificates.ts';
import { newUnitsTpm, sealTo } from '../suites/units-tpm.ts';

const count = long ? 100_000 : 1_000;
const timeout = long ? 1_800_000 : 60_000;
const seed = testSeed('frames');
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'birthmark-frames-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
type Named = CredentialObject & { readonly operation: Buffer };
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
const sent = sentKey();
const certified = { ...keyObject(randomBytes(16), sent.key), replaces: next.operation };
const registered = { registrationId: info.registrationId } as const;
const agreed = { ...symmetricKey(), delivery: 'channel', ...registered, replaces: certified.operation } as const;
const tpm = await newUnitsTpm(join(folder, 'unit.tpm'));
const sealedTo = { delivery: 'sealed', ...registered, sealTo: await sealTo(tpm) } as const;
const sealed = { ...symmetricKey(), ...sealedTo, replaces: agreed.operation };
const made = { operation: randomBytes(16), algorithm: 'p256', replaces: sealed.operation } as const;
/** A unit with a TPM, whose channels are what they were when they were recorded, so that what was recorded opens. */
const given = { tpm, ephemeral: () => Ephemeral.of(Buffer.alloc(32, 0x5a)) };
const newUnit = () => new FaultyUnit(loopFacts, {}, undefined, given);

/** Every request of a unit's life: its first credential, its replacements, a key of its own that stays pending, the lock. */
async function live(session: UnitSession): Promise<void> {
  await session.identity(never);
  await session.provision(info, never);
  for (const credential of [old, next, certified, agreed, sealed]) {
    await session.stage(credential, never);
    if (credential === certified) await session.stage(chainObject(certified.operation, sent.chain), never);
    await session.commit(credential.operation, never);
    await session.prove(credential.operation, info.registrationId, Buffer.alloc(32, 7), never);
    if (credential === certified) await session.readChain(certified.operation, never);
  }
  const opened = await session.tpm(never);
  await opened.describe(never);
  await opened.close();
  await session.makeKey(made, never);
  await session.lock(sealed.operation, never);
}

/** Lets a unit hear a frame, and its TPM be asked for it, as when the station waits for the answer. */
async function hear(link: ScriptedLink, frame: Buffer): Promise<void> {
  await link.write(frame, never);
  await turn();
}

test(
  `a unit that hears ${count} changed frames holds one whole credential at every moment, and still answers`,
  async () => {
    const random = seeded(seed);
    const recorded = newUnit();
    const wire = recorded.link();
    await live(await protocol.open(wire, never));
    const corpus = wire.written.map(({ bytes }) => bytes);
    const wholeKeys = [undefined, old, next, certified, agreed, sealed].map((one) => one?.bytes.toString('base64'));
    const replayed = newUnit();
    for (const bytes of corpus) await hear(replayed.link(), bytes);
    expect(inForce(replayed.flash)).toMatchObject({ key: sealed.bytes.toString('base64'), locked: true });
    let heard = 0;
    while (heard < count) {
      // One life a unit: once it is locked it has little left to get wrong.
      const unit = newUnit();
      const link = unit.link();
      for (const frame of corpus) {
        const dice = random();
        const changed = dice < 0.5 ? [mutatedFrame(frame, random)] : [];
        heard += changed.length;
        for (const bytes of dice < 0.25 ? changed : [frame, ...changed]) await hear(link, bytes);
        const held = inForce(unit.flash, false);
        expect(wholeKeys).toContain(held?.key);
        if (held?.chain) expect(held.chain).toBe(sent.chain.toString('latin1'));
      }
      expect((await protocol.open(link, never)).hello.version).toBe(1);
    }
  },
  timeout,
);

/** An honest unit whose answers are changed, one in five; `changed` is told of each. */
function betweenLines(unit: FaultyUnit, random: Random, changed: () => void): ScriptedLink {
  const far = unit.link();
  const near = new ScriptedLink((written) => {
    void far.write(written, never);
    return [];
  });
  far.listen((frame) => {
    if (random() < 0.8) return near.say(frame);
    changed();
    near.say(mutatedFrame(Buffer.from(frame), random));
  });
  return near;
}

/** A unit's life as the station's driver sees it: whether its proof holds. */
async function proven(link: ScriptedLink, credential: Named, stationNonce: Buffer): Promise<boolean> {
  const session = await protocol.open(link, never);
  await session.provision(info, never);
  const { operation, bytes } = credential;
  await session.stage(credential, never);
  await session.commit(operation, never);
  const { unitNonce, proof } = await session.prove(operation, info.registrationId, stationNonce, never);
  const parts = { operation, registrationId: info.registrationId, stationNonce, unitNonce };
  return possessionHmacHolds(bytes, possessionMessage(parts), proof);
}

/** The same with a certificate for a key that the unit makes: the key, when its proof holds and its chain is read back. */
async function certifiedKey(link: ScriptedLink): Promise<KeyObject | undefined> {
  const { operation } = made;
  const session = await protocol.open(link, never);
  await session.provision(info, never);
  const key = requestedKey(await session.makeKey({ operation, algorithm: 'p256' }, never));
  const chain = chainFor(key);
  await session.stage(chainObject(operation, chain), never);
  await session.commit(operation, never);
  const readBack = await session.readChain(operation, never);
  return (await signs(session, operation, key)) && readBack.equals(chain) ? key : undefined;
}

/** A unit's first credential, in each way. */
const firsts: readonly Named[] = [
  old,
  { ...symmetricKey(), delivery: 'channel', ...registered },
  { ...symmetricKey(), ...sealedTo },
];

/** What becomes of a unit under changed answers; a proof that holds was made by a unit that holds the key. */
async function outcome(unit: FaultyUnit, link: ScriptedLink, random: Random): Promise<string> {
  try {
    if (random() < 0.6) {
      const credential = firsts[whole(random, firsts.length)] ?? old;
      const holds = await proven(link, credential, Buffer.alloc(32, whole(random, 256)));
      if (holds) expect(inForce(unit.flash)?.key).toBe(credential.bytes.toString('base64'));
      return holds ? 'proven' : 'wrong proof';
    }
    const key = await certifiedKey(link);
    if (key) expect(publicHalf(inForce(unit.flash)?.key ?? '').equals(key)).toBe(true);
    return key ? 'certified' : 'wrong signature';
  } catch (thrown) {
    if (!(thrown instanceof StationError)) throw thrown;
    expect(thrown.blame).toBe('unit');
    return thrown.code;
  }
}

test(
  `a station that hears ${count} changed answers takes no wrong one, and ends every call`,
  async () => {
    const random = seeded(seed ^ 0xffff);
    let changed = 0;
    const ends = new Map<string, number>();
    while (changed < count) {
      const unit = newUnit();
      const link = betweenLines(unit, random, () => {
        changed += 1;
      });
      const how = await outcome(unit, link, random);
      ends.set(how, (ends.get(how) ?? 0) + 1);
      await link.close();
    }
    process.stdout.write(`frames: ${changed} changed answers, ${JSON.stringify(Object.fromEntries(ends))}\n`);
    expect([...ends.keys()]).toEqual(expect.arrayContaining(['proven', 'certified', 'unit.garbled']));
    expect([...ends.keys()].some((how) => how.startsWith('wrong'))).toBe(true);
  },
  timeout,
);
