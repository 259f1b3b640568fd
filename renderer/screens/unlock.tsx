import type { ReactElement } from 'react';
import type { StationClient } from '../client.ts';
import { text } from '../text.ts';
import { PinForm } from './pin-form.tsx';

/** Asks for the HSM's PIN: without it nobody can sign in, since PINs are checked with one of its keys. */
export function Unlock({ client, station }: { client: StationClient; station: string }): ReactElement {
  const { title, means, pin, submit } = text.unlock;
  return (
    <PinForm
      title={title}
      about={`${station}. ${means}`}
      pin={pin}
      submit={submit}
      send={(_, given) => client.unlock(given)}
    />
  );
}
