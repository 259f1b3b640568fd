import type { ReactElement } from 'react';
import { useSay } from '../../say.ts';
import { TextField } from '../../ui/field.tsx';
import { LanePorts } from '../../ui/lane-ports.tsx';
import styles from './setup.module.css';
import type { PageProps } from './setup.tsx';
import { useWhy } from './why.ts';

/** How many lanes practice has; in production each with its port. */
export function LanesPage({ answers, change, wrong }: PageProps): ReactElement {
  const { t } = useSay();
  const why = useWhy();
  if (answers.mode === 'practice') {
    return (
      <>
        <p>{t('setup.lanes.practice')}</p>
        <TextField
          label={t('setup.lanes.count')}
          means={t('setup.lanes.countMeans')}
          type="number"
          value={answers.simulated}
          error={why(wrong.simulated)}
          onChange={(simulated) => change({ simulated })}
          rest={{ min: 1, max: 32 }}
        />
      </>
    );
  }
  return (
    <>
      <p>{t('setup.lanes.about')}</p>
      <LanePorts lanes={answers.lanes} onChange={(lanes) => change({ lanes })} />
      <p className={styles.wrong} role="status">
        {why(wrong.lanes)}
      </p>
    </>
  );
}
