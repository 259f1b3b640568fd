import type { ReactElement } from 'react';
import { useSay } from '../say.ts';
import { useStation } from '../station.ts';
import styles from './strip.module.css';

/** The line on top: which station, practice or production, who is signed in, and whether the station is reached. */
export function Strip({ onMenu }: { onMenu: () => void }): ReactElement {
  const { screen, client } = useStation();
  const { t } = useSay();
  const { description, person, connection } = screen;
  const practice = description?.mode === 'practice';
  return (
    <header className={styles.strip}>
      <button type="button" className={styles.menu} aria-haspopup="dialog" onClick={onMenu}>
        {t('frame.menu')} <kbd>{t('frame.menuKey')}</kbd>
      </button>
      <strong className={styles.station}>{description?.station}</strong>
      {practice ? (
        <span className={styles.practice}>
          <strong>{t('frame.practice')}</strong> {t('frame.practiceMeans')}
        </span>
      ) : (
        <span>{t('frame.production')}</span>
      )}
      <button type="button" className={styles.mute} aria-pressed={screen.muted} onClick={() => client.mute()}>
        {t(screen.muted ? 'frame.mute.off' : 'frame.mute.on')}
      </button>
      <span className={styles.person}>{person?.name}</span>
      {person && (
        <button type="button" onClick={() => client.signOut()}>
          {t('frame.signIn.out')}
        </button>
      )}
      <span className={styles.connection} data-connection={connection}>
        {t(`frame.connection.${connection}`)}
      </span>
    </header>
  );
}
