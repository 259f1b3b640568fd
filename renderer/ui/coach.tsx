import { type ReactElement, useEffect, useSyncExternalStore } from 'react';
import { type Say, useSay } from '../say.ts';
import { useStation } from '../station.ts';
import { type TourStep, tourSteps } from '../tour.ts';
import { Button } from './button.tsx';
import styles from './coach.module.css';

/** Says what the tour wants next, in a place of one height that covers nothing. */
export function Coach(): ReactElement | null {
  const { tour, screen } = useStation();
  const { tour: on } = useSyncExternalStore(tour.subscribe, tour.get);
  const { t } = useSay();
  if (!on) return null;
  const auditor = screen.description?.practice.find(({ role }) => role === 'auditor')?.name ?? '';
  const last = on.step === 'done';
  return (
    <section className={styles.coach} aria-label={t('tour.title')} data-step={on.step}>
      <p aria-live="polite">
        <strong>{t('tour.at', { step: tourSteps.indexOf(on.step) + 1, steps: tourSteps.length })}</strong>{' '}
        {sentence(on.step, auditor, t)}
      </p>
      {!last && <Button onPress={() => tour.tell({ what: 'next' })}>{t('tour.next')}</Button>}
      <Button kind={last ? 'main' : 'plain'} onPress={() => tour.leave()}>
        {t(last ? 'tour.finish' : 'tour.leave')}
      </Button>
    </section>
  );
}

/** The names of what it speaks of are those that stand on the screen. */
const sentence = (step: TourStep, auditor: string, t: Say['t']): string =>
  t(`tour.steps.${step}`, {
    pass: t('lanes.words.passed'),
    fail: t('lanes.words.failed'),
    orders: t('frame.places.orders'),
    audit: t('frame.places.audit'),
    exports: t('audit.sections.exports'),
    write: t('audit.exports.run'),
    out: t('frame.signIn.out'),
    auditor,
  });

/** The coach above another screen, where Escape leaves the tour when nothing is open and nothing is being written. */
export function CoachElsewhere(): ReactElement | null {
  const { tour } = useStation();
  useEffect(() => {
    const press = ({ key, target, defaultPrevented }: KeyboardEvent) => {
      const writes = target instanceof Element && target.matches('input, textarea, select');
      if (key === 'Escape' && !writes && !defaultPrevented && !document.querySelector('dialog[open]')) tour.leave();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [tour]);
  return <Coach />;
}

/** Offers the tour once; whoever declines it finds it in the help. */
export function TourOffer(): ReactElement {
  const { tour } = useStation();
  const { t } = useSay();
  return (
    <section className={styles.offer} aria-label={t('tour.title')}>
      <Button kind="main" onPress={() => tour.begin()}>
        {t('tour.offer')}
      </Button>
      <Button onPress={() => tour.leave()}>{t('tour.decline')}</Button>
    </section>
  );
}
