import type { ReactElement } from 'react';
import type { Mode } from '../../../station-core/contract/record.ts';
import { useSay } from '../../say.ts';
import styles from './setup.module.css';
import type { PageProps } from './setup.tsx';

const modes: readonly Mode[] = ['practice', 'production'];

/** What the station is for. */
export function ModePage({ answers, change }: PageProps): ReactElement {
  const { t } = useSay();
  return (
    <>
      <p>{t('setup.mode.about')}</p>
      <fieldset className={styles.choices} aria-label={t('setup.pages.mode')}>
        {modes.map((mode) => (
          <button
            key={mode}
            type="button"
            className={styles.choice}
            aria-pressed={answers.mode === mode}
            onClick={() => change({ mode })}
          >
            <strong>{t(`setup.mode.${mode}`)}</strong>
            <span>{t(`setup.mode.${mode}Means`)}</span>
          </button>
        ))}
      </fieldset>
    </>
  );
}
