import type { ReactElement } from 'react';
import type { RunStep } from '../../station-core/contract/run.ts';
import type { lanes } from '../messages/en/lanes.ts';
import { useSay } from '../say.ts';
import { StepMark } from './shapes.tsx';
import styles from './steps.module.css';

/** Steps of this station: a recipe plans no others. */
type StepName = keyof (typeof lanes)['steps'];

type StepsProps = {
  readonly steps: readonly RunStep[];
  /** How far the step is that runs, where something says so. */
  readonly percent: number | undefined;
  /** Nothing is known to move. */
  readonly still: boolean;
};

/** The planned steps in order, each with its state and what it took. */
export function Steps({ steps, percent, still }: StepsProps): ReactElement {
  const { t, duration, percent: share } = useSay();
  const told = ({ state, ms }: RunStep): string => {
    if (state === 'running' && percent !== undefined) return share(percent, 100);
    return ms === undefined ? '' : duration(ms);
  };
  return (
    <ol className={styles.steps} data-still={still}>
      {steps.map((step) => (
        <li key={step.name} className={styles.step} data-step={step.name} data-state={step.state}>
          <span className={styles.name}>{t(`lanes.steps.${step.name as StepName}`)}</span>
          <StepMark state={step.state} />
          <span className={styles.ms}>{told(step)}</span>
        </li>
      ))}
    </ol>
  );
}
