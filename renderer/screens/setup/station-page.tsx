import type { ReactElement } from 'react';
import { useSay } from '../../say.ts';
import { TextField } from '../../ui/field.tsx';
import styles from './setup.module.css';
import type { PageProps } from './setup.tsx';
import { useWhy } from './why.ts';

/** What the station is called, and where it stands. */
export function StationPage({ answers, change, wrong }: PageProps): ReactElement {
  const { t } = useSay();
  const why = useWhy();
  return (
    <>
      <p>{t('setup.station.about')}</p>
      <TextField
        label={t('setup.station.name')}
        means={t('setup.station.nameMeans')}
        value={answers.name}
        error={why(wrong.name)}
        onChange={(name) => change({ name })}
        rest={{ maxLength: 80, required: true }}
      />
      <p>{t('setup.station.placeMeans')}</p>
      <div className={styles.beside}>
        <TextField
          label={t('setup.station.line')}
          value={answers.line}
          onChange={(line) => change({ line })}
          rest={{ maxLength: 64 }}
        />
        <TextField
          label={t('setup.station.room')}
          value={answers.room}
          onChange={(room) => change({ room })}
          rest={{ maxLength: 64 }}
        />
      </div>
    </>
  );
}
