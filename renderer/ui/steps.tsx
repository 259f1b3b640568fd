import type { ReactElement } from 'react';
import type { RunStep } from '../../station-core/contract/run.ts';
import type { lanes } from '../messages/en/lanes.ts';
import { useSay } from '../say.ts';
import { StepMark } from './shapes.tsx';
import styles from './steps.module.css';

/** Steps of this station: a recipe plans no others. */
type StepName = keyof (typeof lanes)['steps'];

/** The planned steps in order, each with its state and what it took. `still`: nothing is known to move. */
export function Steps({ steps, still }: { steps: readonly RunStep[]; still: boolean }): ReactElement {
  const { t, duration } = useSay();
  return (
    <ol className={styles.steps} data-still={still}>
      {steps.map(({ name, state, ms }) => (
        <li key={name} className={styles.step} data-step={name} data-state={state}>
          <span className={styles.name}>{t(`lanes.steps.${name as StepName}`)}</span>
          <StepMark state={state} />
          <span className={styles.ms}>{ms === undefined ? '' : duration(ms)}</span>
        </li>
      ))}
    </ol>
  );
}
