import { type ReactElement, type ReactNode, useLayoutEffect, useState } from 'react';
import type { ErrorCode } from '../../station-core/contract/errors.ts';
import type { Desk } from '../desk.ts';
import { askedCode } from '../looks.ts';
import { placesOf } from '../places.ts';
import type { Board } from '../runs.ts';
import { useSay } from '../say.ts';
import { useStation } from '../station.ts';
import { CoachElsewhere } from './coach.tsx';
import styles from './frame.module.css';
import { Menu } from './menu.tsx';
import { Strip } from './strip.tsx';

/** What stands around every screen: the strip on top, the menu, and, beside everything but the lanes, the other screens. */
export function Frame({ children }: { children: ReactNode }): ReactElement {
  const { place } = useStation();
  const [menu, setMenu] = useState(false);
  useKeys(() => setMenu((open) => !open));
  return (
    <div className={styles.frame}>
      <Strip onMenu={() => setMenu(true)} />
      {place === 'lanes' ? (
        children
      ) : (
        <div className={styles.desk}>
          <Rail />
          <main className={styles.main} data-screen={place}>
            <CoachElsewhere />
            {children}
          </main>
        </div>
      )}
      {menu && <Menu onClose={() => setMenu(false)} />}
    </div>
  );
}

/** F9 for the menu, Shift+F1 for help, Shift+F10 for a label once more; F1 alone is the first lane's where the lanes are. */
function useKeys(onMenu: () => void): void {
  const { place, screen, desk, go, explain } = useStation();
  // Before the screen is seen: whoever signs in presses F9 at once.
  useLayoutEffect(() => {
    const help = () => {
      if (document.querySelector('dialog[open]')) return;
      const code = place === 'lanes' && screen.board && codeOf(screen.board, desk.desk.get());
      if (code) explain(code);
      else go('help');
    };
    const press = (event: KeyboardEvent) => {
      const asksHelp = event.key === 'F1' && (event.shiftKey || place !== 'lanes');
      const asksLabel = event.key === 'F10' && event.shiftKey && place === 'lanes';
      if (event.key !== 'F9' && !asksHelp && !asksLabel) return;
      event.preventDefault();
      if (asksLabel) go('labels');
      else if (asksHelp) help();
      else onMenu();
    };
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  });
}

/** What was refused last, else what a lane says. */
const codeOf = (board: Board, { last, selected }: Desk): ErrorCode | undefined =>
  last?.fate.kind === 'refused' ? last.fate.error.code : askedCode(board.lanes, selected);

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
