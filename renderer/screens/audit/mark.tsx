import type { ReactElement } from 'react';
import { Shape } from '../../ui/shapes.tsx';
import styles from './audit.module.css';

/** Holds, cannot be said, does not hold. PASS and its green are for units alone, so that what holds has a plain tick. */
export function Mark({ look }: { look: 'holds' | 'aborted' | 'failed' | 'errored' }): ReactElement {
  if (look !== 'holds') return <Shape look={look} className={styles.shape} />;
  return (
    <svg viewBox="0 0 100 100" className={styles.shape} aria-hidden="true">
      <path
        d="M18 54l22 24 42-54"
        fill="none"
        stroke="currentColor"
        strokeWidth="13"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** The colours that each is drawn in. */
export const fillOf = { holds: 'busy', aborted: 'aborted', failed: 'failed', errored: 'errored' } as const;
