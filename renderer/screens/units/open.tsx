import { type ReactElement, useCallback, useEffect, useState } from 'react';
import type { OpenUnit } from '../../../station-core/contract/after.ts';
import { useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Table } from '../../ui/table.tsx';

const pageLength = 200;

/** Units whose credential came to no end yet, page after page as they are scrolled to. */
export function OpenUnits({ onOpen }: { onOpen: (serial: string) => void }): ReactElement {
  const { t, dateTime } = useSay();
  const { client } = useStation();
  const { busy, error, run } = useDo();
  const [rows, setRows] = useState<readonly OpenUnit[]>([]);
  const [next, setNext] = useState<number | null>(0);
  const more = useCallback(() => {
    if (next === null) return;
    run(async () => {
      const page = await client.call('unit.open', { after: next, limit: pageLength });
      setRows((before) => [...before, ...page.rows.filter(({ unit }) => !before.some((one) => one.unit === unit))]);
      setNext(page.next);
    });
  }, [client, next, run]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first page alone is fetched by itself.
  useEffect(more, []);
  return (
    <Panel title={t('units.open.title')}>
      <p>{t('units.open.about')}</p>
      {error && <Problem error={error} again={more} />}
      <Table
        label={t('units.open.title')}
        rows={rows}
        keyOf={({ unit }) => unit}
        onOpen={({ serial }) => onOpen(serial)}
        empty={t('units.open.none')}
        rowsShown={8}
        onMore={next === null || rows.length === 0 || busy ? undefined : more}
        columns={[
          { name: 'serial', title: t('units.serial'), part: 2, cell: ({ serial }) => serial },
          { name: 'order', title: t('units.order'), part: 2, cell: ({ order }) => order },
          { name: 'state', title: t('units.state'), cell: ({ standing }) => t(`units.standings.${standing}`) },
          { name: 'since', title: t('units.open.made'), part: 2, cell: ({ since }) => dateTime(since) },
        ]}
      />
    </Panel>
  );
}
