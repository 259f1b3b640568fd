import { type ReactElement, useState } from 'react';
import { agrees, type Reconciled, verdicts } from '../../../station-core/contract/reconcile.ts';
import { longWaitMs, useProgress } from '../../long.ts';
import { useSay } from '../../say.ts';
import { useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, Tick } from '../../ui/field.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Progress } from '../../ui/progress.tsx';
import { Table } from '../../ui/table.tsx';

/** What stands for every order: no order can have this name, which is none. */
const every = '';

/** The records against the cloud, when a person asks. */
export function Compare(): ReactElement | null {
  const { t } = useSay();
  const { act, screen } = useStation();
  const may = useMay();
  const { busy, error, run } = useDo();
  const [order, setOrder] = useState(every);
  const [registrations, setRegistrations] = useState(false);
  const [found, setFound] = useState<Reconciled>();
  const read = useProgress('reconciling', busy)?.read ?? 0;
  if (!may('sync.reconcile')) return null;
  const orders = Object.fromEntries((screen.board?.orders ?? []).map(({ name }) => [name, name]));
  const compare = () =>
    run(async () => {
      const asked = { ...(order === every ? {} : { order }), registrations };
      setFound(await act('sync.reconcile', asked, { waitMs: longWaitMs }));
    });
  const buttons = (
    <Button kind="main" busy={busy} onPress={compare}>
      {t('cloud.compare.run')}
    </Button>
  );
  return (
    <Panel title={t('cloud.compare.title')} buttons={buttons}>
      <p>{t('cloud.compare.means')}</p>
      <Choice
        label={t('cloud.compare.order')}
        value={order}
        choices={{ [every]: t('cloud.compare.all'), ...orders }}
        onChange={setOrder}
      />
      <Tick
        label={t('cloud.compare.registrations')}
        means={t('cloud.compare.registrationsMean')}
        value={registrations}
        onChange={setRegistrations}
      />
      {busy && <Progress label={t('cloud.compare.running', { read })} done={0} total={undefined} />}
      {error && <Problem error={error} />}
      {found && !busy && <Found reconciled={found} />}
    </Panel>
  );
}

const fine: ReadonlySet<string> = new Set(['enrolled', 'by-group', 'gone', 'waiting']);

function Found({ reconciled }: { reconciled: Reconciled }): ReactElement {
  const { t, number } = useSay();
  const { counts, hubs, rows } = reconciled;
  return (
    <>
      <p role="status">
        <strong>{t(agrees(reconciled) ? 'cloud.compare.agrees' : 'cloud.compare.differs')}</strong>
      </p>
      <Facts facts={verdicts.map((one) => [t(`cloud.compare.verdicts.${one}`), number(counts[one])] as const)} />
      {Object.keys(hubs).length > 0 && (
        <>
          <h3>{t('cloud.compare.hubs')}</h3>
          <Facts facts={Object.entries(hubs).map(([hub, devices]) => [hub, number(devices)] as const)} />
        </>
      )}
      <Table
        label={t('cloud.compare.list')}
        rows={rows.filter(({ verdict }) => !fine.has(verdict))}
        keyOf={({ registrationId }) => registrationId}
        empty={t('cloud.compare.agrees')}
        columns={[
          { name: 'id', title: t('cloud.id'), part: 3, cell: ({ registrationId }) => registrationId },
          {
            name: 'verdict',
            title: t('cloud.compare.verdict'),
            part: 2,
            cell: ({ verdict }) => t(`cloud.compare.verdicts.${verdict}`),
          },
          { name: 'what', title: t('cloud.compare.what'), part: 2, cell: ({ what = '' }) => what },
          { name: 'order', title: t('cloud.order'), part: 2, cell: ({ order = '' }) => order },
        ]}
      />
    </>
  );
}
