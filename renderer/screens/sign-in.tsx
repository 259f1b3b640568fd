import { type ReactElement, type SubmitEvent, useState } from 'react';
import { asStationError, type ErrorData } from '../../station-core/contract/errors.ts';
import type { StationClient } from '../client.ts';
import { text } from '../text.ts';
import styles from './sign-in.module.css';

/** Name and PIN. In practice nobody sees it: the ready-made technician is signed in by the client. */
export function SignIn({ client, station }: { client: StationClient; station: string }): ReactElement {
  const [error, setError] = useState<ErrorData>();
  const [busy, setBusy] = useState(false);
  const submit = async (form: FormData) => {
    setBusy(true);
    try {
      await client.signIn(String(form.get('name')).trim(), String(form.get('pin')));
    } catch (thrown) {
      setError(asStationError(thrown, () => 'screen').toData());
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void submit(new FormData(event.currentTarget)); // `submit` shows what it catches
  };
  return (
    <main className={styles.screen}>
      <form className={styles.form} onSubmit={onSubmit}>
        <h1>{text.signIn.title}</h1>
        <p>{station}</p>
        <label>
          {text.signIn.name}
          <input name="name" required maxLength={80} autoComplete="off" spellCheck={false} />
        </label>
        <label>
          {text.signIn.pin}
          <input name="pin" type="password" required minLength={4} maxLength={64} autoComplete="off" />
        </label>
        <button type="submit" disabled={busy}>
          {text.signIn.submit}
        </button>
        <p role="alert" className={styles.error}>
          {error && text.told(error)}
        </p>
      </form>
    </main>
  );
}
