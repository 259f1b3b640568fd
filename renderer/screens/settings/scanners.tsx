import { type ReactElement, useState } from 'react';
import type { Checksum, Ending } from '../../../station-core/contract/scanners.ts';
import { ownersOf } from '../../lanes-of.ts';
import { useSay } from '../../say.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
import { FindPort } from '../../ui/find-port.tsx';
import { Panel } from '../../ui/panel.tsx';
import { newScanner, type ScannerDraft, scannerOf } from './scanner-draft.ts';
import styles from './settings.module.css';
import type { OthersProps } from './settings.tsx';

/** As many as `station.json` takes. */
const most = 8;

/** What scanners that type send, the rule that serials keep, and scanners at serial ports. */
export function Scanners({ draft, change, wrong }: OthersProps): ReactElement {
  const { t } = useSay();
  const { scanners } = draft;
  const [finding, setFinding] = useState<number>();
  const put = (index: number, part: Partial<ScannerDraft>) =>
    change({ scanners: scanners.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  return (
    <Panel title={t('settings.scanners')}>
      <Typing draft={draft} change={change} wrong={wrong} />
      {scanners.length === 0 && <p>{t('settings.noScanner')}</p>}
      {scanners.map((scanner, index) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: a scanner's number is its place in the list.
          key={index}
          number={String(index + 1)}
          scanner={scanner}
          onChange={(part) => put(index, part)}
          onFind={() => setFinding(index)}
          onRemove={() => change({ scanners: scanners.filter((_, at) => at !== index) })}
        />
      ))}
      <div>
        <Button disabled={scanners.length === most} onPress={() => change({ scanners: [...scanners, newScanner] })}>
          {t('settings.add')}
        </Button>
      </div>
      <p className={styles.wrong} role="status">
        {wrong.scanners && t(`settings.wrongScanners.${wrong.scanners}`)}
      </p>
      {finding !== undefined && (
        <FindPort
          of={{ kind: 'scanner', number: finding + 1 }}
          owners={ownersOf(draft.lanes, scanners.map(scannerOf))}
          onFound={({ path }) => {
            put(finding, { path });
            setFinding(undefined);
          }}
          onClose={() => setFinding(undefined)}
        />
      )}
    </Panel>
  );
}

function Typing({ draft, change, wrong }: OthersProps): ReactElement {
  const { t } = useSay();
  const choices: Readonly<Record<Checksum, string>> = {
    none: t('settings.checksums.none'),
    mod10: t('settings.checksums.mod10'),
    'mod37-36': t('settings.checksums.mod37-36'),
  };
  return (
    <>
      <p>{t('settings.scannersAbout')}</p>
      <div className={styles.beside}>
        <TextField
          label={t('settings.prefix')}
          means={t('settings.prefixMeans')}
          value={draft.prefix}
          error={wrong.prefix && t('settings.prefixWrong')}
          onChange={(prefix) => change({ prefix })}
          rest={{ maxLength: 8 }}
        />
        <Choice
          label={t('settings.checksum')}
          means={t('settings.checksumMeans')}
          value={draft.checksum}
          choices={choices}
          onChange={(checksum) => change({ checksum })}
        />
      </div>
    </>
  );
}

type RowProps = {
  readonly number: string;
  readonly scanner: ScannerDraft;
  readonly onChange: (part: Partial<ScannerDraft>) => void;
  readonly onFind: () => void;
  readonly onRemove: () => void;
};

function Row({
  number: scanner,
  scanner: { path, baud, prefix, ending },
  onChange,
  onFind,
  onRemove,
}: RowProps): ReactElement {
  const { t } = useSay();
  const endings: Readonly<Record<Ending, string>> = {
    line: t('settings.endings.line'),
    tab: t('settings.endings.tab'),
    etx: t('settings.endings.etx'),
  };
  return (
    <fieldset className={styles.scanner}>
      <legend>{t('settings.scanner', { scanner })}</legend>
      <TextField
        label={t('settings.port', { scanner })}
        value={path}
        onChange={(value) => onChange({ path: value })}
        rest={{ maxLength: 4_096 }}
      />
      <TextField
        label={t('settings.baud', { scanner })}
        type="number"
        value={baud}
        onChange={(value) => onChange({ baud: value })}
        rest={{ min: 9_600, max: 3_000_000 }}
      />
      <TextField
        label={t('settings.before', { scanner })}
        means={t('settings.beforeMeans')}
        value={prefix}
        onChange={(value) => onChange({ prefix: value })}
        rest={{ maxLength: 32 }}
      />
      <Choice
        label={t('settings.ending', { scanner })}
        value={ending}
        choices={endings}
        onChange={(value) => onChange({ ending: value })}
      />
      <Button label={t('settings.findFor', { scanner })} onPress={onFind}>
        {t('setup.lanes.find')}
      </Button>
      <Button onPress={onRemove}>{t('settings.remove', { scanner })}</Button>
    </fieldset>
  );
}
