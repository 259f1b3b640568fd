import { type ReactElement, useState } from 'react';
import type { Bucket, Figures, OrderFigures, Spread } from '../../../station-core/contract/orders.ts';
import { useSay } from '../../say.ts';
import { Chart } from '../../ui/chart.tsx';
import { Choice } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { PlainTable } from './plain-table.tsx';
import styles from './shift.module.css';
import { failedOf, hourLabels, rowsOf } from './shift-figures.ts';
import { type Span, spans } from './span.ts';

export type ShiftProps = {
  readonly figures: OrderFigures;
  readonly span: Span;
  readonly onSpan: (span: Span) => void;
};

/** Yield, takt and run time of the time that is shown, in words, as charts, and as a table. */
export function Shift({ figures, span, onSpan }: ShiftProps): ReactElement {
  const { t } = useSay();
  const words = Object.fromEntries(
    (Object.keys(spans) as Span[]).map((one) => [one, t(`orders.shift.spans.${one}`)]),
  ) as Record<Span, string>;
  return (
    <Panel title={t('orders.shift.title')}>
      <div className={styles.span}>
        <Choice label={t('orders.shift.span')} value={span} choices={words} onChange={onSpan} />
      </div>
      <Total {...figures.total} />
      <Charts buckets={figures.buckets} />
    </Panel>
  );
}

/** The figures of the whole time, large. */
function Total(total: Figures): ReactElement {
  const { t, number, percent } = useSay();
  const { first, firstPassed, units, passed, finished } = total;
  return (
    <dl className={styles.totals}>
      <div>
        <dt>{t('orders.shift.firstPass')}</dt>
        <dd>{percent(firstPassed, first)}</dd>
        <dd>{t('orders.shift.firstPassOf', { passed: firstPassed, units: first })}</dd>
      </div>
      <div>
        <dt>{t('orders.shift.yield')}</dt>
        <dd>{percent(passed, units)}</dd>
        <dd>{t('orders.shift.yieldOf', { passed, units })}</dd>
      </div>
      <Time
        word={t('orders.shift.takt')}
        means={t('orders.shift.taktMeans')}
        none={t('orders.shift.noTakt')}
        spread={total.takt}
      />
      <Time
        word={t('orders.shift.run')}
        means={t('orders.shift.runMeans')}
        none={t('orders.shift.noRun')}
        spread={total.run}
      />
      <div>
        <dt>{t('orders.shift.finished')}</dt>
        <dd>{number(finished)}</dd>
        <dd>{t('orders.shift.finishedIn', { count: finished })}</dd>
      </div>
    </dl>
  );
}

function Time(props: { word: string; means: string; none: string; spread: Spread | null }): ReactElement {
  const { t, duration } = useSay();
  const { word, means, none, spread } = props;
  return (
    <div>
      <dt>{word}</dt>
      <dd>{spread ? duration(spread.median) : '–'}</dd>
      <dd>
        {spread ? t('orders.shift.p95', { time: duration(spread.p95) }) : none}, {means}
      </dd>
    </div>
  );
}

/** Three charts with one time below them, which keys and a press move. */
function Charts({ buckets }: { buckets: readonly Bucket[] }): ReactElement {
  const { t, locale, number } = useSay();
  const [chosen, setChosen] = useState<number>();
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const hour = (iso: string) => clock.format(new Date(iso));
  const rows = rowsOf(buckets);
  const cursor = Math.min(chosen ?? buckets.length - 1, buckets.length - 1);
  const shared = { labels: hourLabels(buckets, hour), cursor, onCursor: setChosen };
  const says = useReadout(hour);
  const words = buckets[cursor] ? says(buckets[cursor]) : '';
  return (
    <div className={styles.charts}>
      <Chart
        {...shared}
        title={t('orders.shift.units')}
        format={number}
        series={[
          { name: t('orders.shift.finished'), mark: 'bar', values: rows.finished },
          { name: t('orders.shift.notPassed'), mark: 'hatch', values: rows.failed },
        ]}
      />
      <Chart
        {...shared}
        title={t('orders.shift.yields')}
        format={(value) => `${number(value)} %`}
        largest={100}
        series={[
          { name: t('orders.shift.firstPass'), mark: 'dots', values: rows.first },
          { name: t('orders.shift.yield'), mark: 'rings', values: rows.yield },
        ]}
      />
      <Chart
        {...shared}
        title={t('orders.shift.takts')}
        format={(value) => `${number(value)} s`}
        series={[
          { name: t('orders.shift.taktMedian'), mark: 'dots', values: rows.median },
          { name: t('orders.shift.taktP95'), mark: 'rings', values: rows.p95 },
        ]}
      />
      <Cursor at={cursor} last={buckets.length - 1} words={words} onMove={setChosen} />
      <p className={styles.readout}>{words}</p>
      <FiguresTable buckets={buckets} hour={hour} />
    </div>
  );
}

type CursorProps = {
  readonly at: number;
  readonly last: number;
  /** What is read at the point. */
  readonly words: string;
  readonly onMove: (to: number) => void;
};

/** Moves over the points of the charts by keys, by touch and by a screen reader's own ways. */
function Cursor({ at, last, words, onMove }: CursorProps): ReactElement {
  const { t } = useSay();
  return (
    <label className={styles.cursor}>
      {t('orders.shift.cursor')}
      <input
        type="range"
        min={0}
        max={last}
        value={at}
        aria-valuetext={words}
        onChange={(event) => onMove(Number(event.currentTarget.value))}
      />
    </label>
  );
}

/** A quarter of an hour in one sentence. */
function useReadout(hour: (iso: string) => string): (bucket: Bucket) => string {
  const { t, percent, duration } = useSay();
  return (bucket) =>
    t('orders.shift.readout', {
      from: hour(bucket.from),
      finished: bucket.finished,
      failed: failedOf(bucket),
      first: percent(bucket.firstPassed, bucket.first),
      yield: percent(bucket.passed, bucket.units),
      median: bucket.takt ? duration(bucket.takt.median) : '–',
      p95: bucket.takt ? duration(bucket.takt.p95) : '–',
    });
}

/** The numbers that the charts draw. */
function FiguresTable({ buckets, hour }: { buckets: readonly Bucket[]; hour: (iso: string) => string }): ReactElement {
  const { t, number, percent, duration } = useSay();
  const heads = ['from', 'finished', 'notPassed', 'firstPass', 'yield', 'taktMedian', 'taktP95'] as const;
  return (
    <details className={styles.numbers}>
      <summary>{t('orders.shift.asTable')}</summary>
      <PlainTable
        numeric
        heads={heads.map((head) => t(`orders.shift.${head}`))}
        rows={buckets.map((bucket) => ({
          key: bucket.from,
          cells: [
            hour(bucket.from),
            number(bucket.finished),
            number(failedOf(bucket)),
            percent(bucket.firstPassed, bucket.first),
            percent(bucket.passed, bucket.units),
            bucket.takt ? duration(bucket.takt.median) : '–',
            bucket.takt ? duration(bucket.takt.p95) : '–',
          ],
        }))}
      />
    </details>
  );
}
