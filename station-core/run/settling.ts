import { pause } from '../clock.ts';
import { type ErrorCode, StationError } from '../contract/errors.ts';
import type { Bench } from './bench.ts';

/** A unit that was just programmed starts anew: firmware for minutes of start-up has a protocol that waits for it. */
const backMs = 30_000;
const againMs = 250;

/** Where a unit is its own USB device, its port goes and comes back with it, and belongs to nobody for a moment. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'link.missing',
  'link.lost',
  'link.refused',
  'unit.silent',
  'unit.garbled',
]);

/** Greets a unit that was just programmed as soon as it answers. Throws what the last try threw. */
export async function whenBack<T>({ shop, signal }: Bench, greet: () => Promise<T>): Promise<T> {
  const until = shop.clock.monotonic() + backMs;
  for (;;) {
    try {
      return await greet();
    } catch (thrown) {
      const passes = thrown instanceof StationError && passing.has(thrown.code);
      if (!passes || shop.clock.monotonic() >= until) throw thrown;
    }
    await pause(shop.clock, againMs, signal);
  }
}
