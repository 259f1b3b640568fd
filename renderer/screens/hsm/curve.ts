import type { HsmMinute } from '../../../station-core/contract/hsm.ts';

/** Where a curve runs in a box of `width` × `height`, and what its top stands for, in milliseconds. */
export type Curve = {
  readonly points: string;
  readonly top: number;
  /** Minutes in which the HSM was not ready, from left to right. */
  readonly gaps: readonly { readonly x: number; readonly width: number }[];
};

const minutes = 60;

/** The last hour with its newest minute at the right end; a top of 1, 2 or 5 times a power of ten, so that it can be read. */
export function curveOf(lastHour: readonly HsmMinute[], width: number, height: number): Curve {
  const step = width / (minutes - 1);
  const first = minutes - lastHour.length;
  const top = roundUp(Math.max(...lastHour.map(({ p99 }) => p99), 0));
  const x = (index: number) => (first + index) * step;
  const points = lastHour
    .map(({ p99 }, index) => `${round(x(index))},${round(height - (p99 / top) * height)}`)
    .join(' ');
  const gaps = lastHour.flatMap(({ state }, index) =>
    state === 'ready' ? [] : [{ x: round(Math.max(0, x(index) - step / 2)), width: round(step) }],
  );
  return { points, top, gaps };
}

function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((one) => value <= one * power) ?? 10;
  return factor * power;
}

const round = (value: number): number => Math.round(value * 10) / 10;
