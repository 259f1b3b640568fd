import type { ReactElement } from 'react';
import { roles } from '../../../station-core/contract/record.ts';
import { placesOf } from '../../places.ts';
import { useSay } from '../../say.ts';
import { useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import styles from './help.module.css';

/** What each role is for, and the screens that it sees; which call it may make stands on a screen of its own. */
export function RoleList(): ReactElement {
  const { screen, go } = useStation();
  const { t } = useSay();
  return (
    <>
      <p className={styles.about}>
        {t('help.roles.about')} <Button onPress={() => go('roles')}>{t('help.roles.all')}</Button>
      </p>
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
    </>
  );
}
