import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../../../drivers/frames/framer.ts';
import { SimulatedLine } from '../../../../drivers/simulated/line.ts';
import { Cable } from '../../../../drivers/simulated/unit/cable.ts';
import { type FaultPlanJson, noFaults, readFaultPlan } from '../../../../drivers/simulated/unit/faults.ts';
import { PoweredUnit } from '../../../../drivers/simulated/unit/power.ts';
import { seeded, whole } from '../../../../drivers/simulated/unit/random.ts';
import { FaultyWire } from '../../../../drivers/simulated/unit/wire-faults.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { CuttableFlash, FaultyUnit, loopFacts } from '../../../suites/loop.ts';
import { hurried } from '../../../suites/patience.ts';
import { inForce } from '../../../suites/power-cuts.ts';
import { refusal, symmetricKey } from '../../../suites/protocol.suite.ts';

const never = new AbortController().signal;
const protocol = hurried(() => 20);
const info = { idScope: '0ne1', endpoint: 'e.example', registrationId: 'sn-000001' };

type Frames = NonNullable<NonNullable<FaultPlanJson['toUnit']>['frames']>;
const payload = (number: number): Buffer => Buffer.from(`frame ${number}`, 'latin1');
const payloads = (all: readonly Buffer[]): string[] =>
  new FrameDecoder().push(Buffer.concat(all)).map((bytes) => bytes.toString('latin1').slice('frame '.length));

/** What comes out of a wire with these faults when ten frames go in. */
function through(frames: Frames, seed = 1): string[] {
  const { toUnit } = readFaultPlan({ toUnit: { frames } });
  const wire = new FaultyWire(toUnit ?? {}, seeded(seed));
  const out = Array.from({ length: 10 }, (_, number) => wire.push(encodeFrame(payload(number))));
  return payloads(out.flat().map(({ bytes }) => bytes));
}

const ten = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

describe('a wire', () => {
  test('without faults lets everything through', () => {
    expect(through({})).toEqual(ten);
  });

  test('drops, doubles, flips or swaps every frame when it is told to', () => {
    expect(through({ drop: 1 })).toEqual([]);
    expect(through({ double: 1 })).toEqual(ten.flatMap((frame) => [frame, frame]));
    expect(through({ flip: 1 }).filter((frame) => ten.includes(frame))).toEqual([]);
    expect(through({ reorder: 1 })).toEqual(['1', '0', '3', '2', '5', '4', '7', '6', '9', '8']);
  });

  test('does the same to the same bytes with the same seed, and something else with another', () => {
    const some = { drop: 0.25, double: 0.25, reorder: 0.25 };
    expect(through(some, 7)).toEqual(through(some, 7));
    expect(new Set([1, 2, 3, 4].map((seed) => through(some, seed).join()))).toHaveProperty('size', 4);
  });

  test('finds frames however the bytes are cut', () => {
    const { toUnit } = readFaultPlan({ toUnit: { frames: { double: 1 } } });
    const wire = new FaultyWire(toUnit ?? {}, seeded(1));
    const all = Buffer.concat([0, 1].map((number) => encodeFrame(payload(number))));
    const out = [...all].flatMap((byte) => wire.push(Buffer.of(byte)));
    expect(payloads(out.map(({ bytes }) => bytes))).toEqual(['0', '0', '1', '1']);
  });

  test('changes runs of bytes without regard to frames', () => {
    const { toUnit } = readFaultPlan({ toUnit: { bytes: { double: 1, longest: 3 } } });
    const out = new FaultyWire(toUnit ?? {}, seeded(1)).push(Buffer.from('abcdefgh'));
    const runs = out.filter((_, index) => index % 2 === 0).map(({ bytes }) => bytes.toString());
    expect(runs.join('')).toBe('abcdefgh');
    expect(Math.max(...runs.map((run) => run.length))).toBeLessThanOrEqual(3);
    expect(out).toHaveLength(2 * runs.length);
  });
});

