import { type ReactElement, useState } from 'react';
import type { ParkedRow } from '../../../station-core/contract/record.ts';
import type { Comparison } from '../../../station-core/contract/sync-look.ts';
import { useSay } from '../../say.ts';
import { useAsk, useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Table } from '../../ui/table.tsx';
import styles from './cloud.module.css';
import { actionSaid, memberSaid } from './words.ts';

/** Entries that wait for a person, and what a person may decide of each. */
export function Parked(): ReactElement {
  const say = useSay();
  const { t, told } = say;
  const { screen } = useStation();
  const { value: rows = [], error, again } = useAsk('sync.parked', {}, JSON.stringify(screen.board?.backlog));
  const [open, setOpen] = useState<number>();
  const shown = rows.find(({ id }) => id === open);
  return (
    <Panel title={t('cloud.parked')}>
      <p>{t('cloud.parkedMeans')}</p>
      {error && <Problem error={error} again={again} />}
      <Table
        label={t('cloud.parked')}
        rows={rows}
        keyOf={({ id }) => id}
        onOpen={({ id }) => setOpen(id)}
        empty={t('cloud.noParked')}
        rowsShown={8}
        columns={[
          { name: 'id', title: t('cloud.id'), part: 2, cell: ({ registrationId }) => registrationId },
          { name: 'action', title: t('cloud.action'), part: 2, cell: ({ action }) => actionSaid(say, action) },
          { name: 'reason', title: t('cloud.reason'), part: 4, cell: ({ reason }) => told(reason) },
        ]}
      />
      {shown && <OneRow row={shown} onClose={() => setOpen(undefined)} />}
    </Panel>
  );
}

function OneRow({ row, onClose }: { row: ParkedRow; onClose: () => void }): ReactElement {
  const { t } = useSay();
  const { act } = useStation();
  const may = useMay();
  const { busy, error, run } = useDo();
  const [discarding, setDiscarding] = useState(false);
  const { id, registrationId, reason } = row;
  const retry = () =>
    run(async () => {
      await act('sync.retry', { row: id });
      onClose();
    });
  const discard = async () => {
    await act('sync.discard', { row: id });
    onClose();
  };
  const buttons = (
    <>
      <Button onPress={onClose}>{t('frame.close')}</Button>
      {may('sync.discard') && (
        <Button kind="danger" onPress={() => setDiscarding(true)}>
          {t('cloud.row.discard')}
        </Button>
      )}
      {may('sync.retry') && (
        <Button kind="main" busy={busy} onPress={retry}>
          {t('cloud.row.retry')}
        </Button>
      )}
    </>
  );
  return (
    <Dialog title={t('cloud.row.title', { id: registrationId })} buttons={buttons} onClose={onClose}>
      <Problem error={reason} />
      {reason.code === 'cloud.different' && row.action === 'create' && may('sync.compare') && (
        <Beside row={id} onReplaced={onClose} />
      )}
      {error && <Problem error={error} />}
      {discarding && (
        <Confirm
          title={t('cloud.row.discardTitle', { id: registrationId })}
          word={t('cloud.row.discard')}
          onConfirm={discard}
          onClose={() => setDiscarding(false)}
        >
          <p>{t('cloud.row.discardMeans')}</p>
        </Confirm>
      )}
    </Dialog>
  );
}

/** What is there beside what was wanted; two people may replace exactly that version. */
function Beside({ row, onReplaced }: { row: number; onReplaced: () => void }): ReactElement {
  const { t } = useSay();
  const { act } = useStation();
  const may = useMay();
  const { value, error, again } = useAsk('sync.compare', { row });
  const { busy, error: refused, run } = useDo();
  if (!value) return error ? <Problem error={error} again={again} /> : <p>{t('frame.asking')}</p>;
  const { etag, unchanged } = value;
  const replace = (exactly: string) =>
    run(async () => {
      await act('sync.replace', { row, etag: exactly });
      onReplaced();
    });
  return (
    <>
      <Members comparison={value} />
      {etag === undefined && <p>{t('cloud.row.gone')}</p>}
      {etag !== undefined && !unchanged && <p>{t('cloud.row.changed')}</p>}
      {etag !== undefined && unchanged && may('sync.replace') && (
        <>
          <p>{t('cloud.row.replaceMeans')}</p>
          <div>
            <Button kind="danger" busy={busy} onPress={() => replace(etag)}>
              {t('cloud.row.replace')}
            </Button>
          </div>
        </>
      )}
      {refused && <Problem error={refused} />}
    </>
  );
}

function Members({ comparison: { members, etag } }: { comparison: Comparison }): ReactElement {
  const say = useSay();
  const { t, dateTime } = say;
  const shown = (value: string) => (value === '' ? '–' : isTime.test(value) ? dateTime(value) : value);
  const differs = ({ ours, theirs }: (typeof members)[number]) => ours !== '' && ours !== theirs;
  return (
    <table className={styles.beside}>
      <caption>{t('cloud.row.compare')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('cloud.row.member')}</th>
          <th scope="col">{t('cloud.row.ours')}</th>
          <th scope="col">{t('cloud.row.theirs')}</th>
        </tr>
      </thead>
      <tbody>
        {members.map((member) => (
          <tr key={member.name} data-differs={differs(member)}>
            <th scope="row">{memberSaid(say, member.name)}</th>
            <td>{shown(member.ours)}</td>
            <td>{shown(member.theirs)}</td>
          </tr>
        ))}
        {etag !== undefined && (
          <tr>
            <th scope="row">{t('cloud.row.etag')}</th>
            <td>–</td>
            <td className={styles.code}>{etag}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** As the service writes times: with seven digits of a second. */
const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
