import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ArmedLanes, type ArmedUnit } from '../../../../station-core/run/armed.ts';

const actor = { operator: 1, name: 'Tess', role: 'technician' } as const;
const unit = (id: number): ArmedUnit => ({ unit: id, serial: `S-${id}`, order: 'o', how: 'scanned', actor });

function lanes() {
  const said: string[] = [];
  const armed = new ArmedLanes({
    changed: () => undefined,
    start: (lane, one) => said.push(`start ${one.unit} on ${lane}`),
    idle: (lane, one) => said.push(`idle ${one.unit} on ${lane}`),
  });
  return { armed, said };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a scan arms a lane, and plugging in starts its unit once, however the plug bounces', () => {
  const { armed, said } = lanes();
  armed.arm(1, unit(7));
  expect(armed.view(1)).toMatchObject({ serial: 'S-7' });
  for (let bounce = 0; bounce < 5; bounce++) {
    armed.plugged(1, true, false);
    armed.plugged(1, false, false);
  }
  expect(said).toEqual(['start 7 on 1']);
  expect(armed.view(1)).toBeUndefined();
});

test('plugging into another lane, or into one that is not armed, starts nothing', () => {
  const { armed, said } = lanes();
  armed.arm(1, unit(7));
  armed.plugged(2, true, false);
  armed.plugged(1, false, false);
  expect(said).toEqual([]);
});

test('a replug while a unit is made starts nothing, and that unit is not taken for the next one', () => {
  const { armed, said } = lanes();
  armed.plugged(1, false, true);
  armed.plugged(1, true, true);
  expect(armed.isFresh(1)).toBe(false);
  expect(said).toEqual([]);
});

test('after five minutes that nobody plugged anything in, the lane is disarmed and nothing starts', () => {
  const { armed, said } = lanes();
  armed.arm(1, unit(7));
  vi.advanceTimersByTime(299_999);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(1);
  armed.plugged(1, true, false);
  expect(said).toEqual(['idle 7 on 1']);
});

test('another scan takes the place of the one before, with five minutes of its own', () => {
  const { armed, said } = lanes();
  armed.arm(1, unit(7));
  vi.advanceTimersByTime(200_000);
  armed.arm(1, unit(8));
  vi.advanceTimersByTime(200_000);
  armed.plugged(1, true, false);
  expect(said).toEqual(['start 8 on 1']);
});

test('a unit that was plugged in before its scan is fresh until a run begins there', () => {
  const { armed } = lanes();
  armed.plugged(1, true, false);
  expect(armed.isFresh(1)).toBe(true);
  armed.began(1);
  expect(armed.isFresh(1)).toBe(false);
});

test('whatever happens, no unit starts twice for one scan, and none on a lane that it was not scanned for', () => {
  const move = fc.record({
    what: fc.constantFrom('arm', 'disarm', 'in', 'out', 'busy-in', 'busy-out', 'wait'),
    lane: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const { armed, said } = lanes();
      const scannedFor = new Map<number, number>();
      for (const [index, { what, lane }] of moves.entries()) {
        if (what === 'arm') {
          scannedFor.set(index, lane);
          armed.arm(lane, unit(index));
        } else if (what === 'disarm') armed.disarm(lane);
        else if (what === 'wait') vi.advanceTimersByTime(120_000);
        else armed.plugged(lane, what.endsWith('in'), what.startsWith('busy'));
      }
      const starts = said.filter((one) => one.startsWith('start'));
      expect(new Set(starts).size).toBe(starts.length);
      for (const one of starts) {
        const [, id, lane] = /^start (\d+) on (\d+)$/.exec(one) ?? [];
        expect(scannedFor.get(Number(id))).toBe(Number(lane));
      }
    }),
  );
});
