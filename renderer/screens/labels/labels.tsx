import { type ReactElement, useState } from 'react';
import type { LabelsView, PrinterView, WaitingLabel } from '../../../station-core/contract/label.ts';
import { useSay } from '../../say.ts';
import { useAsk, useStation } from '../../station.ts';
import { Empty, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Table } from '../../ui/table.tsx';
import { Reprint } from './reprint.tsx';
import { TestLabel } from './test-label.tsx';

/** Labels of units: one more, those that wait for their printer, and the printers. */
export default function Labels(): ReactElement {
  const { screen } = useStation();
  const { t } = useSay();
  const { value, error, again } = useAsk('labels.look', {}, JSON.stringify(screen.board?.printing));
  const [wanted, setWanted] = useState<string>();
  const printers = value?.printers;
  return (
    <>
      <h1>{t('frame.places.labels')}</h1>
      {error && <Problem error={error} again={again} />}
      {printers?.length === 0 && <Empty>{t('labels.noPrinters')}</Empty>}
      {/* As soon as the last unit is known, before the printers are: the second of two quick keys prints. */}
      {screen.board && printers?.length !== 0 && (
        <Reprint key={wanted ?? ''} printers={printers ?? []} wanted={wanted} onAsked={again} />
      )}
      {value && value.printers.length > 0 && (
        <>
          <Waiting waiting={value.waiting} open={wanted} onOpen={setWanted} />
          <Printers look={value} />
          <TestLabel look={value} onPrinted={again} />
        </>
      )}
    </>
  );
}

type WaitingProps = {
  readonly waiting: readonly WaitingLabel[];
  /** The serial of the row that was pressed. */
  readonly open: string | undefined;
  readonly onOpen: (serial: string) => void;
};

function Waiting({ waiting, open, onOpen }: WaitingProps): ReactElement {
  const { t, told } = useSay();
  const shown = waiting.find(({ serial }) => serial === open);
  return (
    <Panel title={t('labels.waiting')}>
      <p>{t('labels.waitingMeans')}</p>
      <Table
        label={t('labels.waiting')}
        rows={waiting}
        keyOf={({ label }) => label}
        onOpen={({ serial }) => onOpen(serial)}
        empty={t('labels.noneWaits')}
        open={shown?.label}
        rowsShown={6}
        columns={[
          { name: 'serial', title: t('labels.serial'), part: 2, cell: ({ serial }) => serial },
          { name: 'order', title: t('labels.order'), part: 1.4, cell: ({ order }) => order },
          { name: 'printer', title: t('labels.printer'), part: 1.2, cell: ({ printer }) => printer ?? '–' },
          {
            name: 'why',
            title: t('labels.why'),
            part: 4,
            cell: ({ error }) => (error ? told(error) : t('labels.forPrinter')),
          },
        ]}
      />
      {shown?.error && <Problem error={shown.error} />}
    </Panel>
  );
}

function Printers({ look: { printers } }: { look: LabelsView }): ReactElement {
  const { t } = useSay();
  const whose = ({ lanes }: PrinterView): string => {
    if (!lanes) return t('labels.allLanes');
    return lanes.length === 0 ? t('labels.noLanes') : lanes.join(', ');
  };
  return (
    <Panel title={t('labels.printers')}>
      <Table
        label={t('labels.printers')}
        rows={printers}
        keyOf={({ name }) => name}
        empty=""
        rowsShown={6}
        columns={[
          { name: 'name', title: t('labels.printer'), part: 1.4, cell: ({ name }) => name },
          { name: 'kind', title: t('labels.kind'), cell: ({ kind }) => t(`labels.kinds.${kind}`) },
          { name: 'lanes', title: t('labels.lanes'), part: 1.4, cell: whose },
          {
            name: 'state',
            title: t('labels.state'),
            part: 4,
            cell: ({ error }) => error?.code ?? t('labels.fine'),
          },
        ]}
      />
      {printers.map(({ name, error }) => error && <Problem key={name} error={error} />)}
    </Panel>
  );
}
