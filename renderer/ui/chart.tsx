import { type ReactElement, useId } from 'react';
import styles from './chart.module.css';
import { chart, pieces, slotOf, stacked, ticksOf, xOf, yOf } from './chart-scale.ts';

/** A row of values, told from others by its mark and not by its colour. Bars stand on each other. */
export type Series = {
  readonly name: string;
  readonly mark: 'bar' | 'hatch' | 'dots' | 'rings';
  readonly values: readonly (number | null)[];
};

export type ChartProps = {
  readonly title: string;
  /** What stands below each point; none where there is no room. */
  readonly labels: readonly (string | null)[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** The end of the scale, where it has one. */
  readonly largest?: number;
  /** The point that is read out. */
  readonly cursor: number;
  readonly onCursor: (index: number) => void;
};

/** Values over time, drawn in ink so that they print, and in the width that there is. Whoever shows it has a table of the same. */
export function Chart(props: ChartProps): ReactElement {
  const { title, labels, series, format, largest, cursor, onCursor } = props;
  const id = useId();
  const points = labels.length;
  const bars = series.filter(({ mark }) => mark === 'bar' || mark === 'hatch');
  const stacks = stacked(bars.map(({ values }) => values));
  const lines = series.filter(({ mark }) => mark === 'dots' || mark === 'rings');
  const ticks = ticksOf(largest ?? largestOf(stacks, lines));
  const top = ticks.at(-1) ?? 1;
  return (
    <figure className={styles.chart} aria-labelledby={id}>
      <Legend id={id} title={title} series={series} />
      {/* A press moves the cursor; for keys it has a slider below. */}
      <svg
        viewBox={`0 0 ${chart.width} ${chart.height}`}
        aria-hidden="true"
        onClick={(event) => onCursor(pointAt(event.clientX, event.currentTarget.getBoundingClientRect(), points))}
      >
        <Hatch id={`${id}-hatch`} />
        <rect
          className={styles.cursor}
          x={xOf(cursor, points) - slotOf(points) / 2}
          y={chart.top}
          width={slotOf(points)}
          height={chart.height - chart.top - chart.bottom}
        />
        <Axes ticks={ticks} labels={labels} format={format} />
        {bars.map(({ name, mark }, index) => (
          <Bars
            key={name}
            ends={stacks[index] ?? []}
            top={top}
            fill={mark === 'hatch' ? `url(#${id}-hatch)` : 'currentColor'}
          />
        ))}
        {/* Rings first, so that a dot in the same place is seen within. */}
        {lines.toReversed().map(({ name, mark, values }) => (
          <Line key={name} values={values} top={top} rings={mark === 'rings'} />
        ))}
      </svg>
    </figure>
  );
}

/** What is drawn, and by which mark each row of values is known. */
function Legend({ id, title, series }: Pick<ChartProps, 'title' | 'series'> & { id: string }): ReactElement {
  return (
    <figcaption id={id}>
      <strong>{title}</strong>
      {series.map(({ name, mark }) => (
        <span key={name} className={styles.legend}>
          <Sample mark={mark} hatch={`${id}-hatch`} />
          {name}
        </span>
      ))}
    </figcaption>
  );
}

function largestOf(stacks: ReturnType<typeof stacked>, lines: readonly Series[]): number {
  const ends = stacks.flatMap((bars) => bars.map(([, to]) => to));
  return Math.max(0, ...ends, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)));
}

function pointAt(x: number, { left, width }: DOMRect, points: number): number {
  const inChart = ((x - left) / width) * chart.width - chart.left;
  return Math.min(points - 1, Math.max(0, Math.floor(inChart / slotOf(points))));
}

function Hatch({ id }: { id: string }): ReactElement {
  return (
    <pattern id={id} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="7" height="7" className={styles.paper} />
      <rect width="3" height="7" fill="currentColor" />
    </pattern>
  );
}

function Axes({ ticks, labels, format }: Pick<ChartProps, 'labels' | 'format'> & { ticks: readonly number[] }) {
  const top = ticks.at(-1) ?? 1;
  return (
    <g className={styles.axes}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={chart.left} x2={chart.width - chart.right} y1={yOf(tick, top)} y2={yOf(tick, top)} />
          <text x={chart.left - 8} y={yOf(tick, top) + 5} textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      {labels.map(
        (label, index) =>
          label !== null && (
            <text key={label} x={xOf(index, labels.length)} y={chart.height - 8} textAnchor="middle">
              {label}
            </text>
          ),
      )}
    </g>
  );
}

function Bars(props: { ends: readonly (readonly [number, number])[]; top: number; fill: string }): ReactElement {
  const { ends, top, fill } = props;
  const width = Math.max(1, slotOf(ends.length) * 0.7);
  return (
    <g>
      {ends.map(([from, to], index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a point is its place.
          key={index}
          className={styles.bar}
          x={xOf(index, ends.length) - width / 2}
          y={yOf(to, top)}
          width={width}
          height={yOf(from, top) - yOf(to, top)}
          fill={fill}
          data-value={to - from}
        />
      ))}
    </g>
  );
}

function Line(props: { values: readonly (number | null)[]; top: number; rings: boolean }): ReactElement {
  const { values, top, rings } = props;
  const at = (index: number, value: number) => [xOf(index, values.length), yOf(value, top)] as const;
  return (
    <g className={styles.line} data-rings={rings}>
      {pieces(values).map((piece) => (
        <g key={piece[0]?.[0]}>
          <polyline points={piece.map(([index, value]) => at(index, value).join()).join(' ')} />
          {piece.map(([index, value]) => {
            const [x, y] = at(index, value);
            return rings ? (
              <rect key={index} x={x - 5} y={y - 5} width="10" height="10" transform={`rotate(45 ${x} ${y})`} />
            ) : (
              <circle key={index} cx={x} cy={y} r="4" />
            );
          })}
        </g>
      ))}
    </g>
  );
}

/** What a row of values looks like, in front of its name. */
function Sample({ mark, hatch }: { mark: Series['mark']; hatch: string }): ReactElement {
  const bar = mark === 'bar' || mark === 'hatch';
  return (
    <svg viewBox="0 0 40 20" aria-hidden="true" className={styles.sample}>
      {bar && (
        <rect
          className={styles.bar}
          x="4"
          y="2"
          width="32"
          height="16"
          fill={mark === 'bar' ? 'currentColor' : `url(#${hatch})`}
        />
      )}
      {!bar && (
        <g className={styles.line} data-rings={mark === 'rings'}>
          <polyline points="2,10 38,10" />
          {mark === 'rings' ? (
            <rect x="16" y="6" width="8" height="8" transform="rotate(45 20 10)" />
          ) : (
            <circle cx="20" cy="10" r="4" />
          )}
        </g>
      )}
    </svg>
  );
}
