import { type ReactElement, type ReactNode, useLayoutEffect, useState } from 'react';
import { placesOf } from '../places.ts';
import { useSay } from '../say.ts';
import { useStation } from '../station.ts';
import styles from './frame.module.css';
import { Menu } from './menu.tsx';
import { Strip } from './strip.tsx';

/** What stands around every screen: the strip on top, the menu, and, beside everything but the lanes, the other screens. */
export function Frame({ children }: { children: ReactNode }): ReactElement {
  const { place } = useStation();
  const [menu, setMenu] = useState(false);
  // Before the screen is seen: whoever signs in presses F9 at once.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'F9') return;
      event.preventDefault();
      setMenu((open) => !open);
    };
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, []);
  return (
    <div className={styles.frame}>
      <Strip onMenu={() => setMenu(true)} />
      {place === 'lanes' ? (
        children
      ) : (
        <div className={styles.desk}>
          <Rail />
          <main className={styles.main} data-screen={place}>
            {children}
          </main>
        </div>
      )}
      {menu && <Menu onClose={() => setMenu(false)} />}
    </div>
  );
}

/** The other screens, one press away. */
function Rail(): ReactElement {
  const { place, go, screen } = useStation();
  const { t } = useSay();
  return (
    <nav className={styles.rail} aria-label={t('frame.goTo')}>
      {placesOf(screen.person?.role ?? 'technician').map((name) => (
        <button key={name} type="button" aria-current={name === place ? 'page' : undefined} onClick={() => go(name)}>
          {t(`frame.places.${name}`)}
        </button>
      ))}
    </nav>
  );
}
