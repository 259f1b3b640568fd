import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chart, pieces, slotOf, stacked, ticksOf, xOf, yOf } from '../../../../renderer/ui/chart-scale.ts';

test('a scale has three to seven round steps that begin at 0 and reach the largest value', () => {
  expect(ticksOf(3)).toEqual([0, 1, 2, 3]);
  expect(ticksOf(100)).toEqual([0, 25, 50, 75, 100]);
  expect(ticksOf(0.07)).toEqual([0, 0.02, 0.04, 0.06, 0.08]);
  expect(ticksOf(0)).toEqual([0, 1]);
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e7, noNaN: true }), (largest) => {
      const ticks = ticksOf(largest);
      expect(ticks.length).toBeGreaterThanOrEqual(3);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks[0]).toBe(0);
      expect(ticks.at(-1) ?? 0).toBeGreaterThanOrEqual(largest * (1 - 1e-9));
      expect(ticks.at(-2) ?? 0).toBeLessThan(largest);
    }),
  );
});

test('every point has its place within the chart, and the largest value stands at its top', () => {
  for (const points of [1, 32, 96]) {
    expect(xOf(0, points) - slotOf(points) / 2).toBeCloseTo(chart.left);
    expect(xOf(points - 1, points) + slotOf(points) / 2).toBeCloseTo(chart.width - chart.right);
  }
  expect([yOf(0, 10), yOf(10, 10)]).toEqual([chart.height - chart.bottom, chart.top]);
});

test('bars stand on each other', () => {
  expect(
    stacked([
      [2, 0],
      [1, 3],
    ]),
  ).toEqual([
    [
      [0, 2],
      [0, 0],
    ],
    [
      [2, 3],
      [0, 3],
    ],
  ]);
});

test('no line is drawn over what is missing', () => {
  expect(pieces([null, 1, 2, null, 3])).toEqual([
    [
      [1, 1],
      [2, 2],
    ],
    [[4, 3]],
  ]);
});
