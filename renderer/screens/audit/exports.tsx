import { type ReactElement, useState } from 'react';
import { type ExportKind, type ExportView, exportKinds } from '../../../station-core/contract/audit.ts';
import { longWaitMs, useProgress } from '../../long.ts';
import { useSay } from '../../say.ts';
import { useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, TextField, Tick } from '../../ui/field.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Progress } from '../../ui/progress.tsx';
import styles from './audit.module.css';
import { formats, type Given, nothing, requestOf } from './export-request.ts';

/** Evidence for somebody who trusts nobody: written into the station's folder, with its proofs. */
export function Exports(): ReactElement {
  const { t } = useSay();
  const { act } = useStation();
  const may = useMay();
  const { busy, error, run } = useDo();
  const [format, setFormat] = useState<ExportKind>('jsonl');
  const [given, setGiven] = useState(nothing);
  const [named, setNamed] = useState(false);
  const [done, setDone] = useState<ExportView>();
  const told = useProgress('reading', busy);
  const { names } = formats[format];
  const write = () =>
    run(async () => {
      setDone(undefined);
      const request = requestOf(format, given);
      const method = named && names ? 'audit.exportNamed' : 'audit.export';
      setDone(await act(method, request, { waitMs: longWaitMs }));
    });
  const words = Object.fromEntries(exportKinds.map((kind) => [kind, t(`audit.exports.formats.${kind}`)]));
  return (
    <Panel title={t('audit.exports.title')}>
      <Choice
        label={t('audit.exports.format')}
        value={format}
        choices={words as Record<ExportKind, string>}
        onChange={setFormat}
      />
      <Filter format={format} given={given} onChange={setGiven} />
      {names && may('audit.exportNamed') && <Tick label={t('audit.exports.named')} value={named} onChange={setNamed} />}
      <div>
        <Button kind="main" busy={busy} disabled={format === 'unit' && given.unit.trim() === ''} onPress={write}>
          {t('audit.exports.run')}
        </Button>
      </div>
      {busy && <Progress label={t('audit.exports.writing')} done={told?.done ?? 0} total={told?.total} />}
      {error && <Problem error={error} />}
      {done && <Done view={done} />}
    </Panel>
  );
}

type FilterProps = {
  readonly format: ExportKind;
  readonly given: Given;
  readonly onChange: (given: Given) => void;
};

function Filter({ format, given, onChange }: FilterProps): ReactElement {
  const { t } = useSay();
  const { times, which } = formats[format];
  const set = (name: keyof Given) => (value: string) => onChange({ ...given, [name]: value });
  if (!which) return <p>{t('audit.exports.whole')}</p>;
  return (
    <>
      {format === 'unit' && <p>{t('audit.exports.ofUnit')}</p>}
      <div className={styles.form}>
        <TextField label={t('audit.search.unit')} value={given.unit} onChange={set('unit')} rest={{ maxLength: 128 }} />
        <TextField
          label={t('audit.search.order')}
          value={given.order}
          onChange={set('order')}
          rest={{ maxLength: 80 }}
        />
        {times && (
          <>
            <TextField label={t('audit.search.from')} type="datetime-local" value={given.from} onChange={set('from')} />
            <TextField label={t('audit.search.to')} type="datetime-local" value={given.to} onChange={set('to')} />
          </>
        )}
      </div>
    </>
  );
}

function Done({ view }: { view: ExportView }): ReactElement {
  const { t, number } = useSay();
  const { folder, manifest, entries, entry, proven, problems } = view;
  return (
    <section className={styles.entry} aria-label={t('audit.exports.folder')} data-folder={folder}>
      <p role="status">
        <strong>{t('audit.exports.done')}</strong> {t(proven ? 'audit.exports.proven' : 'audit.exports.unproven')}
      </p>
      <Facts
        facts={[
          [t('audit.exports.folder'), folder],
          [t('audit.exports.entries'), number(entries)],
          [t('audit.exports.entry'), number(entry)],
          [
            t('audit.exports.manifest'),
            <span key="manifest" className={styles.code}>
              {manifest}
            </span>,
          ],
        ]}
      />
      <p className={styles.code}>{t('audit.exports.check', { folder })}</p>
      {problems.length > 0 && (
        <>
          <p role="alert">
            <strong>{t('audit.exports.problems')}</strong>
          </p>
          <ul className={styles.list}>
            {problems.map(({ what, where }) => (
              <li key={`${where} ${what}`}>
                {where}: {what}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
