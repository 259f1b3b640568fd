import type { ReactElement } from 'react';
import { useSay } from '../say.ts';
import styles from './not-listening.module.css';
import { Shape } from './shapes.tsx';

/** Full width over everything, while keys go elsewhere; a click anywhere brings them back. */
export function NotListening(): ReactElement {
  const { t } = useSay();
  return (
    <div className={styles.bar} role="alert">
      <Shape look="aborted" className={styles.shape} />
      <strong>{t('lanes.notListening')}</strong>
      <span>{t('lanes.notListeningMeans')}</span>
    </div>
  );
}
