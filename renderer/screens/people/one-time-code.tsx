import type { ReactElement } from 'react';
import type { Invited } from '../../../station-core/contract/people.ts';
import { useSay } from '../../say.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './people.module.css';

/** The code, large, this once. Escape does not take it away: nobody could get it back. */
export function OneTimeCode({ invited, onTaken }: { invited: Invited; onTaken: () => void }): ReactElement {
  const { t, dateTime } = useSay();
  const { name, code = '', until } = invited;
  return (
    <Dialog
      title={t('people.list.codeTitle', { name })}
      onClose={() => undefined}
      buttons={
        <Button kind="main" onPress={onTaken}>
          {t('people.list.codeTaken')}
        </Button>
      }
    >
      <p className={styles.code} data-code={code}>
        {code.slice(0, 4)} {code.slice(4)}
      </p>
      <p>{t('people.list.codeMeans', { name })}</p>
      {until && <p>{t('people.list.codeEnds', { until: dateTime(until) })}</p>}
    </Dialog>
  );
}
