import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import type { AskedLabel, PrinterView } from '../../../station-core/contract/label.ts';
import { useSay } from '../../say.ts';
import { useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './labels.module.css';
import { lastPassed } from './last-passed.ts';

type Props = {
  readonly printers: readonly PrinterView[];
  /** The unit that somebody pressed in the list. */
  readonly wanted: string | undefined;
  readonly onAsked: () => void;
};

/** The printer waits for up to half a minute for its own label, and others may be before it. */
const waitMs = 120_000;

/** One more label of a unit: the one that passed last, unless somebody names another. */
export function Reprint({ printers, wanted, onAsked }: Props): ReactElement | null {
  const { screen, desk, act } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [serial, setSerial] = useState(
    () => wanted ?? lastPassed(screen.board?.lanes ?? [], desk.desk.get().selected) ?? '',
  );
  const [printer, setPrinter] = useState('');
  const [asked, setAsked] = useState<AskedLabel & { readonly serial: string }>();
  const form = useRef<HTMLFormElement>(null);
  // Enter prints at once: whoever comes from the lanes has the label off the unit in their hand.
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  if (!useMay()('label.reprint')) return null;
  const unit = serial.trim();
  const print = () =>
    run(async () => {
      setAsked(undefined);
      const named = printer === '' ? {} : { printer };
      setAsked({ serial: unit, ...(await act('label.reprint', { serial: unit, ...named }, { waitMs })) });
      onAsked();
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && unit !== '') print();
  };
  return (
    <Panel title={t('labels.again')}>
      <p>{t('labels.againMeans')}</p>
      <form ref={form} className={styles.beside} onSubmit={submit}>
        <TextField label={t('labels.serial')} value={serial} onChange={setSerial} rest={{ maxLength: 128 }} />
        <Choice
          label={t('labels.printer')}
          value={printer}
          choices={{ '': t('labels.asRecipe'), ...Object.fromEntries(printers.map(({ name }) => [name, name])) }}
          onChange={setPrinter}
        />
        <Button kind="main" busy={busy} disabled={unit === ''} onPress={print}>
          {t('labels.print')}
        </Button>
      </form>
      <div className={styles.became}>
        {error && <Problem error={error} />}
        {asked && (
          <p role="status">
            {t(asked.state === 'printed' ? 'labels.cameOut' : 'labels.waits', {
              serial: asked.serial,
              copy: asked.copy,
              printer: asked.printer,
            })}
          </p>
        )}
        {asked?.error && <Problem error={asked.error} />}
      </div>
    </Panel>
  );
}
