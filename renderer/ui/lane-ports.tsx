import { type ReactElement, useEffect, useState } from 'react';
import type { PortFound } from '../../station-core/contract/setup.ts';
import type { LanePlace } from '../../station-core/contract/station-file.ts';
import { type Binding, beginBinding, seePorts } from '../binding.ts';
import { freeLane } from '../lanes-of.ts';
import { useSay } from '../say.ts';
import { useDo, useStation } from '../station.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextField } from './field.tsx';
import styles from './lane-ports.module.css';
import { Problem } from './problem.tsx';

type LanePortsProps = {
  readonly lanes: readonly LanePlace[];
  readonly onChange: (lanes: readonly LanePlace[]) => void;
};

/** Lanes with their ports: typed, or found by plugging the cable in. */
export function LanePorts({ lanes, onChange }: LanePortsProps): ReactElement {
  const { t } = useSay();
  const [finding, setFinding] = useState<number>();
  const change = (number: number, part: { path?: string; baud?: number }) =>
    onChange(lanes.map((lane) => (lane.lane === number && lane.kind === 'serial' ? { ...lane, ...part } : lane)));
  const free = freeLane(lanes);
  const add = () => {
    if (free === undefined) return;
    // A practice line grows by lanes like those that it has.
    const simulated = lanes.at(-1)?.kind === 'simulated';
    const added: LanePlace = simulated
      ? { lane: free, kind: 'simulated' }
      : { lane: free, kind: 'serial', path: '', baud: 115_200 };
    onChange([...lanes, added].sort((a, b) => a.lane - b.lane));
  };
  return (
    <div className={styles.lanes}>
      {lanes.length === 0 && <p>{t('setup.lanes.none')}</p>}
      {lanes.map((lane) => (
        <LaneRow
          key={lane.lane}
          lane={lane}
          onChange={(part) => change(lane.lane, part)}
          onFind={() => setFinding(lane.lane)}
          onRemove={() => onChange(lanes.filter((one) => one.lane !== lane.lane))}
        />
      ))}
      <div>
        <Button disabled={free === undefined} onPress={add}>
          {t('setup.lanes.add')}
        </Button>
      </div>
      {finding !== undefined && (
        <FindPort
          lane={finding}
          lanes={lanes}
          onFound={({ path }) => {
            change(finding, { path });
            setFinding(undefined);
          }}
          onClose={() => setFinding(undefined)}
        />
      )}
    </div>
  );
}

type LaneRowProps = {
  readonly lane: LanePlace;
  readonly onChange: (part: { path?: string; baud?: number }) => void;
  readonly onFind: () => void;
  readonly onRemove: () => void;
};

function LaneRow({ lane, onChange, onFind, onRemove }: LaneRowProps): ReactElement {
  const { t } = useSay();
  const number = String(lane.lane);
  return (
    <fieldset className={styles.lane}>
      <legend>{t('setup.lanes.lane', { lane: number })}</legend>
      {lane.kind === 'simulated' ? (
        <p>{t('setup.lanes.simulated')}</p>
      ) : (
        <>
          <TextField
            label={t('setup.lanes.port', { lane: number })}
            value={lane.path}
            onChange={(path) => onChange({ path })}
            rest={{ maxLength: 4_096 }}
          />
          <TextField
            label={t('setup.lanes.baud', { lane: number })}
            type="number"
            value={String(lane.baud)}
            onChange={(baud) => onChange({ baud: Number(baud) })}
            rest={{ min: 9_600, max: 3_000_000 }}
          />
          <Button label={t('setup.lanes.findFor', { lane: number })} onPress={onFind}>
            {t('setup.lanes.find')}
          </Button>
        </>
      )}
      <Button onPress={onRemove}>{t('setup.lanes.remove', { lane: number })}</Button>
    </fieldset>
  );
}

/** Fast enough to seem immediate, and a look costs a folder's listing. */
const lookEveryMs = 400;

type FindPortProps = {
  readonly lane: number;
  readonly lanes: readonly LanePlace[];
  readonly onFound: (port: PortFound) => void;
  readonly onClose: () => void;
};

/** Watches which port comes, and takes it. */
function FindPort({ lane, lanes, onFound, onClose }: FindPortProps): ReactElement {
  const { t } = useSay();
  const taken = Object.fromEntries(
    lanes.flatMap((one) => (one.kind === 'serial' && one.lane !== lane ? [[one.path, one.lane]] : [])),
  );
  const { binding, error, take } = useBinding(taken, onFound);
  const names = { lane: String(lane), other: String(binding?.lane ?? '') };
  const buttons = <Button onPress={onClose}>{t('setup.lanes.cancel')}</Button>;
  return (
    <Dialog title={t('setup.lanes.binding', { lane: String(lane) })} buttons={buttons} onClose={onClose}>
      <p className={styles.asks} role="status">
        {binding && t(`setup.lanes.${binding.asks}`, names)}
      </p>
      {binding?.choices.map((port) => (
        <Button key={port.path} onPress={() => take(port)}>
          {port.path} {port.about}
        </Button>
      ))}
      <p>{t('setup.lanes.watching', { count: binding?.ports.length ?? 0 })}</p>
      {error && <Problem error={error} />}
    </Dialog>
  );
}

function useBinding(taken: Readonly<Record<string, number>>, onFound: (port: PortFound) => void) {
  const { client } = useStation();
  const { error, run } = useDo();
  const [binding, setBinding] = useState<Binding>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: one watch from the opening of the dialog to its end.
  useEffect(() => {
    let now: Binding | undefined;
    const look = async () => {
      if (now?.bound) return;
      const ports = await client.call('ports.list', {});
      now = now === undefined ? beginBinding(ports) : seePorts(now, ports, taken);
      setBinding(now);
      if (now.bound) onFound(now.bound);
    };
    run(look);
    const timer = setInterval(() => run(look), lookEveryMs);
    return () => clearInterval(timer);
  }, []);
  return { binding, error, take: onFound };
}
