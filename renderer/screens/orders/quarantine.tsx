import { type ReactElement, useState } from 'react';
import type { ErrorData } from '../../../station-core/contract/errors.ts';
import type { QuarantinedUnit } from '../../../station-core/contract/orders.ts';
import { useSay } from '../../say.ts';
import { useAsk } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { PlainTable, type PlainTableProps } from './plain-table.tsx';

/** So many are shown, and twice as many with each press. */
const shownAtOnce = 20;
const mostShown = 500;

type ListProps = { readonly order: string; readonly anew: number };

/** Units that may not ship, and what to do about each. */
export function QuarantinedUnits({ order, anew }: ListProps): ReactElement {
  const { t, dateTime, number } = useSay();
  const [limit, setLimit] = useState(shownAtOnce);
  const { value, error, again } = useAsk('orders.quarantine', { order, limit }, anew);
  const todo = ({ advice, tries }: QuarantinedUnit) => t(`orders.quarantine.advice.${advice}`, { tries });
  return (
    <Waiting
      title={t('orders.quarantine.title')}
      about={t('orders.quarantine.about')}
      none={t('orders.quarantine.none')}
      heads={(['serial', 'when', 'lane', 'why', 'todo'] as const).map((head) => t(`orders.quarantine.${head}`))}
      rows={value?.rows.map((row) => ({
        key: row.unit,
        cells: [
          row.serial,
          dateTime(row.at),
          number(row.lane),
          row.error ? <Why key="why" error={row.error} /> : t('orders.quarantine.noReason'),
          <strong key="todo">{todo(row)}</strong>,
        ],
      }))}
      failed={error}
      onAgain={again}
      onMore={value?.next && limit < mostShown ? () => setLimit(Math.min(mostShown, limit * 2)) : undefined}
    />
  );
}

/** Finished units whose entry in the cloud waits for a person. */
export function ParkedUnits({ order, anew }: ListProps): ReactElement {
  const { t } = useSay();
  const [limit, setLimit] = useState(shownAtOnce);
  const { value, error, again } = useAsk('orders.parked', { order, limit }, anew);
  return (
    <Waiting
      title={t('orders.quarantine.parkedTitle')}
      about={t('orders.quarantine.parkedAbout')}
      none={t('orders.quarantine.parkedNone')}
      heads={(['serial', 'registrationId', 'why'] as const).map((head) => t(`orders.quarantine.${head}`))}
      rows={value?.rows.map(({ row, serial, registrationId, reason }) => ({
        key: row,
        cells: [serial, registrationId, <Why key="why" error={reason} />],
      }))}
      failed={error}
      onAgain={again}
      onMore={value?.next && limit < mostShown ? () => setLimit(Math.min(mostShown, limit * 2)) : undefined}
    />
  );
}

type WaitingProps = Pick<PlainTableProps, 'heads'> & {
  readonly title: string;
  readonly about: string;
  readonly none: string;
  /** None before the station told. */
  readonly rows: PlainTableProps['rows'] | undefined;
  readonly failed: ErrorData | undefined;
  readonly onAgain: () => void;
  readonly onMore: (() => void) | undefined;
};

/** A list of what waits for a person, or that nothing does. */
function Waiting(props: WaitingProps): ReactElement {
  const { title, about, none, heads, rows, failed, onAgain, onMore } = props;
  const { t } = useSay();
  return (
    <Panel title={title}>
      {failed && <Problem error={failed} again={onAgain} />}
      {rows?.length === 0 && !onMore && <Empty>{none}</Empty>}
      {rows && rows.length > 0 && <p>{about}</p>}
      {rows && rows.length > 0 && <PlainTable heads={heads} rows={rows} />}
      {onMore && (
        <div>
          <Button onPress={onMore}>{t('orders.quarantine.more')}</Button>
        </div>
      )}
    </Panel>
  );
}

/** What happened, with its code. */
function Why({ error }: { error: ErrorData }): ReactElement {
  const { told } = useSay();
  return (
    <>
      {told(error)} <code>{error.code}</code>
    </>
  );
}
