import type { ReactElement, ReactNode } from 'react';
import type { UnitInput } from '../../../station-core/contract/api.ts';
import type { FileProblem, OrderPreview } from '../../../station-core/contract/orders.ts';
import { useSay } from '../../say.ts';
import { Empty } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './orders.module.css';
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
  const key = ({ line, column, rule }: FileProblem, index: number) => `${line} ${column} ${rule} ${index}`;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys. */}
      <section className={styles.scrolled} aria-label={t('orders.importing.problems')} tabIndex={0}>
        <table className={styles.plain}>
          <thead>
            <tr>
              {(['line', 'column', 'what'] as const).map((head) => (
                <th key={head} scope="col">
                  {t(`orders.importing.${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {problems.map((problem, index) => (
              <tr key={key(problem, index)}>
                <th scope="row">{number(problem.line)}</th>
                <td>{problem.column}</td>
                <td>{ruleSentence(t, problem)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {moreProblems > 0 && <p>{t('orders.importing.more', { count: moreProblems })}</p>}
    </>
  );
}

function FirstUnits({ units }: { units: readonly UnitInput[] }): ReactElement {
  const { t } = useSay();
  return (
    <>
      <h3>{t('orders.importing.first')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys. */}
      <section className={styles.scrolled} aria-label={t('orders.importing.first')} tabIndex={0}>
        <table className={styles.plain}>
          <thead>
            <tr>
              {(['serial', 'mac', 'facts'] as const).map((head) => (
                <th key={head} scope="col">
                  {t(`orders.importing.${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {units.map(({ serial, mac, facts }) => (
              <tr key={`${serial} ${mac}`}>
                <th scope="row">{serial}</th>
                <td>{mac ?? '–'}</td>
                <td>
                  {Object.entries(facts ?? {})
                    .map(([name, value]) => `${name}: ${value}`)
                    .join(', ') || '–'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
