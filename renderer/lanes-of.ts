import type { LanePlace } from '../station-core/contract/station-file.ts';

/** The lowest number that no lane has, or none. Pure. */
export function freeLane(lanes: readonly LanePlace[]): number | undefined {
  const numbers = new Set(lanes.map(({ lane }) => lane));
  return Array.from({ length: 64 }, (_, index) => index + 1).find((number) => !numbers.has(number));
}

/** Why lanes cannot stand: keys of `setup.wrong`. */
export type WrongLanes = 'noLanes' | 'noPort' | 'samePort';

/** Lanes on ports, each on one of its own. Pure. */
export function wrongLanes(lanes: readonly LanePlace[]): WrongLanes | undefined {
  const ports = lanes.flatMap((lane) => (lane.kind === 'serial' ? [lane.path.trim()] : []));
  if (lanes.length === 0) return 'noLanes';
  if (ports.includes('')) return 'noPort';
  return new Set(ports).size < ports.length ? 'samePort' : undefined;
}
