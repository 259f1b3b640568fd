import { type ReactElement, useState } from 'react';
import { roles } from '../../../station-core/contract/record.ts';
import { placesOf } from '../../places.ts';
import { useSay } from '../../say.ts';
import { useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Calls } from './calls.tsx';
import styles from './help.module.css';

/** What each role is for, and the screens that it sees; in their place, at a press, which call each of them may make. */
export function RoleList(): ReactElement {
  const { t } = useSay();
  const [calls, setCalls] = useState(false);
  return (
    <>
      <p className={styles.about}>
        {t('help.roles.about')}
        <Button pressed={calls} onPress={() => setCalls(!calls)}>
          {t('help.roles.all')}
        </Button>
      </p>
      {calls ? <Calls /> : <Roles />}
    </>
  );
}

function Roles(): ReactElement {
  const { screen } = useStation();
  const { t } = useSay();
  return (
    <div className={styles.panels}>
      {roles.map((role) => (
        <Panel key={role} title={t(`frame.roles.${role}`)}>
          {role === screen.person?.role && (
            <p>
              <strong>{t('help.roles.you')}</strong>
            </p>
          )}
          <p>{t(`help.roles.means.${role}`)}</p>
          <p>
            {t('help.roles.sees', {
              screens: placesOf(role)
                .map((place) => t(`frame.places.${place}`))
                .join(' · '),
            })}
          </p>
        </Panel>
      ))}
    </div>
  );
}
