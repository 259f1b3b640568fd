import type { ReactElement } from 'react';
import type { ErrorData } from '../../station-core/contract/errors.ts';
import type { Desk } from '../desk.ts';
import type { Headline } from '../looks.ts';
import { gatheredText } from '../scanner.ts';
import { inWindow } from '../socket.ts';
import { text } from '../text.ts';
import styles from './band.module.css';
import { Shape } from './shapes.tsx';

type BandProps = {
  readonly scans: Desk;
  readonly aimed: number | undefined;
  readonly headline: Headline;
  /** When the connection was lost, if it is. */
  readonly lostAt: string | undefined;
  /** Why it does not come back, if that is known. */
  readonly problem: ErrorData | undefined;
};

/** The scan as it is gathered and what became of it, beside the headline. Its height never changes. */
export function Band({ scans, aimed, headline, lostAt, problem }: BandProps): ReactElement {
  if (lostAt !== undefined) return <Lost at={lostAt} scans={scans} problem={problem} />;
  return (
    <div className={styles.band}>
      <ScanArea scans={scans} aimed={aimed} />
      <HeadlineArea headline={headline} />
    </div>
  );
}

/** The worst lane's word; where tiles are too small for sentences, also its sentence. */
function HeadlineArea({ headline: { look, lanes, told } }: { headline: Headline }): ReactElement {
  return (
    <div className={styles.headline} data-look={look} role="status">
      <Shape look={look} className={styles.shape} />
      <strong>{text.words[look]}</strong>
      {told ? (
        <span className={styles.told}>
          <b>{text.lanes(lanes)}</b> {lanes.length > 1 && <b>· {text.lane(told.lane)}: </b>}
          {told.isOpen ? text.quarantine : text.told(told.error)}
        </span>
      ) : (
        <span className={styles.where}>{look !== 'ready' && text.lanes(lanes)}</span>
      )}
    </div>
  );
}

function ScanArea({ scans, aimed }: { scans: Desk; aimed: number | undefined }): ReactElement {
  const gathered = gatheredText(scans.scanner);
  const { ignored } = scans.scanner;
  if (gathered !== '') return <Area kind="gathering" code={gathered} says={text.typing} />;
  if (ignored) return <Area kind="said" code={ignored.code} says={text.again} />;
  if (scans.last) return <LastScan last={scans.last} />;
  return <Area kind="prompt" code={text.scanPrompt} says={aimed === undefined ? text.noLane : text.goesTo(aimed)} />;
}

/** What became of the last scan; a refusal stands until the next one. */
function LastScan({ last: { scan, fate } }: { last: NonNullable<Desk['last']> }): ReactElement {
  switch (fate.kind) {
    case 'sending':
      return <Area kind="said" code={scan.code} says={text.sending(fate.lane)} />;
    case 'taken':
      return <Area kind="said" code={scan.code} says={text.startedOn(fate.lane)} />;
    case 'unplaced':
      return <Area kind="refused" code={scan.code} says={text.unplaced[fate.why]} />;
    case 'refused': {
      const says = `${text.lane(fate.lane)}: ${text.told(fate.error)}`;
      return <Area kind="refused" code={scan.code} says={says} name={fate.error.code} />;
    }
  }
}

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
  const time = text.time(at);
  const means = inWindow ? text.lostInWindow(time, problem) : text.lostMeans(time);
  const unplaced = last?.fate.kind === 'unplaced' && last.fate.why === 'offline';
  return (
    <div className={styles.lost} data-look="errored" role="alert">
      <Shape look="errored" className={styles.shape} />
      <strong>{text.lost}</strong>
      <span>{unplaced ? `${last.scan.code}: ${text.unplaced.offline}` : means}</span>
    </div>
  );
}
