import type { LaneView } from '../../../station-core/contract/record.ts';

/** Whose label somebody most likely wants once more: the unit that passed on the chosen lane, else the one that passed last. */
export function lastPassed(lanes: readonly LaneView[], selected: number | undefined): string | undefined {
  const passed = lanes.flatMap(({ lane, run }) => (run?.outcome === 'passed' ? [{ lane, run }] : []));
  const chosen = passed.find(({ lane }) => lane === selected);
  const newest = passed.reduce<(typeof passed)[number] | undefined>(
    (best, one) => (best && best.run.id > one.run.id ? best : one),
    undefined,
  );
  return (chosen ?? newest)?.run.serial;
}
