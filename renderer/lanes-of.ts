import type { LanePlace } from '../station-core/contract/station-file.ts';

/** The lowest number that no lane has, or none. Pure. */
export function freeLane(lanes: readonly LanePlace[]): number | undefined {
  const numbers = new Set(lanes.map(({ lane }) => lane));
  return Array.from({ length: 64 }, (_, index) => index + 1).find((number) => !numbers.has(number));
}
