import { type ReactElement, type SubmitEvent, useState } from 'react';
import { type PinWeakness, weaknessOf } from '../../station-core/contract/people.ts';
import { useSay } from '../say.ts';
import type { Doing } from '../station.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { PinPad } from '../ui/pin-pad.tsx';
import { Problem } from '../ui/problem.tsx';
import styles from './sign-in.module.css';

const rules = ['length', 'same', 'run', 'name', 'before'] as const;

type ChoosePinProps = {
  readonly name: string;
  readonly doing: Doing;
  readonly onChoose: (newPin: string) => void;
  readonly onBack: () => void;
};

/** A PIN that nobody else ever knows: its rules first, then twice the PIN. */
export function ChoosePin({ name, doing, onChoose, onBack }: ChoosePinProps): ReactElement {
  const { t } = useSay();
  const [newPin, setNewPin] = useState('');
  const [again, setAgain] = useState('');
  /** Whether the pad writes into the second field, which is when the first one is finished. */
  const [repeats, setRepeats] = useState(false);
  const [tried, setTried] = useState('');
  const weakness = weaknessOf(newPin, name);
  const differs = again !== newPin;
  // Nobody is told off while they still type.
  const given = `${newPin} ${again}`;
  const weak = newPin !== '' && (repeats || tried === given) ? weakness : undefined;
  const other = tried === given && differs && !weakness;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (weakness === undefined && !differs) return onChoose(newPin);
    const { elements } = event.currentTarget;
    setTried(given);
    (elements.namedItem(weakness ? 'newPin' : 'again') as HTMLElement | null)?.focus();
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <div className={styles.fields}>
        <h1>{t('people.choose.title')}</h1>
        <p>{t('people.choose.about')}</p>
        <ul className={styles.rules}>
          {rules.map((rule) => (
            <li key={rule}>{t(`people.choose.rules.${rule}`)}</li>
          ))}
        </ul>
        <TextField
          label={t('people.choose.newPin')}
          type="password"
          value={newPin}
          onChange={setNewPin}
          error={weak && t(`people.choose.wrong.${weak satisfies PinWeakness}`)}
          rest={{ name: 'newPin', maxLength: 64, autoFocus: true, onFocus: () => setRepeats(false) }}
        />
        <TextField
          label={t('people.choose.again')}
          type="password"
          value={again}
          onChange={setAgain}
          error={other ? t('people.choose.differs') : undefined}
          rest={{ name: 'again', maxLength: 64, onFocus: () => setRepeats(true) }}
        />
        <div className={styles.buttons}>
          <button type="submit" aria-disabled={doing.busy}>
            {t('people.choose.take')}
          </button>
          <Button onPress={onBack}>{t('people.choose.back')}</Button>
        </div>
        <div className={styles.error}>{doing.error && <Problem error={doing.error} />}</div>
      </div>
      <PinPad value={repeats ? again : newPin} onChange={repeats ? setAgain : setNewPin} />
    </form>
  );
}
