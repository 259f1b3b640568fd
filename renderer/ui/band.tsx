import type { ReactElement } from 'react';
import type { ErrorData } from '../../station-core/contract/errors.ts';
import type { Found } from '../../station-core/contract/test-label.ts';
import type { Desk, Fate, Unplaced } from '../desk.ts';
import type { Headline } from '../looks.ts';
import type { Streak } from '../runs.ts';
import { type Say, useSay } from '../say.ts';
import { gatheredText } from '../scanner.ts';
import { inWindow } from '../socket.ts';
import styles from './band.module.css';
import { Shape } from './shapes.tsx';

type BandProps = {
  readonly scans: Desk;
  readonly aimed: number | undefined;
  readonly headline: Headline;
  /** Why a serial scanner cannot be read. */
  readonly scanner: ErrorData | undefined;
  /** The same failure again and again, which nobody has seen yet. */
  readonly alarm: Streak | undefined;
  /** When the connection was lost, if it is. */
  readonly lostAt: string | undefined;
  /** Why it does not come back, if that is known. */
  readonly problem: ErrorData | undefined;
};

/** The scan as it is gathered and what became of it, beside the headline. Its height never changes. */
export function Band({ scans, aimed, headline, scanner, alarm, lostAt, problem }: BandProps): ReactElement {
  if (lostAt !== undefined) return <Lost at={lostAt} scans={scans} problem={problem} />;
  return (
    <div className={styles.band}>
      <ScanArea scans={scans} aimed={aimed} scanner={scanner} />
      {alarm ? <Alarm streak={alarm} /> : <HeadlineArea headline={headline} />}
    </div>
  );
}

/** Three units with the same failure: it is hardly the units. It stands until somebody says that they saw it. */
function Alarm({ streak: { code, count } }: { streak: Streak }): ReactElement {
  const { t } = useSay();
  return (
    <div className={styles.headline} data-look="indeterminate" role="alert">
      <Shape look="indeterminate" className={styles.shape} />
      <strong>{t('lanes.alarm', { count })}</strong>
      <span className={styles.told}>
        {t('lanes.alarmMeans')} <code>{code}</code>
      </span>
    </div>
  );
}

/** The worst lane's word; where tiles are too small for sentences, also its sentence. */
function HeadlineArea({ headline: { look, lanes, told: of } }: { headline: Headline }): ReactElement {
  const { t, told } = useSay();
  const where = lanesOf(lanes, t);
  return (
    <div className={styles.headline} data-look={look} data-told={of !== undefined} role="status">
      <Shape look={look} className={styles.shape} />
      <strong>{t(`lanes.words.${look}`)}</strong>
      {of ? (
        <span className={styles.told}>
          <b>{where}</b> {lanes.length > 1 && <b>· {t('lanes.lane', { lane: of.lane })}: </b>}
          {of.isOpen ? t('lanes.quarantine') : told(of.error)}
        </span>
      ) : (
        <span className={styles.where}>{look !== 'ready' && where}</span>
      )}
    </div>
  );
}

function ScanArea({ scans, aimed, scanner }: Pick<BandProps, 'scans' | 'aimed' | 'scanner'>): ReactElement {
  const { t, told } = useSay();
  const gathered = gatheredText(scans.scanner);
  const { ignored } = scans.scanner;
  if (gathered !== '') return <Area kind="gathering" code={gathered} says={t('lanes.typing')} />;
  if (ignored) return <Area kind="said" code={ignored.code} says={t('lanes.again')} />;
  // A refusal says more than a scanner that is missing, whatever scanner it came from.
  if (scanner && !isRefused(scans.last?.fate))
    return <Area kind="refused" code={t('lanes.scanPrompt')} says={told(scanner)} name={scanner.code} />;
  if (scans.last) return <LastScan last={scans.last} />;
  const goes = aimed === undefined ? t('lanes.noLane') : t('lanes.goesTo', { lane: aimed });
  return <Area kind="prompt" code={t('lanes.scanPrompt')} says={goes} />;
}

