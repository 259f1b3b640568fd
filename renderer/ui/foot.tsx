import type { ReactElement } from 'react';
import type { PrintingView } from '../../station-core/contract/label.ts';
import type { Backlog, SyncState } from '../../station-core/contract/record.ts';
import { orderOf, yieldOf } from '../looks.ts';
import type { Board, Tally } from '../runs.ts';
import { type Say, useSay } from '../say.ts';
import styles from './foot.module.css';

/** The line at the bottom: the order, how this session fared, and what waits for the cloud. */
export function Foot({ board, stale }: { board: Board; stale: boolean }): ReactElement {
  const say = useSay();
  const { t, told, duration } = say;
  const order = orderOf(board);
  const dark = board.lights.find(({ error }) => error);
  return (
    <footer className={styles.foot}>
      <span className={styles.part}>
        <span>{order ? t('lanes.order', { name: order.name }) : t('lanes.noOrder')}</span>
        {order && <strong>{t('lanes.ofTarget', { finished: order.finished, quantity: order.quantity })}</strong>}
        {order && <progress value={order.finished} max={order.quantity} aria-hidden="true" />}
      </span>
      <span className={styles.part}>
        <span>{t('lanes.session')}</span>
        <strong>{session(board.tally, t)}</strong>
      </span>
      <span className={styles.part} data-sync={board.hsm.state === 'ready' || stale ? undefined : 'stopped'}>
        <span>{t('lanes.hsm')}</span>
        <strong title={board.hsm.reason}>
          {stale ? t('lanes.unknown') : t(`lanes.hsmIs.${board.hsm.state}`)}
          {!stale && board.hsm.state === 'ready' && ` · ${duration(board.hsm.latencyMs.p50)}`}
        </strong>
      </span>
      {dark && !stale && (
        <span className={styles.part} data-sync="stopped" data-light={dark.light} role="status">
          <span>{t('lanes.light', { light: dark.light })}</span>
          <strong title={dark.error && told(dark.error)}>{t('lanes.lightFails')}</strong>
        </span>
      )}
      {!stale && board.printing && <Printing printing={board.printing} />}
      <span className={styles.part} data-sync={stale ? undefined : board.sync.state}>
        <span>{t('lanes.cloud')}</span>
        <strong className={styles.cloud}>{stale ? t('lanes.unknown') : cloud(board.backlog, board.sync, say)}</strong>
        {board.sync.error && !stale && (
          <span className={styles.why} title={told(board.sync.error)}>
            {told(board.sync.error)}
          </span>
        )}
      </span>
    </footer>
  );
}

/** Labels that did not come out; nothing while all did. */
function Printing({ printing: { waiting, error } }: { printing: PrintingView }): ReactElement | null {
  const { t, told } = useSay();
  if (waiting === 0 && !error) return null;
  return (
    <span
      className={`${styles.part} ${styles.printing}`}
      data-sync={error ? 'stopped' : undefined}
      title={error && told(error)}
    >
      <span>
        {t('lanes.labelsFoot')} <strong>{t('lanes.labelsWait', { count: waiting })}</strong>
      </span>
      {error && <code>{error.code}</code>}
    </span>
  );
}

function session(tally: Tally, t: Say['t']): string {
  const { passed, failed, other } = tally;
  if (passed + failed + other === 0) return t('lanes.noYield');
  const percent = yieldOf(tally);
  const said =
    percent === undefined
      ? t('lanes.noPercent', { passed, failed })
      : t('lanes.yieldIs', { percent: String(percent), passed, failed });
  return other > 0 ? said + t('lanes.others', { other }) : said;
}

/** What the pump does and what waits, in one line. */
function cloud({ queued, leased, parked }: Backlog, sync: SyncState, { t, time, left }: Say): string {
  const count = queued + leased;
  const what = count > 0 ? t('lanes.toSend', { count }) : t('lanes.allSent');
  const said = (): string => {
    if (sync.state === 'stopped') return t('lanes.stopped', { what });
    if (count === 0 || sync.state === 'idle') return what;
    if (sync.state === 'waiting') return t('lanes.waiting', { what, until: sync.until ? time(sync.until) : '?' });
    if (sync.secondsLeft === undefined) return t('lanes.sendingNow', { what });
    return t('lanes.sendingLeft', { what, left: left(sync.secondsLeft) });
  };
  return parked > 0 ? `${said()}, ${t('lanes.parked', { count: parked })}` : said();
}
