import { type ReactElement, type SubmitEvent, useEffect, useState } from 'react';
import type { StationDescription } from '../../station-core/contract/api.ts';
import { asStationError } from '../../station-core/contract/errors.ts';
import { looksLikeBadge, readBadge, type SessionEnd } from '../../station-core/contract/people.ts';
import type { StationClient } from '../client.ts';
import type { ScanDesk } from '../desk.ts';
import { useSay } from '../say.ts';
import { type Doing, useDo } from '../station.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { PinPad } from '../ui/pin-pad.tsx';
import { Problem } from '../ui/problem.tsx';
import { ChoosePin } from './choose-pin.tsx';
import styles from './sign-in.module.css';

type SignInProps = {
  readonly client: StationClient;
  readonly desk: ScanDesk;
  readonly description: StationDescription;
  readonly ended: SessionEnd | undefined;
};

/** Who somebody says they are, by name or badge, and their PIN; then a PIN of their own where they have a code. */
export function SignIn({ client, desk, description, ended }: SignInProps): ReactElement {
  const [name, setName] = useState('');
  const [pin, setPin] = useState('');
  const [chooses, setChooses] = useState(false);
  const doing = useDo();
  useBadges(desk, setName);
  const send = () =>
    doing.run(async () => {
      try {
        await client.signIn(name.trim(), pin);
      } catch (thrown) {
        if (asStationError(thrown, () => 'screen').code === 'person.choose-pin') return setChooses(true);
        setPin('');
        throw thrown;
      }
    });
  const choose = (newPin: string) => doing.run(() => client.signIn(name.trim(), pin, newPin));
  const back = () => {
    setChooses(false);
    setPin('');
    doing.forget();
  };
  return (
    <main className={styles.screen}>
      {chooses ? (
        <ChoosePin name={name.trim()} doing={doing} onChoose={choose} onBack={back} />
      ) : (
        <Enter
          {...{ name, setName, pin, setPin, doing, ended, description, client, desk }}
          onSend={send}
          onChange={() => setChooses(true)}
        />
      )}
    </main>
  );
}

/** A badge from a serial scanner, or with the scanner's prefix, says who it is, wherever the focus is; the PIN comes next. */
function useBadges(desk: ScanDesk, setName: (name: string) => void): void {
  useEffect(
    () =>
      desk.offer((code) => {
        if (code.kind !== 'person') return false;
        setName(code.badge);
        document.querySelector<HTMLInputElement>('input[name="pin"]')?.focus();
        return true;
      }),
    [desk, setName],
  );
}

type EnterProps = SignInProps & {
  readonly name: string;
  readonly setName: (name: string) => void;
  readonly pin: string;
  readonly setPin: (pin: string) => void;
  readonly doing: Doing;
  readonly onSend: () => void;
  readonly onChange: () => void;
};

function Enter(props: EnterProps): ReactElement {
  const { name, setName, pin, setPin, doing, ended, description, client, onSend, onChange } = props;
  const { t } = useSay();
  const [tried, setTried] = useState('');
  const misread = looksLikeBadge(name) && readBadge(name.trim()) === undefined;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { elements } = event.currentTarget;
    const focus = (field: string) => (elements.namedItem(field) as HTMLElement | null)?.focus();
    // A badge that was scanned while the PIN's field had the focus.
    if (looksLikeBadge(pin)) {
      setName(pin);
      setPin('');
      focus('pin');
    } else if (name.trim() === '' || misread) {
      setTried(name);
      focus('name');
    } else if (pin === '') focus('pin');
    else onSend();
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <div className={styles.fields}>
        <h1>{t('frame.signIn.title')}</h1>
        <p>{description.station}</p>
        <p role="status" className={styles.status}>
          {ended && t(`people.ended.${ended}`)}
        </p>
        <TextField
          label={t('people.nameOrBadge')}
          value={name}
          onChange={setName}
          error={misread && tried === name ? t('people.misread') : undefined}
          rest={{ name: 'name', maxLength: 80, autoFocus: true }}
        />
        <TextField
          label={t('people.pinOrCode')}
          type="password"
          value={pin}
          onChange={setPin}
          rest={{ name: 'pin', maxLength: 64 }}
        />
        <div className={styles.buttons}>
          <button type="submit" aria-disabled={doing.busy}>
            {t('frame.signIn.submit')}
          </button>
          <Button disabled={name.trim() === '' || pin === ''} onPress={onChange}>
            {t('people.change')}
          </Button>
        </div>
        <div className={styles.error}>{doing.error && <Problem error={doing.error} />}</div>
      </div>
      <PinPad value={pin} onChange={setPin} />
      {description.practice.length > 0 && (
        <div className={styles.ready}>
          <h2>{t('frame.second.ready')}</h2>
          {description.practice.map((ready) => (
            <Button
              key={ready.name}
              busy={doing.busy}
              onPress={() => doing.run(() => client.signIn(ready.name, ready.pin))}
            >
              {ready.name} · {t(`frame.roles.${ready.role}`)}
            </Button>
          ))}
        </div>
      )}
    </form>
  );
}
