import { type ReactElement, useState } from 'react';
import type { BundleView, MadeBundle, TakenReceipts } from '../../../station-core/contract/bundle.ts';
import { largestCarried } from '../../../station-core/contract/bundle.ts';
import { StationError } from '../../../station-core/contract/errors.ts';
import { handOut } from '../../hand-out.ts';
import { longWaitMs } from '../../long.ts';
import { useSay } from '../../say.ts';
import { useAsk, useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { ChooseFile } from '../../ui/choose-file.tsx';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Table } from '../../ui/table.tsx';
import { Applier } from './applier.tsx';

const days = { default: 14, most: 90 } as const;

/** The file that a bundle is carried in. */
const fileOf = ({ sequence }: BundleView): string => `birthmark-${sequence}.bundle`;

/** What is carried to a machine with a network, and what came back. */
export function Gap(): ReactElement {
  const { t, date, dateTime } = useSay();
  const { act } = useStation();
  const may = useMay();
  const { value: bundles = [], error, again } = useAsk('bundle.list', {});
  const { busy, error: refused, run } = useDo();
  const [made, setMade] = useState<MadeBundle>();
  const take = async (one: Promise<MadeBundle>) => {
    const { bundle, text, left } = await one;
    handOut(fileOf(bundle), text);
    setMade({ bundle, text: '', left });
    again();
  };
  const writeAgain = ({ sequence, state }: BundleView) => {
    if (state !== 'open' || !may('bundle.again')) return;
    run(() => take(act('bundle.again', { sequence }, { waitMs: longWaitMs })));
  };
  return (
    <>
      <Panel title={t('cloud.gap.title')}>
        <p>{t('cloud.gap.means')}</p>
        {may('bundle.make') && (
          <Make
            busy={busy}
            onMake={(good) => run(() => take(act('bundle.make', { days: good }, { waitMs: longWaitMs })))}
          />
        )}
        {refused && <Problem error={refused} />}
        {made && (
          <p role="status">
            {t('cloud.gap.made', { sequence: String(made.bundle.sequence), file: fileOf(made.bundle) })}{' '}
            {t('cloud.gap.left', { left: made.left })}
          </p>
        )}
        {error && <Problem error={error} again={again} />}
        <p>{t('cloud.gap.opens')}</p>
        <Table
          label={t('cloud.gap.list')}
          rows={bundles}
          keyOf={({ sequence }) => sequence}
          onOpen={writeAgain}
          empty={t('cloud.gap.none')}
          rowsShown={8}
          columns={[
            { name: 'sequence', title: t('cloud.gap.sequence'), numeric: true, cell: ({ sequence }) => sequence },
            {
              name: 'state',
              title: t('cloud.gap.state'),
              part: 2,
              cell: ({ state }) => t(`cloud.gap.states.${state}`),
            },
            {
              name: 'rows',
              title: t('cloud.gap.rows'),
              part: 6,
              cell: ({ rows }) => t('cloud.gap.rowsAre', { ...rows }),
            },
            { name: 'applier', title: t('cloud.gap.applier'), part: 2, cell: ({ applier }) => applier },
            { name: 'made', title: t('cloud.gap.madeAt'), part: 2, cell: ({ madeAt }) => dateTime(madeAt) },
            { name: 'expires', title: t('cloud.gap.expires'), part: 2, cell: ({ expiresAt }) => date(expiresAt) },
          ]}
        />
      </Panel>
      {may('bundle.receipts') && <Receipts onTaken={again} />}
      <Applier />
    </>
  );
}

function Make({ busy, onMake }: { busy: boolean; onMake: (days: number) => void }): ReactElement {
  const { t } = useSay();
  const [given, setGiven] = useState(String(days.default));
  const good = Number(given);
  const fits = Number.isInteger(good) && good >= 1 && good <= days.most;
  return (
    <>
      <TextField
        label={t('cloud.gap.days')}
        type="number"
        value={given}
        onChange={setGiven}
        rest={{ min: 1, max: days.most, step: 1 }}
      />
      <div>
        <Button kind="main" busy={busy} disabled={!fits} onPress={() => onMake(good)}>
          {t('cloud.gap.make')}
        </Button>
      </div>
    </>
  );
}

function Receipts({ onTaken }: { onTaken: () => void }): ReactElement {
  const { t } = useSay();
  const { act } = useStation();
  const { error, run } = useDo();
  const [taken, setTaken] = useState<TakenReceipts>();
  const take = (file: File) =>
    run(async () => {
      setTaken(undefined);
      const { size } = file;
      if (size > largestCarried) {
        const details = { place: file.name, expected: `at most ${largestCarried} bytes`, found: `${size}` };
        throw new StationError('input.invalid', details);
      }
      setTaken(await act('bundle.receipts', { text: await file.text() }, { waitMs: longWaitMs }));
      onTaken();
    });
  return (
    <Panel title={t('cloud.gap.receipts')}>
      <div>
        <ChooseFile word={t('cloud.gap.choose')} onFile={(file) => file && take(file)} />
      </div>
      {error && <Problem error={error} />}
      {taken && <p role="status">{t('cloud.gap.taken', { ...taken, sequence: String(taken.bundle.sequence) })}</p>}
    </Panel>
  );
}
