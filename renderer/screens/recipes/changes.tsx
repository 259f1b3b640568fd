import type { ReactElement } from 'react';
import { changesOf } from '../../../station-core/contract/recipes.ts';
import { useSay } from '../../say.ts';
import styles from './recipes.module.css';

/** What is other than in the version before, place by place. */
export function Changes({ before, after }: { before: object; after: object }): ReactElement {
  const { t } = useSay();
  const changes = changesOf(before, after);
  return (
    <table className={styles.changes}>
      <caption>{t('recipes.changes', { count: changes.length })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('recipes.place')}</th>
          <th scope="col">{t('recipes.before')}</th>
          <th scope="col">{t('recipes.after')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.path}>
            <th scope="row">{change.path}</th>
            <td>{change.before ?? t('recipes.nothing')}</td>
            <td>{change.after ?? t('recipes.nothing')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
