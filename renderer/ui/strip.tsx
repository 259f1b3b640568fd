import type { ReactElement } from 'react';
import type { Screen } from '../client.ts';
import { text } from '../text.ts';
import styles from './strip.module.css';

/** The line on top: which station, practice or production, who is signed in, and whether the station is reached. */
export function Strip({ screen, onSignOut }: { screen: Screen; onSignOut: () => void }): ReactElement {
  const { description, person, connection } = screen;
  const practice = description?.mode === 'practice';
  return (
    <header className={styles.strip}>
      <strong className={styles.station}>{description?.station}</strong>
      {practice ? (
        <span className={styles.practice}>
          <strong>{text.practice}</strong> {text.practiceMeans}
        </span>
      ) : (
        <span>{text.production}</span>
      )}
      <span className={styles.person}>
        {person?.name}
        {person && !practice && (
          <button type="button" onClick={onSignOut}>
            {text.signIn.out}
          </button>
        )}
      </span>
      <span className={styles.connection} data-connection={connection}>
        {text.connection[connection]}
      </span>
    </header>
  );
}
