// Where things of a chart stand. Pure, so that what a chart draws can be held against its numbers.

/** The chart's own units; it is stretched to the width that it gets. */
export const chart = { width: 960, height: 190, left: 80, right: 10, top: 12, bottom: 30 } as const;

const plotHeight = chart.height - chart.top - chart.bottom;
const plotWidth = chart.width - chart.left - chart.right;

/** Three to six round steps from 0 to at least the largest value. */
export function ticksOf(largest: number): readonly number[] {
  if (!(largest > 0)) return [0, 1];
  const rough = largest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? 10 * power;
  const count = Math.ceil(largest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** How wide one point's place is. */
export const slotOf = (points: number): number => plotWidth / Math.max(1, points);

/** The middle of a point's place. */
export const xOf = (index: number, points: number): number => chart.left + (index + 0.5) * slotOf(points);

/** The height of a value, from the top. */
export const yOf = (value: number, largest: number): number =>
  chart.top + plotHeight * (1 - value / (largest > 0 ? largest : 1));

/** What stands on what: each bar's lower and upper end. */
export function stacked(series: readonly (readonly (number | null)[])[]): (readonly (readonly [number, number])[])[] {
  const below: number[] = [];
  return series.map((values) =>
    values.map((value, index) => {
      const from = below[index] ?? 0;
      below[index] = from + (value ?? 0);
      return [from, below[index] ?? 0] as const;
    }),
  );
}

/** Runs of neighbours that have a value: a line is drawn through each, and not over what is missing. */
export function pieces(values: readonly (number | null)[]): (readonly (readonly [index: number, value: number])[])[] {
  const all: [number, number][][] = [];
  let now: [number, number][] | undefined;
  for (const [index, value] of values.entries()) {
    if (value === null) now = undefined;
    else if (now) now.push([index, value]);
    else {
      now = [[index, value]];
      all.push(now);
    }
  }
  return all;
}
