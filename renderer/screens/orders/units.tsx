import { type ReactElement, useEffect, useState } from 'react';
import { type ListedUnit, unitStates } from '../../../station-core/contract/orders.ts';
import { useSay } from '../../say.ts';
import { useAsk } from '../../station.ts';
import { Choice, TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import styles from './orders.module.css';
import { OutcomeMark } from './states.tsx';
import { useUnits } from './unit-pages.ts';

const kinds = ['all', ...unitStates] as const;
type Kind = (typeof kinds)[number];

/** The units of an order: all, those in one state, or those whose serial begins so. */
export function Units({ order }: { order: string }): ReactElement {
  const { t } = useSay();
  const [kind, setKind] = useState<Kind>('all');
  const [typed, setTyped] = useState('');
  const prefix = useSettled(typed.trim());
  const words = Object.fromEntries(kinds.map((one) => [one, t(`orders.units.states.${one}`)])) as Record<Kind, string>;
  return (
    <div className={styles.unitsPanel}>
      <Panel title={t('orders.units.title')}>
        <div className={styles.choices}>
          <Choice label={t('orders.units.state')} value={kind} choices={words} onChange={setKind} />
          <TextField
            label={t('orders.units.find')}
            type="search"
            value={typed}
            onChange={setTyped}
            rest={{ maxLength: 128 }}
          />
        </div>
        {prefix === '' ? (
          <UnitPages key={kind} order={order} kind={kind} />
        ) : (
          <FoundUnits order={order} prefix={prefix} />
        )}
      </Panel>
    </div>
  );
}

function UnitPages({ order, kind }: { order: string; kind: Kind }): ReactElement {
  const { t } = useSay();
  const { rows, error, more, again } = useUnits(order, kind === 'all' ? undefined : kind);
  return (
    <>
      {error && <Problem error={error} again={again} />}
      <p className={styles.found} />
      <UnitTable order={order} rows={rows} onMore={more} empty={t('orders.units.none')} />
    </>
  );
}

function FoundUnits({ order, prefix }: { order: string; prefix: string }): ReactElement {
  const { t } = useSay();
  const { value, error, again } = useAsk('orders.find', { order, prefix });
  const rows = value?.rows ?? [];
  return (
    <>
      {error && <Problem error={error} again={again} />}
      <p role="status" className={styles.found}>
        {value && t('orders.units.found', { count: rows.length })} {value?.more && t('orders.units.more')}
      </p>
      <UnitTable order={order} rows={rows} empty={t('orders.units.none')} />
    </>
  );
}

type UnitTableProps = {
  readonly order: string;
  readonly rows: readonly ListedUnit[];
  readonly empty: string;
  readonly onMore?: (() => void) | undefined;
};

function UnitTable({ order, rows, empty, onMore }: UnitTableProps): ReactElement {
  const { t, dateTime } = useSay();
  const columns: readonly [Column<ListedUnit>, ...Column<ListedUnit>[]] = [
    { name: 'serial', title: t('orders.units.serial'), part: 2, cell: ({ serial }) => serial },
    {
      name: 'id',
      title: t('orders.quarantine.registrationId'),
      part: 3,
      cell: ({ registrationId }) => registrationId ?? '–',
    },
    {
      name: 'state',
      title: t('orders.state'),
      cell: ({ state, scrappedAt }) => t(`orders.units.unitState.${scrappedAt === null ? state : 'scrapped'}`),
    },
    {
      name: 'outcome',
      title: t('orders.units.last'),
      part: 1.2,
      cell: ({ last }) => last && <OutcomeMark outcome={last.outcome} />,
    },
    {
      name: 'at',
      title: t('orders.quarantine.when'),
      part: 2,
      cell: ({ last }) =>
        last ? t('orders.units.lastRun', { lane: last.lane, at: dateTime(last.at) }) : t('orders.units.never'),
    },
  ];
  return (
    <Table
      label={t('orders.units.list', { order })}
      rows={rows}
      keyOf={({ unit }) => unit}
      columns={columns}
      empty={empty}
      onMore={onMore}
    />
  );
}

/** What was typed, once nobody types any more. */
function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), 150);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}
