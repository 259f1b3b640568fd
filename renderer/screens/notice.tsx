import type { ReactElement } from 'react';
import type { ErrorData } from '../../station-core/contract/errors.ts';
import { useSay } from '../say.ts';
import { Problem } from '../ui/problem.tsx';
import { Shape } from '../ui/shapes.tsx';
import styles from './notice.module.css';

type Says =
  | { readonly what: 'noToken' | 'connectingTo' | 'notOpened' }
  | { readonly what: 'lost'; readonly at: string };

/** Stands where the screens cannot be shown yet: what is going on, and what went wrong. */
export function Notice({ says, problem }: { says: Says; problem?: ErrorData | undefined }): ReactElement {
  const { t, time } = useSay();
  return (
    <main className={styles.screen}>
      <div className={styles.notice} role="status">
        <Shape look={problem ? 'aborted' : 'busy'} className={styles.shape} />
        <p>{says.what === 'lost' ? t('lanes.lostMeans', { at: time(says.at) }) : t(`frame.${says.what}`)}</p>
        {problem && <Problem error={problem} />}
      </div>
    </main>
  );
}
