import type { ReactElement } from 'react';
import type { SetUp } from '../../../station-core/contract/setup.ts';
import { useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './setup.module.css';

/** The station is made: the codes of its first people, once. */
export function Finished({ made: { station, people } }: { made: SetUp }): ReactElement {
  const { client } = useStation();
  const { t, dateTime } = useSay();
  const { busy, error, run } = useDo();
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1>{t('setup.finished.title', { station })}</h1>
      </header>
      <main className={styles.page}>
        <p>{t('setup.finished.codes')}</p>
        <dl className={styles.codes}>
          {people.map(({ name, code, until }) => (
            <Code key={name} name={t('setup.finished.code', { name, until: dateTime(until) })} code={code} />
          ))}
        </dl>
        <div className={styles.row}>
          <Button kind="main" busy={busy} onPress={() => run(() => client.greetAgain())}>
            {t('setup.finished.goOn')}
          </Button>
        </div>
        {error && <Problem error={error} />}
      </main>
    </div>
  );
}

function Code({ name, code }: { name: string; code: string }): ReactElement {
  return (
    <>
      <dt>{name}</dt>
      <dd>{code}</dd>
    </>
  );
}
