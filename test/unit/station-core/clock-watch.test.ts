import { expect, test } from 'vitest';
import type { Clock } from '../../../station-core/clock.ts';
import { askForTrust, readTimedatectl, readW32tm } from '../../../station-core/clock-trust.ts';
import { type ClockJump, ClockWatch } from '../../../station-core/clock-watch.ts';

/** A clock that a test sets: its wall clock runs beside its monotonic one until somebody moves it. */
class SetClock implements Clock {
  mono = 5_000;
  moved = Date.parse('2026-11-27T06:00:00Z');
  readonly rings: (() => void)[] = [];
  silenced = 0;
  now(): number {
    return this.moved + this.mono;
  }
  monotonic(): number {
    return this.mono;
  }
  timer(_ms: number, ring: () => void): () => void {
    this.rings.push(ring);
    return () => void this.silenced++;
  }
}

function watched() {
  const clock = new SetClock();
  const watch = new ClockWatch(clock, () => 'synchronised');
  const jumps: ClockJump[] = [];
  const stop = watch.start((jump) => jumps.push(jump));
  return { clock, watch, jumps, stop };
}

test('a clock that goes on evenly, or is put right a little, is no news', () => {
  const { clock, watch, jumps } = watched();
  clock.mono += 8 * 3_600_000;
  expect(watch.now()).toEqual({ at: '2026-11-27T14:00:05.000Z', mono: 28_805_000, trust: 'synchronised' });
  clock.moved += 60_000;
  watch.now();
  expect(jumps).toEqual([]);
});

test.each([
  ['forwards', 3_600_000, '2026-11-27T07:00:06.000Z', 3_600],
  ['backwards', -61_000, '2026-11-27T05:59:05.000Z', -61],
])('a jump %s is told once, with what the clock should have said', (_, by, after, bySeconds) => {
  const { clock, watch, jumps } = watched();
  clock.mono += 1_000;
  clock.moved += by;
  watch.now();
  watch.now();
  expect(jumps).toEqual([{ before: '2026-11-27T06:00:06.000Z', after, bySeconds }]);
});

test('the clock is looked at when nothing is written, until the watch stops', () => {
  const { clock, jumps, stop } = watched();
  clock.moved += 120_000;
  clock.rings.shift()?.();
  expect([jumps.length, clock.rings.length]).toEqual([1, 1]);
  stop();
  expect(clock.silenced).toBe(1);
});

test('what the operating system says of its clock is read, and anything else is no answer', () => {
  expect(['yes\n', 'no\n', '', 'Failed to connect', undefined].map(readTimedatectl)).toEqual([
    'synchronised',
    'unsynchronised',
    'unknown',
    'unknown',
    'unknown',
  ]);
  // w32tm /query /status in English and German; its service is not running.
  const texts = [
    'Leap Indicator: 0(no warning)\r\nStratum: 4 (secondary reference)\r\n',
    'Sprungindikator: 3(nicht synchronisiert)\r\nStratum: 0 (nicht angegeben)\r\n',
    'The following error occurred: The service has not been started. (0x80070426)',
    undefined,
  ];
  expect(texts.map(readW32tm)).toEqual(['synchronised', 'unsynchronised', 'unknown', 'unknown']);
});

test('this machine answers something, and is asked again until it is not', async () => {
  const clock = new SetClock();
  const { trust, stop } = await askForTrust(clock);
  expect(['synchronised', 'unsynchronised', 'unknown']).toContain(trust());
  expect(clock.rings.length).toBe(1);
  stop();
  expect(clock.silenced).toBe(1);
});
