import type { ReactElement } from 'react';
import { text } from '../text.ts';
import styles from './not-listening.module.css';
import { Shape } from './shapes.tsx';

/** Full width over everything, while keys go elsewhere; a click anywhere brings them back. */
export function NotListening(): ReactElement {
  return (
    <div className={styles.bar} role="alert">
      <Shape look="aborted" className={styles.shape} />
      <strong>{text.notListening}</strong>
      <span>{text.notListeningMeans}</span>
    </div>
  );
}
