import { type ReactElement, useState } from 'react';
import { useSay } from '../../say.ts';
import { useAsk, useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Shape } from '../../ui/shapes.tsx';
import styles from './issuers.module.css';
import { utcOf } from './utc.ts';

/** Says that the clock cannot be right, and lets two people confirm it; nothing, where it can be. */
export function ClockNotice(): ReactElement | null {
  const { screen } = useStation();
  const { t, dateTime } = useSay();
  const may = useMay();
  const [asked, setAsked] = useState(false);
  const { value: clock, again } = useAsk('clock.show', {}, screen.board?.hsm.state);
  if (!clock) return null;
  const { wrong, at, newest, trust } = clock;
  if (!wrong)
    return trust === 'unsynchronised' ? <p className={styles.quiet}>{t('issuers.clock.unsynchronised')}</p> : null;
  return (
    <section className={styles.notice} data-look="indeterminate" aria-label={t('issuers.clock.title')}>
      <Shape look="indeterminate" className={styles.shape} />
      <div>
        <h2>{t('issuers.clock.title')}</h2>
        <p>{t(`issuers.clock.${wrong}`, { at: dateTime(at), newest: dateTime(newest) })}</p>
        <p>{t('issuers.clock.todo')}</p>
      </div>
      {may('clock.confirm') && <Button onPress={() => setAsked(true)}>{t('issuers.clock.open')}</Button>}
      {asked && <Confirming at={at} onClose={() => setAsked(false)} onConfirmed={again} />}
    </section>
  );
}

type Props = { readonly at: string; readonly onClose: () => void; readonly onConfirmed: () => void };

function Confirming({ at, onClose, onConfirmed }: Props): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [watch, setWatch] = useState('');
  const told = utcOf(watch);
  const confirm = () =>
    run(async () => {
      await act('clock.confirm', { at: told ?? '' });
      onConfirmed();
      onClose();
    });
  const buttons = (
    <>
      <Button onPress={onClose}>{t('frame.second.cancel')}</Button>
      <Button kind="main" busy={busy} disabled={told === undefined} onPress={confirm}>
        {t('issuers.clock.open')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('issuers.clock.confirmTitle')} buttons={buttons} onClose={onClose}>
      <p>{t('issuers.clock.confirmAbout', { at: `${at.slice(0, 16).replace('T', ' ')} UTC` })}</p>
      <TextField
        label={t('issuers.clock.watch')}
        value={watch}
        onChange={setWatch}
        rest={{ placeholder: '2026-11-27 20:59', maxLength: 20 }}
        error={watch.length >= 16 && told === undefined ? t('issuers.clock.watchWrong') : undefined}
      />
      {error && <Problem error={error} />}
    </Dialog>
  );
}