describe('a cable', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('at 9,600 baud hands over no more bytes than 9,600 baud allow, in order and all of them', () => {
    vi.useFakeTimers();
    const { toUnit } = new Cable(readFaultPlan({ baud: 9_600 }));
    const sent = Buffer.from(Array.from({ length: 200 }, (_, index) => index));
    let arrived = Buffer.alloc(0);
    const deliver = (bytes: Buffer) => {
      arrived = Buffer.concat([arrived, bytes]);
    };
    toUnit.put(sent.subarray(0, 120), deliver);
    toUnit.put(sent.subarray(120), deliver);
    for (let ms = 1; arrived.length < sent.length; ms += 1) {
      vi.advanceTimersByTime(1);
      expect(arrived.length).toBeLessThanOrEqual(ms * 0.96);
      expect(arrived.length).toBeGreaterThanOrEqual(Math.min(200, ms * 0.96) - 6);
    }
    expect(arrived.equals(sent)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('lets what is not late overtake what is, and forgets what is on its way when it is cut', () => {
    vi.useFakeTimers();
    const seed = [1, 2, 3, 4, 5, 6, 7, 8, 9].find((one) => seeded(one)() < 0.5) ?? 0;
    const { toUnit } = new Cable(readFaultPlan({ seed, toUnit: { frames: { delay: 0.5, delayMs: 30 } } }));
    const out: Buffer[] = [];
    for (let number = 0; number < 8; number += 1) toUnit.put(encodeFrame(payload(number)), (bytes) => out.push(bytes));
    const early = payloads(out);
    expect(early).not.toContain('0');
    vi.advanceTimersByTime(30);
    expect(payloads(out).slice(0, early.length)).toEqual(early);
    expect(payloads(out).sort()).toEqual(ten.slice(0, 8));
    toUnit.put(encodeFrame(payload(9)), () => undefined);
    toUnit.cut();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a plan', () => {
  test.each<[unknown, string]>([
    [{ toUnit: { frames: { drop: 2 } } }, 'faults.toUnit.frames.drop'],
    [{ toStation: { bytes: { longest: 0 } } }, 'faults.toStation.bytes.longest'],
    [{ toUnit: { frames: { drop: 0.6, flip: 0.6 } } }, 'faults.toUnit.frames'],
    [{ power: { cutAfter: 0, of: 'sent' } }, 'faults.power.cutAfter'],
    [{ power: { cutAfter: 1, of: 'thought' } }, 'faults.power.of'],
    [{ baud: 12 }, 'faults.baud'],
    [{ seed: -1 }, 'faults.seed'],
    [{ gremlins: 1 }, 'faults'],
    ['{}', 'faults'],
  ])('%j is refused at its place', (plan, place) => {
    expect(() => readFaultPlan(plan)).toThrow(StationError);
    expect(() => readFaultPlan(plan)).toThrow(`${place}: expected`);
  });

  test('that says nothing lets nothing go wrong, and one that was read can be sent as JSON', () => {
    expect(readFaultPlan({})).toEqual(noFaults);
    const plan = readFaultPlan({ toUnit: { frames: { drop: 0.2 } }, power: { cutAfter: 9, of: 'sent' } });
    expect(readFaultPlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });
});

describe('power', () => {
  const hello = async (unit: FaultyUnit) => (await protocol.open(unit.link(), never)).hello.version;

  test('that is cut for a moment costs the unit what it had not kept, and the driver sends again', async () => {
    const unit = new FaultyUnit(loopFacts, { power: { cutAfter: 400, of: 'received' } });
    const session = await protocol.open(unit.link(), never);
    const credential = symmetricKey(1_500);
    await session.stage(credential, never);
    await session.commit(credential.operation, never);
    expect(session.line.resent).toBeGreaterThan(0);
    expect(inForce(unit.flash)?.key).toBe(credential.bytes.toString('base64'));
  });

  test('that stays away until the next link makes the unit silent on this one', async () => {
    const unit = new FaultyUnit(loopFacts, { power: { cutAfter: 30, of: 'received', restart: 'next-link' } });
    const session = await protocol.open(unit.link(), never);
    await refusal(session.identity(never), 'unit.silent');
    expect(await hello(unit)).toBe(1);
  });

  test('goes after exactly the byte that the plan names, and what was sent until then arrives', async () => {
    const unit = new FaultyUnit(loopFacts, { power: { cutAfter: 7, of: 'sent', restart: 'next-link' } });
    await refusal(protocol.open(unit.link(), never), 'unit.garbled');
    expect(unit.counts.sent).toBe(7);
    const writer = new FaultyUnit(loopFacts, { power: { cutAfter: 11, of: 'written', restart: 'next-link' } });
    const session = await protocol.open(writer.link(), never);
    await refusal(session.provision(info, never), 'unit.silent');
    expect(writer.counts.written).toBe(11);
    expect(writer.flash.written).toBe(11);
  });

  test('of a unit that is silent changes nothing: it answers nothing and learns nothing', () => {
    const unit = new PoweredUnit(loopFacts, new CuttableFlash());
    unit.silent = true;
    expect(unit.receive(encodeFrame(Buffer.from('a30001014801020304000000010201', 'hex')))).toEqual([]);
    unit.silent = false;
    expect(unit.receive(encodeFrame(Buffer.from('a30001014801020304000000010201', 'hex')))).toHaveLength(1);
  });
});

describe('a lane of the practice line', () => {
  test('takes a plan, counts what its unit does, and refuses a plan that is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'birthmark-faults-'));
    const line = await SimulatedLine.start({ folder, lanes: 1 });
    await line.place(1, { label: 'SN-1', serial: 'SN-1' });
    await expect(line.faults(1, { baud: 1 })).rejects.toThrow('faults.baud: expected');
    await expect(line.faults(2, {})).rejects.toThrow('no lane 2');
    await line.faults(1, { power: { cutAfter: 5, of: 'sent', restart: 'next-link' }, baud: 115_200 });
    const link = await line.link(1, never);
    await refusal(hurried(() => 60).open(link, never), 'unit.garbled');
    expect(await line.counts(1)).toMatchObject({ sent: 5, written: 0 });
    await link.close();
    const again = await line.link(1, never);
    expect((await protocol.open(again, never)).hello.version).toBe(1);
    await again.close();
    await line.stop();
    rmSync(folder, { recursive: true, force: true });
  });
});

test('dice with one seed fall the same, evenly, and below what was asked', () => {
  const [first, second] = [seeded(5), seeded(5)];
  const drawn = Array.from({ length: 6_000 }, () => whole(first, 6));
  expect(drawn).toEqual(Array.from({ length: 6_000 }, () => whole(second, 6)));
  for (let face = 0; face < 6; face += 1) {
    const share = drawn.filter((one) => one === face).length;
    expect(share).toBeGreaterThan(800);
    expect(share).toBeLessThan(1_200);
  }
});
