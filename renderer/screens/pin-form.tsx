import { type ReactElement, type SubmitEvent, useState } from 'react';
import { asStationError, type ErrorData } from '../../station-core/contract/errors.ts';
import { Problem } from '../ui/problem.tsx';
import styles from './pin-form.module.css';

export type PinFormProps = {
  readonly title: string;
  readonly about: string;
  readonly pin: string;
  readonly submit: string;
  readonly send: (pin: string) => Promise<void>;
};

/** A form that ends in a PIN, and says what came of it. */
export function PinForm({ title, about, pin, submit: word, send }: PinFormProps): ReactElement {
  const [error, setError] = useState<ErrorData>();
  const [busy, setBusy] = useState(false);
  const submit = async (form: FormData) => {
    setBusy(true);
    try {
      await send(String(form.get('pin')));
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
        <h1>{title}</h1>
        <p>{about}</p>
        <label>
          {pin}
          <input name="pin" type="password" required minLength={1} maxLength={64} autoComplete="off" />
        </label>
        <button type="submit" disabled={busy}>
          {word}
        </button>
        <div className={styles.error}>{error && <Problem error={error} />}</div>
      </form>
    </main>
  );
}
