import type { ReactElement } from 'react';
import type { LaneWait } from '../../station-core/contract/record.ts';
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
  /** What the step that runs waits for, since other lanes are at it. */
  readonly waits: LaneWait | undefined;
  /** Nothing is known to move. */
  readonly still: boolean;
};

/** The planned steps in order, each with its state and what it took. */
export function Steps({ steps, percent, waits, still }: StepsProps): ReactElement {
  const { t, duration, percent: share } = useSay();
  const told = ({ state, ms }: RunStep): string => {
    if (state === 'running' && percent !== undefined) return share(percent, 100);
    return ms === undefined ? '' : duration(ms);
  };
  return (
    <ol className={styles.steps} data-still={still}>
      {steps.map((step) => {
        const { name, state } = step;
        const waiting = state === 'running' && !still ? waits : undefined;
        return (
          <li key={name} className={styles.step} data-step={name} data-state={state} data-waits={waiting?.on}>
            <span className={styles.name}>{t(`lanes.steps.${name as StepName}`)}</span>
            <StepMark state={state} />
            {waiting ? <Waits waits={waiting} /> : <span className={styles.ms}>{told(step)}</span>}
          </li>
        );
      })}
    </ol>
  );
}

/** Its place in the queue, where the step's time will be; the whole sentence for whoever asks. */
function Waits({ waits: { on, before } }: { waits: LaneWait }): ReactElement {
  const { t } = useSay();
  const means = t(`lanes.waitsMean.${on}`, { before });
  return (
    <span className={styles.ms} title={means}>
      {t(`lanes.waits.${on}`, { place: before + 1 })}
    </span>
  );
}
