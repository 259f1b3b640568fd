import type { ReactElement } from 'react';
import { type ErrorData, errors } from '../../station-core/contract/errors.ts';
import type { Look } from '../looks.ts';
import { useSay } from '../say.ts';
import { useStation } from '../station.ts';
import styles from './says.module.css';

export type SaysProps = {
  readonly look: Look;
  readonly error: ErrorData;
  /** What a person may do about it here. */
  readonly action?: ReactElement | undefined;
};

/** What happened and what to do now, who caused it, and the code. */
export function Says({ look, error, action }: SaysProps): ReactElement {
  const { t, told } = useSay();
  const { explain } = useStation();
  return (
    <div className={styles.says} data-says="error">
      <p className={styles.sentence}>
        {look === 'indeterminate' && `${t('lanes.quarantine')} `}
        {told(error)}
      </p>
      <p className={styles.cause}>
        <span>{t(`frame.blame.${errors[error.code].blame}`)}</span>{' '}
        <button
          type="button"
          className={styles.explain}
          aria-label={t('help.of', { code: error.code })}
          onClick={() => explain(error.code)}
        >
          <code>{error.code}</code>
        </button>
      </p>
      {action}
    </div>
  );
}

/** What is said of a unit of which nothing is known, since there is no connection. */
export function NoNews(): ReactElement {
  const { t } = useSay();
  return (
    <div className={styles.says} data-says="no-news">
      <p>{t('lanes.noNewsMeans')}</p>
    </div>
  );
}

/** What a lane waits for that starts when its unit is plugged in. */
export function Armed({ until }: { until: string }): ReactElement {
  const { t, time } = useSay();
  return (
    <div className={styles.says} data-says="armed">
      <p>{t('scans.armedUntil', { until: time(until) })}</p>
    </div>
  );
}
