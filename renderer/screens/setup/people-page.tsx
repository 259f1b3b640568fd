import type { ReactElement } from 'react';
import { useSay } from '../../say.ts';
import { TextField } from '../../ui/field.tsx';
import type { PageProps } from './setup.tsx';
import { useWhy } from './why.ts';

/** The two people who set up everybody else. */
export function PeoplePage({ answers, change, wrong }: PageProps): ReactElement {
  const { t } = useSay();
  const why = useWhy();
  return (
    <>
      <p>{t('setup.people.about')}</p>
      <TextField
        label={t('setup.people.lead')}
        value={answers.lead}
        error={why(wrong.lead)}
        onChange={(lead) => change({ lead })}
        rest={{ maxLength: 80, required: true }}
      />
      <TextField
        label={t('setup.people.officer')}
        value={answers.officer}
        error={why(wrong.officer)}
        onChange={(officer) => change({ officer })}
        rest={{ maxLength: 80, required: true }}
      />
    </>
  );
}
