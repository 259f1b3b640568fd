import { Component, type ReactElement, type ReactNode } from 'react';
import { useSay } from '../say.ts';
import { Button } from './button.tsx';
import styles from './problem.module.css';
import { Shape } from './shapes.tsx';

/**
 * Keeps what breaks in one screen there: strip, menu and the other screens stay. A screen breaks when its files cannot be fetched, or
 * by a mistake of ours; React has no other way than a class to catch that. Its key is the screen's name, so that another begins whole.
 */
export class Safely extends Component<{ readonly children: ReactNode }, { readonly broke: boolean }> {
  override state = { broke: false };

  static getDerivedStateFromError(): { readonly broke: boolean } {
    return { broke: true };
  }

  override render(): ReactNode {
    return this.state.broke ? <Broken /> : this.props.children;
  }
}

function Broken(): ReactElement {
  const { t } = useSay();
  return (
    <div className={styles.problem} role="alert" data-look="errored">
      <Shape look="errored" className={styles.shape} />
      <p>{t('frame.broken')}</p>
      <Button onPress={() => window.location.reload()}>{t('frame.again')}</Button>
    </div>
  );
}
