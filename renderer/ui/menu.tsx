import type { ReactElement } from 'react';
import { placesOf } from '../places.ts';
import { useSay } from '../say.ts';
import { useStation } from '../station.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import styles from './menu.module.css';

/** Every screen that this person sees, in targets for gloves; Tab or the arrows, then Enter. */
export function Menu({ onClose }: { onClose: () => void }): ReactElement {
  const { place, go, screen } = useStation();
  const { t } = useSay();
  const names = placesOf(screen.person?.role ?? 'technician');
  return (
    <Dialog title={t('frame.goTo')} onClose={onClose} buttons={<Button onPress={onClose}>{t('frame.close')}</Button>}>
      <nav className={styles.menu} aria-label={t('frame.goTo')} onKeyDown={move}>
        {names.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === place ? 'page' : undefined}
            onClick={() => {
              go(name);
              onClose();
            }}
          >
            {t(`frame.places.${name}`)}
          </button>
        ))}
      </nav>
    </Dialog>
  );
}

const steps: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** The arrows go round. */
function move(event: React.KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.findIndex((one) => one.matches(':focus'));
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}
