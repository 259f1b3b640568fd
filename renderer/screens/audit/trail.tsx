import { type ReactElement, useState } from 'react';
import type { AuditView, CheckpointView, Compared } from '../../../station-core/contract/audit-anchors.ts';
import type { ErrorData } from '../../../station-core/contract/errors.ts';
import type { AuditReport } from '../../../station-core/contract/record.ts';
import { longWaitMs, useProgress } from '../../long.ts';
import { useSay } from '../../say.ts';
import { useAsk, useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Progress } from '../../ui/progress.tsx';
import { Shape } from '../../ui/shapes.tsx';
import { Table } from '../../ui/table.tsx';
import styles from './audit.module.css';
import { fillOf, Mark } from './mark.tsx';

/** How the trail stands: its heads, whether it holds, and who else keeps a copy of the newest one. */
export function Trail(): ReactElement {
  const { screen } = useStation();
  const { value, error, again } = useAsk('audit.anchors', {}, JSON.stringify(screen.board?.audit));
  const may = useMay();
  return (
    <>
      {error && <Problem error={error} again={again} />}
      {value && <Standing view={value} onSigned={again} />}
      <div className={styles.panels}>
        {may('audit.verify') && <Verify />}
        {may('audit.compare') && <Compare onCompared={again} />}
      </div>
      {value && <Anchors anchors={value.anchors} />}
    </>
  );
}

function Standing({ view, onSigned }: { view: AuditView; onSigned: () => void }): ReactElement {
  const { t, number } = useSay();
  const { act } = useStation();
  const may = useMay();
  const { busy, error, run } = useDo();
  const [signed, setSigned] = useState<CheckpointView>();
  const { stopped, head, unsealed } = view;
  const sign = (shiftEnd: boolean) =>
    run(async () => {
      setSigned(await act('audit.checkpoint', { shiftEnd }));
      onSigned();
    });
  const buttons = may('audit.checkpoint') && !stopped && (
    <>
      <Button busy={busy} onPress={() => sign(false)}>
        {t('audit.trail.sign')}
      </Button>
      <Button kind="main" busy={busy} onPress={() => sign(true)}>
        {t('audit.trail.shift')}
      </Button>
    </>
  );
  return (
    <Panel title={t('audit.trail.title')} buttons={buttons}>
      {stopped ? <Stopped error={stopped} /> : <p role="status">{t('audit.trail.holds')}</p>}
      {error && !stopped && <Problem error={error} />}
      <Facts
        facts={[
          [t('audit.trail.size'), head ? number(head.size) : t('audit.trail.noHead')],
          [t('audit.trail.unsealed'), number(unsealed)],
          [t('audit.trail.root'), head && <span className={styles.code}>{head.root}</span>],
        ]}
      />
      <p className={styles.note}>{t('audit.trail.shiftMeans')}</p>
      {signed && <Signed head={signed} />}
    </Panel>
  );
}

/** Nothing else on the screen is as large. */
function Stopped({ error }: { error: ErrorData }): ReactElement {
  const { t } = useSay();
  const { act } = useStation();
  const may = useMay();
  const [deciding, setDeciding] = useState(false);
  const { size, root } = error.details;
  const other = typeof size === 'number' && typeof root === 'string' && { size, root };
  return (
    <>
      <div className={styles.standing} data-look="errored" role="alert">
        <Shape look="errored" className={styles.shape} />
        <div>
          <p className={styles.stopped}>{t('audit.trail.stopped')}</p>
          <p>{t('audit.trail.stoppedDo')}</p>
        </div>
      </div>
      <Problem error={error} />
      {other && may('audit.reconcile') && (
        <div>
          <Button kind="danger" onPress={() => setDeciding(true)}>
            {t('audit.trail.reconcile')}
          </Button>
        </div>
      )}
      {other && deciding && (
        <Confirm
          title={t('audit.trail.reconcileTitle')}
          word={t('audit.trail.reconcile')}
          onConfirm={async () => {
            await act('audit.reconcile', other);
          }}
          onClose={() => setDeciding(false)}
        >
          <p>{t('audit.trail.reconcileMeans')}</p>
        </Confirm>
      )}
    </>
  );
}

