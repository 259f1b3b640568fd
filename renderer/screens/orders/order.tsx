import { type ReactElement, useState } from 'react';
import type { Order } from '../../../station-core/contract/record.ts';
import { useSay } from '../../say.ts';
import { useAsk, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Arming } from './arming.tsx';
import { Failures } from './failures.tsx';
import styles from './orders.module.css';
import { ParkedUnits, QuarantinedUnits } from './quarantine.tsx';
import { Shift } from './shift.tsx';
import { type Span, useSpan } from './span.ts';
import { ArmedMark } from './states.tsx';
import { Units } from './units.tsx';

/** One order: how far it is, how its units fare, and what a person has to do about it. */
export function OrderPage({ name, onBack }: { name: string; onBack: () => void }): ReactElement {
  const { screen } = useStation();
  const { t, dateTime } = useSay();
  const [span, setSpan] = useState<Span>('h8');
  const { from, to, turn } = useSpan(span);
  const figures = useAsk('orders.figures', { order: name, from, to });
  const order = figures.value?.order ?? screen.board?.orders.find((one) => one.name === name);
  return (
    <>
      <header className={styles.head}>
        <h1>{name}</h1>
        <div className={styles.buttons}>
          <Button onPress={onBack}>{t('orders.back')}</Button>
          <Button onPress={() => window.print()}>{t('orders.print')}</Button>
        </div>
      </header>
      <p className={styles.printed}>{t('orders.report', { at: dateTime(to) })}</p>
      {figures.error && <Problem error={figures.error} again={figures.again} />}
      {order && <Made order={order} onChanged={figures.again} />}
      {figures.value && <Shift figures={figures.value} span={span} onSpan={setSpan} />}
      {figures.value && <Failures failures={figures.value.failures} />}
      <QuarantinedUnits order={name} anew={turn} />
      <ParkedUnits order={name} anew={turn} />
      <Units order={name} />
    </>
  );
}

/** How many of the order's units are made, and whether any more may be. */
function Made({ order, onChanged }: { order: Order; onChanged: () => void }): ReactElement {
  const { t, number, percent } = useSay();
  const { finished, quantity, recipe, state, armed, uncertified = 0, operations } = order;
  const full = finished >= quantity;
  return (
    <Panel title={t('orders.progress')} buttons={<Arming order={order} onChanged={onChanged} />}>
      <p className={styles.big}>
        <strong>{t('orders.ofTarget', { finished, quantity })}</strong> {percent(finished, quantity)}
      </p>
      <progress className={styles.bar} max={quantity} value={finished} aria-label={t('orders.progress')} />
      <Facts
        facts={[
          [t('orders.remaining'), number(Math.max(0, quantity - finished))],
          [t('orders.recipe'), recipe],
          [
            t('orders.state'),
            <span key="state" className={styles.states}>
              {t(full ? 'orders.full' : `orders.${state}`)}
              <ArmedMark armed={armed} />
            </span>,
          ],
          ...(operations === undefined ? [] : [[t('orders.billed'), number(operations)] as const]),
        ]}
      />
      {armed === 'no' && <p className={styles.says}>{t('orders.notArmed')}</p>}
      {armed === 'accepted' && <p className={styles.says}>{t('orders.acceptedMeans')}</p>}
      {state === 'closed' && <p className={styles.says}>{t('orders.closedMeans')}</p>}
      {uncertified > 0 && <p className={styles.says}>{t('orders.uncertified', { count: uncertified })}</p>}
    </Panel>
  );
}
