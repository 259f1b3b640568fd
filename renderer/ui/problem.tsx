import type { ReactElement } from 'react';
import { type ErrorData, errors } from '../../station-core/contract/errors.ts';
import { useSay } from '../say.ts';
import { useStation } from '../station.ts';
import { Button } from './button.tsx';
import styles from './problem.module.css';
import { Shape } from './shapes.tsx';

/** What happened and what to do now, who caused it, and the code. */
export function Problem({ error, again }: { error: ErrorData; again?: (() => void) | undefined }): ReactElement {
  const { t, told } = useSay();
  const { explain } = useStation();
  return (
    <div className={styles.problem} role="alert" data-look="aborted">
      <Shape look="aborted" className={styles.shape} />
      <div>
        <p>{told(error)}</p>
        <p className={styles.cause}>
          {t(`frame.blame.${errors[error.code].blame}`)} · {t('frame.code')} <code>{error.code}</code>
        </p>
      </div>
      <Button label={t('help.of', { code: error.code })} onPress={() => explain(error.code)}>
        {t('frame.places.help')}
      </Button>
      {again && <Button onPress={again}>{t('frame.again')}</Button>}
    </div>
  );
}
