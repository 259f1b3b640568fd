import type { ReactElement } from 'react';
import type { Order } from '../../../station-core/contract/record.ts';
import { useSay } from '../../say.ts';
import { useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import styles from './orders.module.css';
import { ArmedMark } from './states.tsx';

export type OrderListProps = { readonly onOpen: (name: string) => void; readonly onImport: () => void };

/** Every order of the station, the newest first. */
export function OrderList({ onOpen, onImport }: OrderListProps): ReactElement {
  const { screen } = useStation();
  const { t } = useSay();
  const may = useMay();
  const orders = screen.board?.orders ?? [];
  const buttons = may('orders.import') && (
    <Button kind="main" onPress={onImport}>
      {t('orders.import')}
    </Button>
  );
  return (
    <>
      <h1>{t('orders.title')}</h1>
      <Panel title={t('orders.about')} buttons={buttons}>
        <Table<Order>
          label={t('orders.list')}
          rows={orders}
          keyOf={({ name }) => name}
          onOpen={({ name }) => onOpen(name)}
          empty={t('orders.none')}
          columns={useColumns()}
        />
      </Panel>
    </>
  );
}

function useColumns(): readonly [Column<Order>, ...Column<Order>[]] {
  const { t, number } = useSay();
  return [
    { name: 'name', title: t('orders.name'), part: 3, cell: ({ name }) => name },
    { name: 'recipe', title: t('orders.recipe'), part: 2, cell: ({ recipe }) => recipe },
    { name: 'state', title: t('orders.state'), part: 2, cell: (order) => <StateWords order={order} /> },
    {
      name: 'made',
      title: t('orders.made'),
      part: 2,
      numeric: true,
      cell: ({ finished, quantity }) => t('orders.ofTarget', { finished, quantity }),
    },
    {
      name: 'share',
      title: t('orders.share'),
      part: 2,
      cell: (order) => <Share {...order} />,
    },
    {
      name: 'remaining',
      title: t('orders.remaining'),
      part: 1.8,
      numeric: true,
      cell: ({ finished, quantity }) => number(Math.max(0, quantity - finished)),
    },
  ];
}

/** How much of the order is made. */
function Share({ finished, quantity }: Pick<Order, 'finished' | 'quantity'>): ReactElement {
  const { percent } = useSay();
  return (
    <span className={styles.share}>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect width={(100 * finished) / Math.max(1, quantity)} height="10" fill="currentColor" />
      </svg>
      {percent(finished, quantity)}
    </span>
  );
}

/** Whether units of the order are made, and what stands against it. */
function StateWords({ order }: { order: Order }): ReactElement {
  const { t } = useSay();
  const full = order.finished >= order.quantity;
  return (
    <span className={styles.states}>
      {t(full ? 'orders.full' : `orders.${order.state}`)}
      {order.armed !== 'proven' && <ArmedMark armed={order.armed} />}
    </span>
  );
}
