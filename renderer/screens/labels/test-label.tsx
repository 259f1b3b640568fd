import { type ReactElement, useState } from 'react';
import type { LabelsView } from '../../../station-core/contract/label.ts';
import { useSay } from '../../say.ts';
import { useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './labels.module.css';

const named = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, name]));
const waitMs = 60_000;

/** A label that is nobody's, to see that a printer and a template are right. */
export function TestLabel({ look, onPrinted }: { look: LabelsView; onPrinted: () => void }): ReactElement | null {
  const { act } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const printers = look.printers.map(({ name }) => name);
  const [template, setTemplate] = useState(look.templates[0] ?? '');
  const [printer, setPrinter] = useState(printers[0] ?? '');
  const [done, setDone] = useState(false);
  if (!useMay()('label.test')) return null;
  const print = () =>
    run(async () => {
      setDone(false);
      await act('label.test', { template, printer }, { waitMs });
      setDone(true);
      onPrinted();
    });
  return (
    <Panel title={t('labels.test')}>
      <p>{t('labels.testMeans')}</p>
      <div className={styles.beside}>
        <Choice label={t('labels.template')} value={template} choices={named(look.templates)} onChange={setTemplate} />
        <Choice label={t('labels.printer')} value={printer} choices={named(printers)} onChange={setPrinter} />
        <Button busy={busy} disabled={template === ''} onPress={print}>
          {t('labels.printTest')}
        </Button>
      </div>
      <div className={styles.became}>
        {error && <Problem error={error} />}
        {done && <p role="status">{t('labels.testDone', { printer })}</p>}
      </div>
    </Panel>
  );
}
