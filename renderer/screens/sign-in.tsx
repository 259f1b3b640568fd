import type { ReactElement } from 'react';
import type { StationClient } from '../client.ts';
import { text } from '../text.ts';
import { PinForm } from './pin-form.tsx';

/** Name and PIN. In practice nobody sees it: the ready-made technician is signed in by the client. */
export function SignIn({ client, station }: { client: StationClient; station: string }): ReactElement {
  const { title, name, pin, submit } = text.signIn;
  const send = (who: string, given: string) => client.signIn(who, given);
  return <PinForm title={title} about={station} name={name} pin={pin} submit={submit} send={send} />;
}
