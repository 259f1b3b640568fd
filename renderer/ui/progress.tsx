import { type ReactElement, useId, useRef } from 'react';
import { useSay } from '../say.ts';
import styles from './progress.module.css';

export type ProgressProps = {
  readonly label: string;
  readonly done: number;
  /** None before it is known. */
  readonly total: number | undefined;
};

/** Time left is told from so many seconds on (screens: Speed). */
const leftFrom = 10;

/** How far something long is, and how long it will take. */
export function Progress({ label, done, total }: ProgressProps): ReactElement {
  const { t, left } = useSay();
  const began = useRef(performance.now());
  const id = useId();
  const seconds = secondsLeft((performance.now() - began.current) / 1_000, done, total);
  return (
    <div className={styles.progress}>
      <span id={id}>{label}</span>
      <progress aria-labelledby={id} max={total ?? 1} value={total === undefined ? undefined : done} />
      <span className={styles.numbers}>
        {total !== undefined && t('frame.ofTotal', { done, total })}
        {seconds !== undefined && seconds > leftFrom && ` · ${left(seconds)}`}
      </span>
    </div>
  );
}

/** At the pace so far; nothing is said of a pace that is two seconds old. */
export function secondsLeft(seconds: number, done: number, total: number | undefined): number | undefined {
  if (total === undefined || done === 0 || seconds < 2) return undefined;
  return (seconds / done) * Math.max(0, total - done);
}
