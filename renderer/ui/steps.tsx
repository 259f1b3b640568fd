import type { ReactElement } from 'react';
import type { RunStep } from '../../station-core/contract/run.ts';
import { text } from '../text.ts';
import { StepMark } from './shapes.tsx';
import styles from './steps.module.css';

/** The planned steps in order, each with its state and what it took. `still`: nothing is known to move. */
export function Steps({ steps, still }: { steps: readonly RunStep[]; still: boolean }): ReactElement {
  return (
    <ol className={styles.steps} data-still={still}>
      {steps.map(({ name, state, ms }) => (
        <li key={name} className={styles.step} data-step={name} data-state={state}>
          <span className={styles.name}>{text.step(name)}</span>
          <StepMark state={state} />
          <span className={styles.ms}>{ms === undefined ? '' : text.ms(ms)}</span>
        </li>
      ))}
    </ol>
  );
}
