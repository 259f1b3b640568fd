import type { ReactElement } from 'react';
import type { SyncState } from '../../../station-core/contract/record.ts';
import type { ReceiptView, SyncLook, TargetView } from '../../../station-core/contract/sync-look.ts';
import { longWaitMs, useEvery } from '../../long.ts';
import { type Say, useSay } from '../../say.ts';
import { useAsk, useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Shape } from '../../ui/shapes.tsx';
import { Table } from '../../ui/table.tsx';
import styles from './cloud.module.css';
import { Parked } from './parked.tsx';
import { lookOfStanding, standingOf } from './standing.ts';
import { Webhooks } from './webhooks.tsx';
import { actionSaid, answerSaid, targetSaid } from './words.ts';

/** What no event tells, such as the budget, is looked at so often. */
const lookEveryMs = 2_000;

/** Uploads as they stand: the backlog live, the rest every two seconds. */
export function Uploads(): ReactElement {
  const turn = useEvery(lookEveryMs);
  const may = useMay();
  const { value, error, again } = useAsk('sync.look', {}, turn);
  return (
    <>
      {error && <Problem error={error} again={again} />}
      {value && (
        <>
          <Now look={value} />
          <Parked />
          {may('mes.look') && <Webhooks turn={turn} />}
          <div className={styles.panels}>
            {value.targets.filter(isTold).map((target) => (
              <Target key={target.name} target={target} />
            ))}
            <Costs operations={value.operations} />
          </div>
          <Receipts receipts={value.receipts} />
        </>
      )}
    </>
  );
}

/** Files that nothing waits for say nothing. */
const isTold = ({ host, oldest }: TargetView): boolean => host !== undefined || oldest !== undefined;

function Now({ look }: { look: SyncLook }): ReactElement {
  const { screen, act } = useStation();
  const say = useSay();
  const { t, told, time, number } = say;
  const may = useMay();
  const { busy, error, run } = useDo();
  const { sync, backlog } = screen.board ?? look;
  const standing = standingOf(sync, look.targets);
  const send = () =>
    run(async () => {
      await act('sync.run', {}, { waitMs: longWaitMs });
    });
  const buttons = may('sync.run') && (
    <Button kind="main" busy={busy} onPress={send}>
      {t('cloud.send')}
    </Button>
  );
  return (
    <Panel title={t('cloud.now')} buttons={buttons}>
      <div className={styles.standing} data-look={lookOfStanding[standing]} data-standing={standing} role="status">
        <Shape look={lookOfStanding[standing]} className={styles.shape} />
        <div>
          <strong>{t(`cloud.standing.${standing}`)}</strong>
          <p>
            {sync.error && `${told(sync.error)} (${sync.error.code})`}{' '}
            {sync.until && t('cloud.goesOn', { time: time(sync.until) })}
          </p>
        </div>
      </div>
      {error && <Problem error={error} />}
      <Facts
        facts={[
          [t('cloud.waits'), number(backlog.queued + backlog.leased)],
          [t('cloud.parked'), number(backlog.parked)],
          [t('cloud.sent'), number(backlog.done)],
          [t('cloud.pace'), paceSaid(sync, say)],
        ]}
      />
    </Panel>
  );
}

/** Entries a minute and the time that is left, while something is sent; a dash else. */
function paceSaid({ perMinute, secondsLeft }: SyncState, { t, left }: Say): string | undefined {
  if (perMinute === undefined) return undefined;
  const pace = t('cloud.paceIs', { rows: perMinute });
  return secondsLeft === undefined ? pace : `${pace} · ${left(secondsLeft)}`;
}

function Target({ target }: { target: TargetView }): ReactElement {
  const say = useSay();
  const { t, told, dateTime } = say;
  const { name, host, configured, budget, hold, oldest } = target;
  const way = configured ? (host ?? t('cloud.files')) : t('cloud.notConfigured');
  return (
    <Panel title={targetSaid(say, name)}>
      <Facts
        facts={[
          [
            t('cloud.host'),
            <span key="host" className={styles.code}>
              {way}
            </span>,
          ],
        ]}
      />
      {budget && <Budget {...budget} />}
      {hold && <p>{`${told(hold.error)} (${hold.error.code})`}</p>}
      {oldest ? (
        <Facts
          facts={[
            [t('cloud.oldest'), oldest.registrationId],
            [t('cloud.action'), actionSaid(say, oldest.action)],
            [t('cloud.since'), oldest.since === undefined ? t('cloud.sinceUnknown') : dateTime(oldest.since)],
            [t('cloud.tries'), String(oldest.attempts)],
          ]}
        />
      ) : (
        <p>{t('cloud.nothingWaits')}</p>
      )}
    </Panel>
  );
}

function Budget({ used, perMinute }: { used: number; perMinute: number }): ReactElement {
  const { t } = useSay();
  return (
    <div className={styles.budget}>
      <span>
        {t('cloud.budget')}: <strong>{t('cloud.budgetIs', { used, perMinute })}</strong>
      </span>
      <progress aria-label={t('cloud.budget')} max={perMinute} value={used} />
    </div>
  );
}

function Costs({ operations: { today, total, orders } }: Pick<SyncLook, 'operations'>): ReactElement {
  const { t, number } = useSay();
  return (
    <Panel title={t('cloud.byOrder')}>
      <Facts
        facts={[
          [t('cloud.today'), number(today)],
          [t('cloud.total'), number(total)],
        ]}
      />
      <Table
        label={t('cloud.byOrder')}
        rows={orders}
        keyOf={({ order }) => order}
        empty={t('cloud.noOrders')}
        rowsShown={4}
        columns={[
          { name: 'order', title: t('cloud.order'), part: 3, cell: ({ order }) => order },
          {
            name: 'operations',
            title: t('cloud.operations'),
            numeric: true,
            cell: (row) => number(row.operations),
          },
        ]}
      />
    </Panel>
  );
}

function Receipts({ receipts }: { receipts: readonly ReceiptView[] }): ReactElement {
  const say = useSay();
  const { t, dateTime } = say;
  return (
    <Panel title={t('cloud.receipts')}>
      <Table
        label={t('cloud.receipts')}
        rows={receipts}
        keyOf={({ entry }) => entry}
        empty={t('cloud.noReceipts')}
        rowsShown={8}
        columns={[
          { name: 'id', title: t('cloud.id'), part: 3, cell: ({ registrationId }) => registrationId },
          { name: 'action', title: t('cloud.action'), part: 2, cell: ({ action }) => actionSaid(say, action) },
          { name: 'answer', title: t('cloud.answer'), part: 2, cell: ({ answer }) => answerSaid(say, answer) },
          { name: 'when', title: t('cloud.when'), part: 2, cell: ({ at }) => dateTime(at) },
        ]}
      />
    </Panel>
  );
}
