import type { ReactElement } from 'react';
import { type ErrorCode, type ErrorData, errors, isErrorCode } from '../../../station-core/contract/errors.ts';
import type { Failure } from '../../../station-core/contract/orders.ts';
import { useSay } from '../../say.ts';
import { Empty, Panel } from '../../ui/panel.tsx';
import styles from './orders.module.css';
import { OutcomeMark } from './states.tsx';

/** Why runs did not pass, the most frequent cause first. */
export function Failures({ failures }: { failures: readonly Failure[] }): ReactElement {
  const { t } = useSay();
  const most = Math.max(1, ...failures.map(({ runs }) => runs));
  return (
    <Panel title={t('orders.failures.title')}>
      {failures.length === 0 && <Empty>{t('orders.failures.none')}</Empty>}
      <ol className={styles.failures}>
        {failures.map((failure) => (
          <Cause key={`${failure.outcome} ${failure.code}`} {...failure} most={most} />
        ))}
      </ol>
    </Panel>
  );
}

/** A cause: how often, and what it is. */
function Cause({ outcome, code, runs, most }: Failure & { most: number }): ReactElement {
  const { t, told } = useSay();
  return (
    <li>
      <OutcomeMark outcome={outcome} />
      <code>{code}</code>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" className={styles.often}>
        <rect width={(100 * runs) / most} height="10" fill="currentColor" />
      </svg>
      <strong>{t('orders.failures.bar', { count: runs })}</strong>
      <p>{isErrorCode(code) && told(withoutDetails(code))}</p>
    </li>
  );
}

/** An error as it stands for many runs: dots in the place of what was different in each. */
function withoutDetails(code: ErrorCode): ErrorData {
  const words = errors[code].says.matchAll(/\{(\w+)\}/g);
  return { code, details: Object.fromEntries([...words].map(([, word = '']) => [word, '…'])) };
}
