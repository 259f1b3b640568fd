import { type ReactElement, useState } from 'react';
import type { CheckpointView } from '../../../station-core/contract/audit-anchors.ts';
import { useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './shift.module.css';

type Signed = CheckpointView & { readonly at: string };

/** The end of a shift: its record is signed, its code goes into the book, and whoever is here signs out. */
export default function Shift(): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [signed, setSigned] = useState<Signed>();
  const sign = () =>
    run(async () => {
      const head = await act('audit.checkpoint', { shiftEnd: true });
      setSigned({ ...head, at: new Date().toISOString() });
    });
  return (
    <>
      <h1>{t('people.shift.title')}</h1>
      <p className={styles.about}>{t('people.shift.about')}</p>
      <div className={styles.buttons}>
        <Button kind={signed ? 'plain' : 'main'} busy={busy} onPress={sign}>
          {t('people.shift.sign')}
        </Button>
      </div>
      {error && <Problem error={error} again={sign} />}
      {signed && <Book {...signed} />}
    </>
  );
}

function Book({ code, size, anchors, at }: Signed): ReactElement {
  const { client, screen } = useStation();
  const { t, dateTime, number } = useSay();
  const without = anchors.filter(({ problem }) => problem !== undefined).length;
  return (
    <Panel title={t('people.shift.written')}>
      <p className={styles.code}>{code}</p>
      <Facts
        facts={[
          [t('people.shift.station'), screen.description?.station],
          [t('people.shift.at'), dateTime(at)],
          [t('people.shift.entries'), number(size)],
          [t('people.shift.person'), screen.person?.name],
        ]}
      />
      {without > 0 && <p role="alert">{t('people.shift.anchors', { count: without })}</p>}
      <div className={styles.buttons}>
        <Button kind="main" onPress={() => client.signOut()}>
          {t('people.shift.done')}
        </Button>
      </div>
    </Panel>
  );
}
