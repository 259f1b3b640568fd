import type { ReactElement } from 'react';
import { useSay } from '../../say.ts';
import { useAsk, useMay } from '../../station.ts';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Table } from '../../ui/table.tsx';
import styles from './hsm.module.css';

/** What else the station keeps under its keys, or lets units in by: names and numbers alone. */
export function Lists(): ReactElement {
  const { t } = useSay();
  const may = useMay();
  return (
    <Panel title={t('hsm.lists.title')}>
      <p className={styles.quiet}>{t('hsm.lists.about')}</p>
      <div className={styles.lists}>
        {may('secret.list') && <Secrets />}
        <Stores />
        <EndorsementKeys />
      </div>
    </Panel>
  );
}

function Secrets(): ReactElement {
  const { t, dateTime } = useSay();
  const { value = [], error, again } = useAsk('secret.list', {});
  return (
    <div>
      <h3>{t('hsm.lists.secrets')}</h3>
      {error && <Problem error={error} again={again} />}
      <Table
        label={t('hsm.lists.secrets')}
        rows={value}
        keyOf={({ name }) => name}
        empty={t('hsm.lists.noSecrets')}
        rowsShown={6}
        columns={[
          { name: 'name', title: t('hsm.lists.secretName'), part: 2, cell: ({ name }) => name },
          { name: 'setAt', title: t('hsm.lists.setAt'), part: 2, cell: ({ setAt }) => dateTime(setAt) },
        ]}
      />
    </div>
  );
}

function Stores(): ReactElement {
  const { t, number } = useSay();
  const { value = [], error, again } = useAsk('store.list', {});
  return (
    <div>
      <h3>{t('hsm.lists.stores')}</h3>
      {error && <Problem error={error} again={again} />}
      <Table
        label={t('hsm.lists.stores')}
        rows={value}
        keyOf={({ store, origin }) => `${store} ${origin}`}
        empty={t('hsm.lists.noStores')}
        rowsShown={6}
        columns={[
          { name: 'store', title: t('hsm.lists.store'), part: 2, cell: ({ store }) => store },
          {
            name: 'origin',
            title: t('hsm.lists.origin'),
            part: 2,
            cell: ({ origin }) => t(`hsm.lists.origins.${origin}`),
          },
          { name: 'free', title: t('hsm.lists.free'), numeric: true, cell: ({ free }) => number(free) },
          { name: 'drawn', title: t('hsm.lists.drawn'), numeric: true, cell: ({ drawn }) => number(drawn) },
          { name: 'expiring', title: t('hsm.lists.expiring'), numeric: true, cell: ({ expiring }) => number(expiring) },
          { name: 'expired', title: t('hsm.lists.expired'), numeric: true, cell: ({ expired }) => number(expired) },
        ]}
      />
    </div>
  );
}

function EndorsementKeys(): ReactElement {
  const { t, number } = useSay();
  const { value = [], error, again } = useAsk('tpm.lists', {});
  return (
    <div>
      <h3>{t('hsm.lists.eks')}</h3>
      {error && <Problem error={error} again={again} />}
      <Table
        label={t('hsm.lists.eks')}
        rows={value}
        keyOf={({ list }) => list}
        empty={t('hsm.lists.noEks')}
        rowsShown={6}
        columns={[
          { name: 'list', title: t('hsm.lists.list'), part: 2, cell: ({ list }) => list },
          { name: 'count', title: t('hsm.lists.count'), numeric: true, cell: ({ keys }) => number(keys) },
          { name: 'seen', title: t('hsm.lists.seen'), numeric: true, cell: ({ seen }) => number(seen) },
        ]}
      />
    </div>
  );
}
