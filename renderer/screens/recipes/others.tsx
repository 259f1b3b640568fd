import type { ReactElement } from 'react';
import type { Problem } from '../../../station-core/contract/parse.ts';
import { en } from '../../messages/en.ts';
import { useSay } from '../../say.ts';
import styles from './recipes.module.css';

const names = en.recipes.agreements;
const isNamed = (name: string | undefined): name is keyof typeof names =>
  name !== undefined && Object.hasOwn(names, name);

/** What is wrong in places that have no field of their own, and what does not fit together. */
export function Others({ problems }: { problems: readonly Problem[] }): ReactElement | null {
  const { t } = useSay();
  if (problems.length === 0) return null;
  return (
    <ul className={styles.others}>
      {problems.map(({ path, expected, agreement }) => (
        <li key={`${path.join('.')} ${expected}`}>
          {isNamed(agreement)
            ? t(`recipes.agreements.${agreement}`)
            : t('recipes.at', { path: path.join('.') || '–', expected })}
        </li>
      ))}
    </ul>
  );
}
