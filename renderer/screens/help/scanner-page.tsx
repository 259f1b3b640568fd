import { type ReactElement, useEffect, useState, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { labels } from '../../../station-core/contract/scanners.ts';
import { testLabel } from '../../../station-core/contract/test-label.ts';
import { useSay } from '../../say.ts';
import { useStation } from '../../station.ts';
import { Barcode } from '../../ui/barcode.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import styles from './scanner-page.module.css';

/** What a new scanner is set to, in the order in which it is done. */
const steps = ['keyboard', 'enter', 'prefix', 'test'] as const;

/** How a scanner is set up, the test barcode, and the barcodes that save a touch; all of it on paper, too. */
export function ScannerPage(): ReactElement {
  const { t } = useSay();
  const [printing, setPrinting] = useState(false);
  const print = <Button onPress={() => setPrinting(true)}>{t('help.scanner.print')}</Button>;
  return (
    <>
      <Panel title={t('help.scanner.title')} buttons={print}>
        <Instructions />
        <Tested />
      </Panel>
      <Panel title={t('help.scanner.barcodes')}>
        <Cards />
      </Panel>
      {printing && <Sheet onPrinted={() => setPrinting(false)} />}
    </>
  );
}

/** What this station expects of a scanner, and how it is set to that. */
function Instructions(): ReactElement {
  const { t } = useSay();
  const { screen } = useStation();
  const { prefix, checksum = 'none' } = screen.description?.scanning ?? {};
  return (
    <>
      <Facts
        facts={[
          [t('help.scanner.expects'), prefix === undefined ? t('help.scanner.nothing') : prefix],
          [t('settings.checksum'), t(`settings.checksums.${checksum}`)],
        ]}
      />
      <ol className={styles.steps}>
        {steps.map((step) => (
          <li key={step}>{t(`help.scanner.steps.${step}`)}</li>
        ))}
      </ol>
    </>
  );
}

/** What came of the test barcode, where it was the last scan. */
function Tested(): ReactElement {
  const { desk } = useStation();
  const { t } = useSay();
  const { last } = useSyncExternalStore(desk.desk.subscribe, desk.desk.get);
  const found = last?.fate.kind === 'test' ? last.fate.found : undefined;
  return (
    <p className={styles.tested} role="status">
      {found && t(`scans.test.${found.capsLock ? 'capsLock' : found.layout}`)}
    </p>
  );
}

/** Each barcode with what it does: the test, the commands, and one for each lane's fixture. */
function Cards(): ReactElement {
  const { t } = useSay();
  const { screen } = useStation();
  const lanes = screen.board?.lanes.map(({ lane }) => lane) ?? [];
  const cards: readonly (readonly [code: string, does: string])[] = [
    [testLabel, t('help.keys.barcodes.test.does')],
    [`${labels.command}CONFIRM`, t('help.keys.barcodes.confirm.does')],
    [`${labels.command}RETRY`, t('help.keys.barcodes.retry.does')],
    ...lanes.map((lane) => [`${labels.fixture}${lane}`, t('lanes.select', { lane })] as const),
  ];
  return (
    <ul className={styles.cards}>
      {cards.map(([code, does]) => (
        <li key={code}>
          <strong>{does}</strong>
          <Barcode text={code} />
          <code>{code}</code>
        </li>
      ))}
    </ul>
  );
}

/** The same for the printer alone; opens the print dialog. */
function Sheet({ onPrinted }: { onPrinted: () => void }): ReactElement {
  const { t } = useSay();
  useEffect(() => {
    window.addEventListener('afterprint', onPrinted, { once: true });
    window.print();
    return () => window.removeEventListener('afterprint', onPrinted);
  }, [onPrinted]);
  return createPortal(
    <div className={styles.sheet} data-print="barcodes">
      <h1>{t('help.scanner.title')}</h1>
      <Instructions />
      <Cards />
    </div>,
    document.body,
  );
}
