import type { ReactElement } from 'react';
import { useSay } from '../say.ts';
import styles from './labels.module.css';

/** As many as fit the smallest screen beside their sentence. */
const shown = 6;

/** The practice line's next labels, so that a newcomer without a scanner can try. */
export function Labels(props: { labels: readonly string[]; onScan: (label: string) => void }): ReactElement {
  const { labels, onScan } = props;
  const { t } = useSay();
  return (
    <section className={styles.labels} aria-label={t('lanes.labels')}>
      <p className={styles.says}>
        <strong>{t('lanes.labels')}</strong>
        <span>{labels.length > 0 ? t('lanes.labelsMean') : t('lanes.noLabels')}</span>
      </p>
      <div className={styles.row}>
        {labels.slice(0, shown).map((label) => (
          <button key={label} type="button" onClick={() => onScan(label)}>
            {label}
          </button>
        ))}
      </div>
    </section>
  );
}
