import type { ReactElement } from 'react';
import { isErrorCode } from '../../../station-core/contract/errors.ts';
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

/** A cause: how often, and what it is. A code of a newer version has no sentence here. */
function Cause({ outcome, code, runs, most }: Failure & { most: number }): ReactElement {
  const { t, cause } = { ...useSay(), cause: useCause() };
  return (
    <li>
      <OutcomeMark outcome={outcome} />
      <code>{code}</code>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect width={(100 * runs) / most} height="10" fill="currentColor" />
      </svg>
      <strong>{t('orders.failures.bar', { count: runs })}</strong>
      <p>{cause(code)}</p>
    </li>
  );
}

/** The sentence of an error without its details: here it stands for many runs. */
function useCause(): (code: string) => string {
  const { told } = useSay();
  return (code) =>
    isErrorCode(code)
      ? told({ code, details: {} })
          .replace(/ ?\([^()]*\?[^()]*\)/g, '')
          .replaceAll('?', '…')
      : '';
}