function Signed({ head: { code, key, size } }: { head: CheckpointView }): ReactElement {
  const { t, number } = useSay();
  return (
    <section className={styles.entry} aria-label={t('audit.trail.code')}>
      <p>
        {t('audit.trail.code')} · {t('audit.trail.size')}: {number(size)}
      </p>
      <p className={styles.bookCode} data-code={code}>
        {code}
      </p>
      <p className={styles.note}>{t('audit.trail.codeMeans')}</p>
      <Facts
        facts={[
          [
            t('audit.proof.key'),
            <span key="key" className={styles.code}>
              {key}
            </span>,
          ],
        ]}
      />
    </section>
  );
}

function Verify(): ReactElement {
  const { t } = useSay();
  const { act } = useStation();
  const { busy, error, run } = useDo();
  const [report, setReport] = useState<AuditReport>();
  const told = useProgress('reading', busy);
  const verify = () =>
    run(async () => {
      setReport(undefined);
      setReport(await act('audit.verify', {}, { waitMs: longWaitMs }));
    });
  const buttons = (
    <Button kind="main" busy={busy} onPress={verify}>
      {t('audit.trail.verify')}
    </Button>
  );
  return (
    <Panel title={t('audit.trail.verifyTitle')} buttons={buttons}>
      <p>{t('audit.trail.verifyMeans')}</p>
      {busy && <Progress label={t('audit.trail.checking')} done={told?.done ?? 0} total={told?.total} />}
      {error && <Problem error={error} />}
      {report && <Report report={report} />}
    </Panel>
  );
}

function Report({ report: { ok, entries, sealed, problem } }: { report: AuditReport }): ReactElement {
  const { t } = useSay();
  const look = ok ? 'holds' : 'errored';
  return (
    <div className={styles.standing} data-look={fillOf[look]} data-holds={ok} role={ok ? 'status' : 'alert'}>
      <Mark look={look} />
      <div>
        {ok && <p>{t('audit.trail.ok', { entries, sealed })}</p>}
        {problem && <p>{t('audit.trail.bad', { ...problem })}</p>}
        {!ok && <p>{t('audit.proof.brokenDo')}</p>}
      </div>
    </div>
  );
}

/** A code is one line without the three lines and the signatures of a checkpoint. */
const shownHead = (text: string) =>
  text.includes('\n') ? { note: text.endsWith('\n') ? text : `${text}\n` } : { code: text.trim() };

function Compare({ onCompared }: { onCompared: () => void }): ReactElement {
  const { t } = useSay();
  const { act } = useStation();
  const { busy, error, run } = useDo();
  const [text, setText] = useState('');
  const [compared, setCompared] = useState<Compared>();
  const compare = () =>
    run(async () => {
      setCompared(undefined);
      try {
        setCompared(await act('audit.compare', shownHead(text)));
      } finally {
        onCompared(); // one that is not the log's stops it
      }
    });
  return (
    <Panel title={t('audit.trail.compare')}>
      <p>{t('audit.trail.compareMeans')}</p>
      <TextArea label={t('audit.trail.compareWhat')} value={text} onChange={setText} rows={3} maxLength={8_192} />
      <div>
        <Button kind="main" busy={busy} disabled={text.trim() === ''} onPress={compare}>
          {t('audit.trail.compareRun')}
        </Button>
      </div>
      {error && <Problem error={error} />}
      {compared && (
        <p role="status">
          <strong>
            {compared.verdict === 'same'
              ? t('audit.trail.same', { size: compared.size, entries: compared.entries })
              : t('audit.trail.left')}
          </strong>
        </p>
      )}
    </Panel>
  );
}

type AnchorsProps = { readonly anchors: readonly { readonly name: string; readonly problem?: string }[] };

function Anchors({ anchors }: AnchorsProps): ReactElement {
  const { t } = useSay();
  return (
    <Panel title={t('audit.trail.anchors')}>
      <Table
        label={t('audit.trail.anchors')}
        rows={anchors}
        keyOf={({ name }) => name}
        empty={t('audit.trail.noAnchors')}
        rowsShown={6}
        columns={[
          { name: 'name', title: t('audit.trail.anchor'), part: 2, cell: ({ name }) => lastName(name) },
          {
            name: 'state',
            title: t('audit.trail.anchorState'),
            part: 3,
            cell: ({ problem }) => problem ?? t('audit.trail.anchorOk'),
          },
        ]}
      />
    </Panel>
  );
}

/** Of a folder's path the last name: no whole path stands on a screen. */
const lastName = (name: string): string =>
  name.replaceAll(/(?:[A-Za-z]:)?(?:[/\\][^\s/\\:]+){2,}/g, (path) => path.split(/[/\\]/).at(-1) ?? '');
