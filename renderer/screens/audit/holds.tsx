import type { ReactElement } from 'react';
import { useSay } from '../../say.ts';
import { useAsk } from '../../station.ts';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Table } from '../../ui/table.tsx';

/** What is kept whatever period ends. */
export function Holds(): ReactElement {
  const { t, dateTime } = useSay();
  const { value: holds = [], error, again } = useAsk('privacy.holds', {});
  return (
    <Panel title={t('audit.holds.title')}>
      <p>{t('audit.holds.means')}</p>
      {error && <Problem error={error} again={again} />}
      <Table
        label={t('audit.holds.title')}
        rows={holds}
        keyOf={({ id }) => id}
        empty={t('audit.holds.none')}
        columns={[
          { name: 'id', title: t('audit.holds.number'), cell: ({ id }) => id },
          {
            name: 'scope',
            title: t('audit.holds.scope'),
            part: 2,
            cell: ({ scope }) => t(`audit.holds.scopes.${scope}`),
          },
          { name: 'name', title: t('audit.holds.name'), part: 2, cell: ({ name = '–' }) => name },
          { name: 'reason', title: t('audit.holds.reason'), part: 3, cell: ({ reason }) => reason },
          { name: 'placed', title: t('audit.holds.placed'), part: 2, cell: ({ placedAt }) => dateTime(placedAt) },
          {
            name: 'released',
            title: t('audit.holds.released'),
            part: 2,
            cell: ({ releasedAt }) => (releasedAt === undefined ? t('audit.holds.inForce') : dateTime(releasedAt)),
          },
        ]}
      />
    </Panel>
  );
}
