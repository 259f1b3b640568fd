import { type ReactElement, useState } from 'react';
import type { Order } from '../../../station-core/contract/record.ts';
import { useSay } from '../../say.ts';
import { useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Problem } from '../../ui/problem.tsx';

type Asks = 'accept' | 'close';

/** What a lead does with an order: compares its key, accepts that nobody did, closes it, opens it again. */
export function Arming({ order, onChanged }: { order: Order; onChanged: () => void }): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const may = useMay();
  const { busy, error, run } = useDo();
  const [asks, setAsks] = useState<Asks>();
  const { name, armed, state } = order;
  const turn = (method: 'orders.arm' | 'orders.reopen') =>
    run(async () => {
      await act(method, { order: name });
      onChanged();
    });
  const confirmed = async () => {
    if (asks === 'accept') await act('orders.arm', { order: name, accept: true });
    else await act('orders.close', { order: name });
    onChanged();
  };
  return (
    <>
      {error && <Problem error={error} />}
      {armed === 'no' && may('orders.arm') && (
        <>
          <Button onPress={() => setAsks('accept')}>{t('orders.accept')}</Button>
          <Button kind="main" busy={busy} onPress={() => turn('orders.arm')}>
            {t('orders.arm')}
          </Button>
        </>
      )}
      {state === 'open' && may('orders.close') && <Button onPress={() => setAsks('close')}>{t('orders.close')}</Button>}
      {state === 'closed' && may('orders.reopen') && (
        <Button busy={busy} onPress={() => turn('orders.reopen')}>
          {t('orders.reopen')}
        </Button>
      )}
      {asks && (
        <Confirm
          title={t(`orders.${asks}Title`)}
          word={t(`orders.${asks}`)}
          onConfirm={confirmed}
          onClose={() => setAsks(undefined)}
        >
          <p>
            {asks === 'accept'
              ? t('orders.acceptAsk', { order: name })
              : t('orders.closeAsk', { order: name, remaining: Math.max(0, order.quantity - order.finished) })}
          </p>
        </Confirm>
      )}
    </>
  );
}
