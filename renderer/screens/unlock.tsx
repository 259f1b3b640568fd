import type { ReactElement } from 'react';
import type { StationClient } from '../client.ts';
import { useSay } from '../say.ts';
import { PinForm } from './pin-form.tsx';

/** While the HSM is locked nobody can sign in: its PIN comes first. */
export function Unlock({ client, station }: { client: StationClient; station: string }): ReactElement {
  const { t } = useSay();
  return (
    <PinForm
      title={t('frame.unlock.title')}
      about={t('frame.unlock.about', { station })}
      pin={t('frame.unlock.pin')}
      submit={t('frame.unlock.submit')}
      send={(given) => client.unlock(given)}
    />
  );
}
