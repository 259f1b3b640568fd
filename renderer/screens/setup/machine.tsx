import type { ReactElement } from 'react';
import type { MachineFound } from '../../../station-core/contract/setup.ts';
import { useSay } from '../../say.ts';
import { Panel } from '../../ui/panel.tsx';
import styles from './setup.module.css';

const good: ReadonlySet<string> = new Set(['encrypted', 'synchronised', 'none', 'off']);

/** What could be found out about this computer, and what to do about it. */
export function Machine({ machine }: { machine: MachineFound }): ReactElement {
  const { t } = useSay();
  const { disk, clock, swap, coreDumps } = machine;
  const found = [
    ['disk', disk, t(`setup.machine.diskIs.${disk}`)],
    ['clock', clock, t(`setup.machine.clockIs.${clock}`)],
    ['swap', swap, t(`setup.machine.swapIs.${swap}`)],
    ['coreDumps', coreDumps, t(`setup.machine.coreDumpsIs.${coreDumps}`)],
  ] as const;
  return (
    <Panel title={t('setup.machine.title')}>
      <dl className={styles.findings}>
        {found.map(([name, is, says]) => (
          <Finding key={name} label={t(`setup.machine.${name}`)} good={good.has(is)} says={says} />
        ))}
      </dl>
    </Panel>
  );
}

function Finding({ label, good: isGood, says }: { label: string; good: boolean; says: string }): ReactElement {
  return (
    <>
      <dt>{label}</dt>
      <dd data-good={isGood}>{says}</dd>
    </>
  );
}
