import type { ReactElement } from 'react';
import { useSay } from '../say.ts';
import styles from './labels.module.css';

type LabelsProps = {
  readonly labels: readonly string[];
  readonly onScan: (label: string) => void;
  /** Whether somebody else says what they are for. */
  readonly bare: boolean;
};

/** The practice line's next labels, so that a newcomer without a scanner can try. */
export function Labels({ labels, onScan, bare }: LabelsProps): ReactElement {
  const { t } = useSay();
  return (
    <section className={styles.labels} aria-label={t('lanes.labels')}>
      {!bare && (
        <p className={styles.says}>
          <strong>{t('lanes.labels')}</strong>
          <span>{labels.length > 0 ? t('lanes.labelsMean') : t('lanes.noLabels')}</span>
        </p>
      )}
      <div className={styles.row}>
        {labels.map((label) => (
          <button key={label} type="button" onClick={() => onScan(label)}>
            {label}
          </button>
        ))}
      </div>
    </section>
  );
}
