import { expect, test } from 'vitest';
import type { HsmStatus } from '../../../drivers/hsm/hsm.ts';
import type { Clock } from '../../../station-core/clock.ts';
import { HsmHistory } from '../../../station-core/hsm-history.ts';

/** A clock whose timers ring when the test says so. */
function handClock(): { readonly clock: Clock; minute(): void; readonly waiting: () => number } {
  let now = Date.parse('2026-11-27T20:00:00Z');
  let rings: (() => void)[] = [];
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    timer: (_, ring) => {
      rings.push(ring);
      return () => {
        rings = rings.filter((one) => one !== ring);
      };
    },
  };
  const minute = () => {
    now += 60_000;
    const due = rings;
    rings = [];
    for (const ring of due) ring();
  };
  return { clock, minute, waiting: () => rings.length };
}

const status = (state: HsmStatus['state'], p50: number): HsmStatus => ({
  state,
  reason: '',
  kind: 'soft',
  module: { path: 'soft', sha256: '' },
  token: { label: '', serial: '', model: '', firmware: '' },
  simulated: true,
  latencyMs: { p50, p99: p50 * 2 },
});

test('the last hour is kept minute by minute, and nothing before it', async () => {
  let p50 = 0;
  const { clock, minute, waiting } = handClock();
  const history = new HsmHistory({ status: async () => status('ready', ++p50) }, clock);
  const stop = history.start((thrown) => {
    throw thrown;
  });
  for (let passed = 0; passed < 90; passed++) {
    minute();
    await Promise.resolve();
  }
  const minutes = history.lastHour();
  expect(minutes.length).toBe(60);
  expect(minutes[0]).toEqual({ at: '2026-11-27T20:31:00.000Z', state: 'ready', p50: 31, p99: 62 });
  expect(minutes.at(-1)).toEqual({ at: '2026-11-27T21:30:00.000Z', state: 'ready', p50: 90, p99: 180 });
  stop();
  expect(waiting()).toBe(0);
});

test('a look that fails is told, and the next one is made all the same', async () => {
  let calls = 0;
  const { clock, minute } = handClock();
  const hsm = {
    status: async () => {
      calls++;
      if (calls === 1) throw new Error('once');
      return status('down', 1);
    },
  };
  const failed: unknown[] = [];
  const history = new HsmHistory(hsm, clock);
  history.start((thrown) => failed.push(thrown));
  for (let passed = 0; passed < 2; passed++) {
    minute();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(failed).toHaveLength(1);
  expect(history.lastHour()).toMatchObject([{ state: 'down' }]);
});
