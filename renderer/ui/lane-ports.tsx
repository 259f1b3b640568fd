import { type ReactElement, useState } from 'react';
import type { LanePlace, ScannerSetting } from '../../station-core/contract/station-file.ts';
import { freeLane, ownersOf } from '../lanes-of.ts';
import { useSay } from '../say.ts';
import { Button } from './button.tsx';
import { Choice, TextField } from './field.tsx';
import { FindPort } from './find-port.tsx';
import styles from './lane-ports.module.css';

type LanePortsProps = {
  readonly lanes: readonly LanePlace[];
  /** They have ports, too. */
  readonly scanners?: readonly ScannerSetting[];
  readonly onChange: (lanes: readonly LanePlace[]) => void;
};

type SerialLane = Extract<LanePlace, { kind: 'serial' }>;

/** Lanes with their ports: typed, or found by plugging the cable in. */
export function LanePorts({ lanes, scanners = [], onChange }: LanePortsProps): ReactElement {
  const { t } = useSay();
  const [finding, setFinding] = useState<number>();
  const change = (changed: SerialLane) => onChange(lanes.map((lane) => (lane.lane === changed.lane ? changed : lane)));
  const found = lanes.find((lane): lane is SerialLane => lane.lane === finding && lane.kind === 'serial');
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
          onChange={change}
          onFind={() => setFinding(lane.lane)}
          onRemove={() => onChange(lanes.filter((one) => one.lane !== lane.lane))}
        />
      ))}
      <div>
        <Button disabled={free === undefined} onPress={add}>
          {t('setup.lanes.add')}
        </Button>
      </div>
      {found && (
        <FindPort
          of={{ kind: 'lane', number: found.lane }}
          owners={ownersOf(lanes, scanners)}
          onFound={({ path }) => {
            change({ ...found, path });
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
  readonly onChange: (lane: SerialLane) => void;
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
        <Serial lane={lane} onChange={onChange} onFind={onFind} />
      )}
      <Button onPress={onRemove}>{t('setup.lanes.remove', { lane: number })}</Button>
    </fieldset>
  );
}

type SerialProps = Omit<LaneRowProps, 'lane' | 'onRemove'> & { readonly lane: SerialLane };

function Serial({ lane, onChange, onFind }: SerialProps): ReactElement {
  const { t } = useSay();
  const number = String(lane.lane);
  const startBy = (start: 'scan' | 'attach') => {
    const { start: _, ...rest } = lane;
    // Left out it is the scan that starts.
    onChange(start === 'attach' ? { ...rest, start } : rest);
  };
  return (
    <>
      <TextField
        label={t('setup.lanes.port', { lane: number })}
        value={lane.path}
        onChange={(path) => onChange({ ...lane, path })}
        rest={{ maxLength: 4_096 }}
      />
      <TextField
        label={t('setup.lanes.baud', { lane: number })}
        type="number"
        value={String(lane.baud)}
        onChange={(baud) => onChange({ ...lane, baud: Number(baud) })}
        rest={{ min: 9_600, max: 3_000_000 }}
      />
      <Choice
        label={t('setup.lanes.start', { lane: number })}
        value={lane.start ?? 'scan'}
        choices={{ scan: t('setup.lanes.startScan'), attach: t('setup.lanes.startAttach') }}
        onChange={startBy}
      />
      <Button label={t('setup.lanes.findFor', { lane: number })} onPress={onFind}>
        {t('setup.lanes.find')}
      </Button>
    </>
  );
}
