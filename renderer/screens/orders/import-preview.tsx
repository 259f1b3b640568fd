import type { ReactElement, ReactNode } from 'react';
import type { UnitInput } from '../../../station-core/contract/api.ts';
import type { OrderPreview } from '../../../station-core/contract/orders.ts';
import { useSay } from '../../say.ts';
import { Empty } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './import.module.css';
import { ScrolledTable } from './plain-table.tsx';
import { ruleSentence } from './rule-sentence.ts';
import type { PreviewAsked } from './use-preview.ts';

export type PreviewProps = {
  readonly asked: PreviewAsked;
  /** Whether there is a file and a recipe. */
  readonly ready: boolean;
  /** What follows when nothing is wrong. */
  readonly children: ReactNode;
};

/** What the file would make, or every line that is wrong with it. */
export function Preview({ asked, ready, children }: PreviewProps): ReactElement {
  const { t } = useSay();
  const { value, error, asking } = asked;
  return (
    <div className={styles.preview} aria-busy={asking}>
      {!ready && <Empty>{t('orders.importing.waiting')}</Empty>}
      <p role="status">
        {asking && t('orders.importing.reading')}
        {value && <Summary {...value} />}
      </p>
      {error && <Problem error={error} />}
      {value && value.problems.length > 0 && <Problems {...value} />}
      {value && value.problems.length === 0 && children}
      {value && value.first.length > 0 && <FirstUnits units={value.first} />}
    </div>
  );
}

function Summary({ units, problems, moreProblems, recipe }: OrderPreview): ReactElement {
  const { t } = useSay();
  const count = problems.length + moreProblems;
  return (
    <strong>
      {count > 0
        ? t('orders.importing.wrong', { count })
        : t('orders.importing.fits', { count: units, recipe: recipe.name, version: recipe.version })}
    </strong>
  );
}

function Problems({ problems, moreProblems }: OrderPreview): ReactElement {
  const { t, number } = useSay();
  return (
    <>
      <ScrolledTable
        label={t('orders.importing.problems')}
        heads={(['line', 'column', 'what'] as const).map((head) => t(`orders.importing.${head}`))}
        rows={problems.map((problem, index) => ({
          key: index,
          cells: [number(problem.line), problem.column, ruleSentence(t, problem)],
        }))}
      />
      {moreProblems > 0 && <p>{t('orders.importing.more', { count: moreProblems })}</p>}
    </>
  );
}

function FirstUnits({ units }: { units: readonly UnitInput[] }): ReactElement {
  const { t } = useSay();
  const written = (facts: UnitInput['facts'] = {}) =>
    Object.entries(facts)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', ');
  return (
    <>
      <h3>{t('orders.importing.first')}</h3>
      <ScrolledTable
        label={t('orders.importing.first')}
        heads={(['serial', 'mac', 'facts'] as const).map((head) => t(`orders.importing.${head}`))}
        rows={units.map(({ serial, mac, facts }, index) => ({
          key: index,
          cells: [serial, mac ?? '–', written(facts) || '–'],
        }))}
      />
    </>
  );
}
