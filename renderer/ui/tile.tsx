import { memo, type ReactElement } from 'react';
import { errorOf, isStopped, type Look, lookOf, mayRetry, percentOf, stepsOf } from '../looks.ts';
import type { LaneState } from '../runs.ts';
import { type Say, useSay } from '../say.ts';
import { Elapsed } from './elapsed.tsx';
import { Armed, NoNews, Says } from './says.tsx';
import { Shape } from './shapes.tsx';
import { Steps } from './steps.tsx';
import styles from './tile.module.css';
import { Verdict } from './verdict.tsx';

export type TileProps = {
  readonly lane: LaneState;
  /** A serial that was scanned for this lane and is on its way to the station. */
  readonly starting: string | undefined;
  readonly aim: 'next' | 'selected' | undefined;
  /** Whether what is shown may have changed meanwhile, since there is no connection. */
  readonly stale: boolean;
  readonly onSelect: (lane: number) => void;
  /** Lets a stopped lane go on, where the person may. */
  readonly onRelease: ((lane: number) => void) | undefined;
  /** Makes its unit once more; `F10` stands on the lane that the key would take. */
  readonly onRetry: ((lane: number) => void) | undefined;
  readonly isRetried: boolean;
  /** How long a unit of its recipe takes, in milliseconds, if one passed here. */
  readonly takes: number | undefined;
};

/**
 * One lane: number, serial, steps as they happen, and the verdict that stays until the next scan. Drawn only when something of it
 * has changed: the other lanes' steps are no reason.
 */
export const Tile = memo(function Tile(props: TileProps): ReactElement {
  const { lane, aim } = props;
  // The run itself says more, as soon as its opening is known; the answer to the scan may come later.
  const starting = lookOf(lane) === 'busy' ? undefined : props.starting;
  const look = starting === undefined ? lookOf(lane) : 'busy';
  const { t } = useSay();
  const unknown = props.stale && look === 'busy';
  const error = starting === undefined ? errorOf(lane) : undefined;
  const serial = starting ?? lane.armed?.serial ?? lane.run?.serial;
  return (
    <section className={styles.tile} data-lane={lane.lane} data-look={unknown ? 'unknown' : look} data-aim={aim}>
      <div className={styles.inside}>
        <Top {...props} look={look} serial={serial} timed={!unknown && starting === undefined} />
        <Verdict look={unknown ? 'aborted' : look} word={unknown ? t('lanes.noNews') : t(wordOf(lane, look))} />
        <span className={`${styles.serial} ${styles.below}`}>
          <bdi>{serial}</bdi>
        </span>
        {look === 'armed' && lane.armed && <Armed until={lane.armed.until} />}
        {unknown ? <NoNews /> : error && <Says look={look} error={error} action={actionOf(props, t)} />}
        <Steps
          steps={starting === undefined ? stepsOf(lane) : []}
          percent={percentOf(lane)}
          waits={lane.waits}
          still={unknown}
        />
      </div>
    </section>
  );
});

/** The button of a stopped lane, or of a unit that may be made once more. */
function actionOf({ lane, onRelease, onRetry, isRetried }: TileProps, t: Say['t']): ReactElement | undefined {
  if (onRetry && mayRetry(lane))
    return (
      <button type="button" className={styles.release} onClick={() => onRetry(lane.lane)}>
        {t('lanes.retry')} {isRetried && <kbd>{t('lanes.retryKey')}</kbd>}
      </button>
    );
  if (!isStopped(lane) || !onRelease) return undefined;
  return (
    <button type="button" className={styles.release} onClick={() => onRelease(lane.lane)}>
      <span className={styles.whole}>{t('lanes.release', { lane: lane.lane })}</span>
      <span className={styles.short}>{t('lanes.releaseShort', { lane: lane.lane })}</span>
    </button>
  );
}

/** A lane whose fixture is not plugged in is not ready for anything; one that starts by plugging in waits for just that. */
const wordOf = (lane: LaneState, look: Look) =>
  look === 'ready' && !lane.attached && lane.start !== 'attach' ? 'lanes.unplugged' : (`lanes.words.${look}` as const);

type TopProps = TileProps & { readonly look: Look; readonly serial: string | undefined; readonly timed: boolean };

function Top({ lane, aim, onSelect, look, serial, timed, takes }: TopProps): ReactElement {
  const { t } = useSay();
  return (
    <header className={styles.top}>
      <button
        type="button"
        className={styles.number}
        aria-pressed={aim === 'selected'}
        aria-label={t('lanes.select', { lane: lane.lane })}
        onClick={() => onSelect(lane.lane)}
      >
        {lane.lane}
      </button>
      <span className={styles.serial}>
        <bdi>{serial}</bdi>
      </span>
      {timed && <Time lane={lane} running={look === 'busy'} takes={takes} />}
      {aim && <span className={styles.aim}>{t(`lanes.${aim}`)}</span>}
      <Shape look={look} className={styles.corner} />
    </header>
  );
}

type TimeProps = { readonly lane: LaneState; readonly running: boolean; readonly takes: number | undefined };

function Time({ lane, running, takes }: TimeProps): ReactElement | null {
  const { run } = lane;
  const { duration } = useSay();
  if (!run || lane.armed) return null;
  if (running) return <Elapsed since={run.openedAt} takes={takes} className={styles.time} />;
  if (!run.closedAt) return null;
  return <span className={styles.time}>{duration(Date.parse(run.closedAt) - Date.parse(run.openedAt))}</span>;
}
