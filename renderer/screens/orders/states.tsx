import type { ReactElement } from 'react';
import type { Armed } from '../../../station-core/contract/record.ts';
import type { Outcome } from '../../../station-core/contract/run.ts';
import type { Look } from '../../looks.ts';
import { useSay } from '../../say.ts';
import { Shape } from '../../ui/shapes.tsx';
import styles from './orders.module.css';

/** A word on what it means, with its shape. */
function Mark({ look, word }: { look: Look; word: string }): ReactElement {
  return (
    <span className={styles.mark} data-look={look}>
      <Shape look={look} className={styles.shape} />
      {word}
    </span>
  );
}

const armedLooks: Readonly<Record<Armed, Look>> = { no: 'indeterminate', proven: 'ready', accepted: 'aborted' };

/** How it is known that the order's key is the cloud's. */
export function ArmedMark({ armed }: { armed: Armed }): ReactElement {
  const { t } = useSay();
  return <Mark look={armedLooks[armed]} word={t(`orders.armed.${armed}`)} />;
}

/** How a run ended; a pass is drawn as one only where the station's record says so. */
export function OutcomeMark({ outcome }: { outcome: Outcome | null }): ReactElement {
  const { t } = useSay();
  return <Mark look={outcome ?? 'busy'} word={t(`orders.outcomes.${outcome ?? 'running'}`)} />;
}
