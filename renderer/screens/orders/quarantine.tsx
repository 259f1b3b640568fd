import { type ReactElement, useState } from 'react';
import type { ParkedUnit, QuarantinedUnit } from '../../../station-core/contract/orders.ts';
import { useSay } from '../../say.ts';
import { useAsk } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './orders.module.css';

/** So many are shown, and so many more with each press. */
const shownAtOnce = 20;
const mostShown = 500;

type ListProps = { readonly order: string; readonly anew: number };

/** Units that may not ship, and what to do about each. */
export function QuarantinedUnits({ order, anew }: ListProps): ReactElement {
  const { t, told, dateTime, number } = useSay();
  const [limit, setLimit] = useState(shownAtOnce);
  const { value, error, again } = useAsk('orders.quarantine', { order, limit }, anew);
  const rows = value?.rows ?? [];
  const todo = ({ advice, tries }: QuarantinedUnit) => t(`orders.quarantine.advice.${advice}`, { tries });
  return (
    <Panel title={t('orders.quarantine.title')}>
      {error && <Problem error={error} again={again} />}
      {value && rows.length === 0 && <Empty>{t('orders.quarantine.none')}</Empty>}
      {rows.length > 0 && (
        <>
          <p>{t('orders.quarantine.about')}</p>
          <table className={styles.plain}>
            <thead>
              <tr>
                {(['serial', 'when', 'lane', 'why', 'todo'] as const).map((head) => (
                  <th key={head} scope="col">
                    {t(`orders.quarantine.${head}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.unit}>
                  <th scope="row">{row.serial}</th>
                  <td>{dateTime(row.at)}</td>
                  <td>{number(row.lane)}</td>
                  <td>
                    {row.error ? <Why says={told(row.error)} code={row.error.code} /> : t('orders.quarantine.noReason')}
                  </td>
                  <td className={styles.todo}>{todo(row)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {value?.next && limit < mostShown && <More onPress={() => setLimit(Math.min(mostShown, limit * 2))} />}
    </Panel>
  );
}

/** Finished units whose entry in the cloud waits for a person. */
export function ParkedUnits({ order, anew }: ListProps): ReactElement {
  const { t, told } = useSay();
  const [limit, setLimit] = useState(shownAtOnce);
  const { value, error, again } = useAsk('orders.parked', { order, limit }, anew);
  const rows: readonly ParkedUnit[] = value?.rows ?? [];
  return (
    <Panel title={t('orders.quarantine.parkedTitle')}>
      {error && <Problem error={error} again={again} />}
      {value && rows.length === 0 && <Empty>{t('orders.quarantine.parkedNone')}</Empty>}
      {rows.length > 0 && (
        <>
          <p>{t('orders.quarantine.parkedAbout')}</p>
          <table className={styles.plain}>
            <thead>
              <tr>
                {(['serial', 'registrationId', 'why'] as const).map((head) => (
                  <th key={head} scope="col">
                    {t(`orders.quarantine.${head}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.row}>
                  <th scope="row">{row.serial}</th>
                  <td>{row.registrationId}</td>
                  <td>
                    <Why says={told(row.reason)} code={row.reason.code} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {value?.next && limit < mostShown && <More onPress={() => setLimit(Math.min(mostShown, limit * 2))} />}
    </Panel>
  );
}

const Why = ({ says, code }: { says: string; code: string }): ReactElement => (
  <>
    {says} <code>{code}</code>
  </>
);

function More({ onPress }: { onPress: () => void }): ReactElement {
  const { t } = useSay();
  return (
    <div>
      <Button onPress={onPress}>{t('orders.quarantine.more')}</Button>
    </div>
  );
}
