import type { ReactElement } from 'react';
import type { ErrorData } from '../../station-core/contract/errors.ts';
import { text } from '../text.ts';
import { Shape } from '../ui/shapes.tsx';
import styles from './notice.module.css';

/** Stands where the lanes cannot be shown yet: what is going on, and what went wrong. */
export function Notice({ says, problem }: { says: string; problem?: ErrorData | undefined }): ReactElement {
  return (
    <main className={styles.screen}>
      <div className={styles.notice} role="status">
        <Shape look={problem ? 'aborted' : 'busy'} className={styles.shape} />
        <p>{says}</p>
        {problem && (
          <p>
            {text.told(problem)} <code>{problem.code}</code>
          </p>
        )}
      </div>
    </main>
  );
}
