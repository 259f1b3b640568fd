import { type ReactElement, useEffect, useState } from 'react';
import type { BackupStage, Backups, BackupView } from '../../../station-core/contract/backup.ts';
import { useSay } from '../../say.ts';
import { useAsk, useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Progress } from '../../ui/progress.tsx';
import { Table } from '../../ui/table.tsx';
import styles from './backup.module.css';

/** A large station is copied, read back and checked; whoever waits sees how far it is. */
const makingMs = 60 * 60_000;

/** Backups: made beside the running station, listed, and how one is put back. */
export default function Backup(): ReactElement {
  const { client } = useStation();
  const may = useMay();
  const { t, dateTime } = useSay();
  const { value, error, again } = useAsk('backup.list', {});
  const making = useDo();
  const [made, setMade] = useState<BackupView>();
  const make = () =>
    making.run(async () => {
      setMade(undefined);
      setMade(await client.call('backup.make', {}, { waitMs: makingMs }));
      again();
    });
  const button = (
    <Button kind="main" busy={making.busy} onPress={make}>
      {t('backup.make')}
    </Button>
  );
  return (
    <>
      <h1>{t('backup.title')}</h1>
      <Panel title={t('backup.new')} buttons={may('backup.make') ? button : undefined}>
        <p>{t('backup.about')}</p>
        <div className={styles.going}>
          {making.busy && <Stage />}
          {making.error && <Problem error={making.error} />}
          {made && <p role="status">{t('backup.made', { name: made.name, at: dateTime(made.madeAt) })}</p>}
        </div>
      </Panel>
      {error && <Problem error={error} again={again} />}
      {value && <Listed listed={value} />}
      <Panel title={t('backup.restore')}>
        <p>{t('backup.restoreMeans')}</p>
        <p>
          <code>birthmark restore BACKUP --station FOLDER --replace</code>
        </p>
        <p>{t('backup.restoreAfter')}</p>
      </Panel>
    </>
  );
}

/** What the making does right now, and how far it is. */
function Stage(): ReactElement {
  const { client } = useStation();
  const { t } = useSay();
  const [now, setNow] = useState<{ stage: BackupStage; done: number; total: number }>();
  useEffect(
    () =>
      client.onProgress((progress) => {
        if (progress.type === 'backup') setNow(progress);
      }),
    [client],
  );
  const { stage = 'copying', done = 0, total = 0 } = now ?? {};
  return (
    <Progress key={stage} label={t(`backup.stages.${stage}`)} done={done} total={total === 0 ? undefined : total} />
  );
}

function Listed({ listed: { folder, backups, unread } }: { listed: Backups }): ReactElement {
  const { t, dateTime, number } = useSay();
  return (
    <Panel title={t('backup.list')}>
      <p>{folder === null ? t('backup.ownFolder') : t('backup.folder', { folder })}</p>
      <Table
        label={t('backup.list')}
        rows={backups}
        keyOf={({ name }) => name}
        empty={t('backup.none')}
        rowsShown={8}
        columns={[
          { name: 'name', title: t('backup.name'), part: 3, cell: ({ name }) => name },
          { name: 'madeAt', title: t('backup.madeAt'), part: 1.6, cell: ({ madeAt }) => dateTime(madeAt) },
          {
            name: 'size',
            title: t('backup.size'),
            numeric: true,
            cell: ({ bytes }) => t('backup.mb', { mb: number(Math.ceil(bytes / 1_000_000)) }),
          },
          { name: 'entries', title: t('backup.entries'), numeric: true, cell: ({ entries }) => number(entries) },
          {
            name: 'expires',
            title: t('backup.expires'),
            part: 1.6,
            cell: ({ expires }) => (expires === undefined ? '–' : dateTime(expires)),
          },
        ]}
      />
      {unread.length > 0 && <p>{t('backup.unread', { names: unread.join(', ') })}</p>}
    </Panel>
  );
}
