import type { ReactElement } from 'react';
import { type ErrorData, errors } from '../../station-core/contract/errors.ts';
import type { Look } from '../looks.ts';
import { text } from '../text.ts';
import styles from './says.module.css';

export type SaysProps = {
  readonly look: Look;
  readonly error: ErrorData;
  /** What a person may do about it here. */
  readonly action?: ReactElement | undefined;
};

/** What happened and what to do now, who caused it, and the code. */
export function Says({ look, error, action }: SaysProps): ReactElement {
  return (
    <div className={styles.says} data-says="error">
      <p className={styles.sentence}>
        {look === 'indeterminate' && `${text.quarantine} `}
        {text.told(error)}
      </p>
      <p className={styles.cause}>
        <span>{text.blame(errors[error.code].blame)}</span> <code>{error.code}</code>
      </p>
      {action}
    </div>
  );
}

/** What is said of a unit of which nothing is known, since there is no connection. */
export function NoNews(): ReactElement {
  return (
    <div className={styles.says} data-says="no-news">
      <p>{text.noNewsMeans}</p>
    </div>
  );
}
