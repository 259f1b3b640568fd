import type { ReactElement } from 'react';
import type { Backlog, SyncState } from '../../station-core/contract/record.ts';
import { orderOf, yieldOf } from '../looks.ts';
import type { Board } from '../runs.ts';
import { text } from '../text.ts';
import styles from './foot.module.css';

/** The line at the bottom: the order, how this session fared, and what waits for the cloud. */
export function Foot({ board, stale }: { board: Board; stale: boolean }): ReactElement {
  const order = orderOf(board);
  const { passed, failed, other } = board.tally;
  const some = passed + failed + other > 0;
  return (
    <footer className={styles.foot}>
      <span className={styles.part}>
        <span>{order ? `${text.order} ${order.name}` : text.noOrder}</span>
        {order && <strong>{text.ofTarget(order.finished, order.quantity)}</strong>}
        {order && <progress value={order.finished} max={order.quantity} aria-hidden="true" />}
      </span>
      <span className={styles.part}>
        <span>{text.yield}</span>
        <strong>
          {some ? text.yieldIs(yieldOf(board.tally), passed, failed) : text.noYield}
          {other > 0 && text.others(other)}
        </strong>
      </span>
      <span className={styles.part} data-sync={board.hsm.state === 'ready' || stale ? undefined : 'stopped'}>
        <span>{text.hsm}</span>
        <strong title={board.hsm.reason}>
          {stale ? text.unknown : text.hsmIs[board.hsm.state]}
          {!stale && board.hsm.state === 'ready' && ` · ${text.hsmTakes(board.hsm.latencyMs.p50)}`}
        </strong>
      </span>
      <span className={styles.part} data-sync={stale ? undefined : board.sync.state}>
        <span>{text.cloud}</span>
        <strong className={styles.cloud}>{stale ? text.unknown : cloud(board.backlog, board.sync)}</strong>
        {board.sync.error && !stale && (
          <span className={styles.why} title={text.told(board.sync.error)}>
            {text.told(board.sync.error)}
          </span>
        )}
      </span>
    </footer>
  );
}

/** What the pump does and what waits, in one line. */
function cloud({ queued, leased, parked }: Backlog, sync: SyncState): string {
  const left = queued + leased;
  const waits = left > 0 ? text.toSend(left) : text.allSent;
  const said: Readonly<Record<SyncState['state'], string>> = {
    idle: waits,
    sending:
      left > 0
        ? `${text.sendingNow}, ${waits}${sync.secondsLeft === undefined ? '' : `, ${text.takes(sync.secondsLeft)}`}`
        : waits,
    waiting: left === 0 ? waits : `${waits}, ${text.waiting(sync.until ? text.time(sync.until) : '?')}`,
    stopped: `${text.stopped}, ${waits}`,
  };
  return parked > 0 ? `${said[sync.state]}, ${text.parked(parked)}` : said[sync.state];
}
