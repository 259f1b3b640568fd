import { type ReactElement, type SubmitEvent, useCallback, useState } from 'react';
import type { Method, Operation, Params, Result } from '../../station-core/contract/api.ts';
import { ruleOf } from '../../station-core/contract/roles.ts';
import type { StationClient } from '../client.ts';
import { useSay } from '../say.ts';
import { Declined, type StationPage, useDo, useStation } from '../station.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextField } from './field.tsx';
import { Facts } from './panel.tsx';
import { PinPad } from './pin-pad.tsx';
import { Problem } from './problem.tsx';
import styles from './second-person.module.css';

type Waiting = {
  readonly operation: Operation;
  readonly agreed: (approval: string) => void;
  readonly declined: () => void;
};

/** How calls are made that may need a second person, and the dialog that asks for them. */
export function useSecondPerson(client: StationClient): { act: StationPage['act']; dialog: ReactElement | null } {
  const [waiting, setWaiting] = useState<Waiting>();
  const act = useCallback(
    async <M extends Method>(method: M, params: Params<M>, how: { waitMs?: number } = {}): Promise<Result<M>> => {
      if (!ruleOf(method).second) return client.call(method, params, how);
      const approval = await new Promise<string>((resolve, reject) => {
        // Both people mean the same bytes: what is shown is what is approved and what is called.
        const operation: Operation = { method, params: params as Operation['params'] };
        setWaiting({ operation, agreed: resolve, declined: () => reject(new Declined()) });
      }).finally(() => setWaiting(undefined));
      return client.call(method, params, { ...how, approval });
    },
    [client],
  );
  return { act, dialog: waiting ? <SecondPerson {...waiting} /> : null };
}

/** Shows the exact operation, and takes the name and the PIN of whoever agrees to it. */
function SecondPerson({ operation, agreed, declined }: Waiting): ReactElement {
  const { client, screen } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [name, setName] = useState('');
  const [pin, setPin] = useState('');
  const roles = ruleOf(operation.method as Method).second ?? [];
  const ready = (screen.description?.practice ?? []).filter(
    (one) => roles.includes(one.role) && one.name !== screen.person?.name,
  );
  const agree = (who: string, given: string) =>
    run(async () => {
      // A PIN that was wrong is not left for the next one to press.
      setPin('');
      agreed(await client.approve(who, given, operation));
    });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (name.trim() !== '' && pin !== '') agree(name.trim(), pin);
  };
  const buttons = (
    <>
      <Button onPress={declined}>{t('frame.second.cancel')}</Button>
      <Button kind="main" busy={busy} disabled={name === '' || pin === ''} onPress={() => agree(name.trim(), pin)}>
        {t('frame.second.agree')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('frame.second.title')} buttons={buttons} onClose={declined}>
      <p>{t('frame.second.means')}</p>
      <section
        className={styles.operation}
        aria-label={t('frame.second.means')}
        data-operation={operation.method}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard (WCAG 2.2, 2.1.1).
        tabIndex={0}
      >
        <h3>{t(`calls.${operation.method as Method}`)}</h3>
        <Facts facts={flat(operation.params)} />
      </section>
      <p>{t('frame.second.who', { roles: roles.map((role) => t(`frame.roles.${role}`)).join(', ') })}</p>
      {ready.length > 0 && (
        <p className={styles.ready}>
          {t('frame.second.ready')}{' '}
          {ready.map((one) => (
            <Button key={one.name} busy={busy} onPress={() => agree(one.name, one.pin)}>
              {one.name}
            </Button>
          ))}
        </p>
      )}
      <form className={styles.fields} onSubmit={submit}>
        <div>
          <TextField label={t('people.nameOrBadge')} value={name} onChange={setName} rest={{ maxLength: 80 }} />
          <TextField
            label={t('frame.signIn.pin')}
            type="password"
            value={pin}
            onChange={setPin}
            rest={{ maxLength: 64 }}
          />
        </div>
        {/* Enter sends a form of several fields only where it has such a button; the one that is seen stands below. */}
        <button type="submit" hidden />
        <PinPad value={pin} onChange={setPin} />
      </form>
      {error && <Problem error={error} />}
    </Dialog>
  );
}

/** Every leaf of the parameters with its place. */
function flat(params: unknown, place = ''): [string, string][] {
  if (typeof params !== 'object' || params === null) return [[place, String(params)]];
  return Object.entries(params).flatMap(([name, value]) => flat(value, place === '' ? name : `${place}.${name}`));
}
