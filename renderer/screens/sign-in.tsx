import type { ReactElement } from 'react';
import type { StationDescription } from '../../station-core/contract/api.ts';
import type { StationClient } from '../client.ts';
import { useSay } from '../say.ts';
import { useDo } from '../station.ts';
import { Button } from '../ui/button.tsx';
import { PinForm } from './pin-form.tsx';
import styles from './sign-in.module.css';

type SignInProps = { readonly client: StationClient; readonly description: StationDescription };

/** Name and PIN; on the practice line its ready-made people, one press each. */
export function SignIn({ client, description }: SignInProps): ReactElement {
  const { t } = useSay();
  const { busy, run } = useDo();
  return (
    <PinForm
      title={t('frame.signIn.title')}
      about={description.station}
      name={t('frame.signIn.name')}
      pin={t('frame.signIn.pin')}
      submit={t('frame.signIn.submit')}
      send={(who, given) => client.signIn(who, given)}
    >
      {description.practice.length > 0 && (
        <div className={styles.ready}>
          {description.practice.map(({ name, pin, role }) => (
            <Button key={name} busy={busy} onPress={() => run(() => client.signIn(name, pin))}>
              {name} · {t(`frame.roles.${role}`)}
            </Button>
          ))}
        </div>
      )}
    </PinForm>
  );
}
