import type { ReactElement } from 'react';
import { useSay } from '../say.ts';
import styles from './pin-pad.module.css';

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;

/** Digits for gloves: 20 mm each, 6 mm apart. The field that has the focus keeps it, so that keys and pad go together. */
export function PinPad({ value, onChange }: { value: string; onChange: (value: string) => void }): ReactElement {
  const { t } = useSay();
  return (
    <fieldset
      className={styles.pad}
      aria-label={t('people.pad')}
      onPointerDown={(event) => event.preventDefault()}
      data-pad="pin"
    >
      {digits.map((digit) => (
        <button key={digit} type="button" onClick={() => onChange(value + digit)}>
          {digit}
        </button>
      ))}
      <button type="button" aria-label={t('people.padDelete')} onClick={() => onChange(value.slice(0, -1))}>
        ⌫
      </button>
      <button type="button" aria-label={t('people.padClear')} onClick={() => onChange('')}>
        C
      </button>
    </fieldset>
  );
}