const isRefused = (fate: Fate | undefined): boolean =>
  fate !== undefined && ['refused', 'unplaced', 'misread', 'missed'].includes(fate.kind);

/** What became of the last scan; a refusal stands until the next one. */
function LastScan({ last: { scan, fate } }: { last: NonNullable<Desk['last']> }): ReactElement {
  const { t, told, time } = useSay();
  switch (fate.kind) {
    case 'sending':
      return <Area kind="said" code={scan.code} says={t('lanes.sending', { lane: fate.lane })} />;
    case 'taken':
      return <Area kind="said" code={scan.code} says={t('lanes.startedOn', { lane: fate.lane })} />;
    case 'armed':
      return <Area kind="said" code={scan.code} says={t('scans.armedOn', { lane: fate.lane })} />;
    case 'chosen':
      return <Area kind="said" code={scan.code} says={t('scans.chosen', { lane: fate.lane })} />;
    case 'misread':
      return <Area kind="refused" code={t('scans.misread')} says={told(fate.error)} name={fate.error.code} />;
    case 'missed':
      return (
        <Area
          kind="refused"
          code={t('lanes.scanPrompt')}
          says={t('scans.missed', { count: fate.count, since: time(fate.since) })}
        />
      );
    case 'test':
      return <Tested found={fate.found} />;
    case 'unplaced':
      return <Area kind="refused" code={scan.code} says={unplacedOf(fate.why, t)} />;
    case 'refused': {
      const says = `${t('lanes.lane', { lane: fate.lane })}: ${told(fate.error)}`;
      return <Area kind="refused" code={scan.code} says={says} name={fate.error.code} />;
    }
  }
}

function Tested({ found: { layout, capsLock } }: { found: Found }): ReactElement {
  const { t } = useSay();
  const right = layout === 'same' && !capsLock;
  // Caps Lock first: with it on, the layout may only seem to be another.
  const says = t(`scans.test.${capsLock ? 'capsLock' : layout}`);
  return <Area kind={right ? 'said' : 'refused'} code={t('scans.tested')} says={says} />;
}

const unplacedOf = (why: Unplaced, t: Say['t']): string =>
  why === 'offline' || why === 'no-lane' ? t(`lanes.unplaced.${why}`) : t(`scans.unplaced.${why}`);

/** Some lanes by their numbers, many by how many they are. */
const lanesOf = (lanes: readonly number[], t: Say['t']): string =>
  lanes.length <= 6
    ? t('lanes.lanes', { count: lanes.length, list: lanes.join(', ') })
    : t('lanes.manyLanes', { count: String(lanes.length) });

/** What is longer is written smaller. */
const longSays = 90;

type AreaProps = {
  readonly kind: 'prompt' | 'gathering' | 'said' | 'refused';
  readonly code: string;
  readonly says: string;
  readonly name?: string;
};

function Area({ kind, code, says, name }: AreaProps): ReactElement {
  const refused = kind === 'refused';
  return (
    <div className={styles.scan} data-kind={kind} role={refused ? 'alert' : undefined}>
      {refused && <Shape look="aborted" className={styles.shape} />}
      <span className={styles.code}>{code}</span>
      <span className={styles.says} data-long={says.length > longSays}>
        {says} {name && <code>{name}</code>}
      </span>
    </div>
  );
}

function Lost({ at, scans, problem }: { at: string; scans: Desk; problem: ErrorData | undefined }): ReactElement {
  const { last } = scans;
  const { t, time, told } = useSay();
  const since = { at: time(at) };
  const again = problem ? t('lanes.lostWhy', { ...since, why: told(problem) }) : t('lanes.lostInWindow', since);
  const means = inWindow ? again : t('lanes.lostMeans', since);
  const unplaced = last?.fate.kind === 'unplaced' && last.fate.why === 'offline';
  return (
    <div className={styles.lost} data-look="errored" role="alert">
      <Shape look="errored" className={styles.shape} />
      <strong>{t('lanes.lost')}</strong>
      <span>{unplaced ? `${last.scan.code}: ${t('lanes.unplaced.offline')}` : means}</span>
    </div>
  );
}
