import { type LanePlace, type ScannerSetting, seesPlugs } from '../station-core/contract/station-file.ts';
import type { Owner } from './binding.ts';

/** The lowest number that no lane has, or none. Pure. */
export function freeLane(lanes: readonly LanePlace[]): number | undefined {
  const numbers = new Set(lanes.map(({ lane }) => lane));
  return Array.from({ length: 64 }, (_, index) => index + 1).find((number) => !numbers.has(number));
}

/** Why lanes cannot stand: keys of `setup.wrong`. */
export type WrongLanes = 'noLanes' | 'noPort' | 'noPlugs' | 'samePort';

/** Lanes on ports, each on one of its own. Pure. */
export function wrongLanes(lanes: readonly LanePlace[]): WrongLanes | undefined {
  const ports = lanes.flatMap((lane) => (lane.kind === 'serial' ? [lane.path.trim()] : []));
  if (lanes.length === 0) return 'noLanes';
  if (ports.includes('')) return 'noPort';
  if (!seesPlugs(lanes)) return 'noPlugs';
  return new Set(ports).size < ports.length ? 'samePort' : undefined;
}

/** Whose port is whose, by path. Pure. */
export function ownersOf(
  lanes: readonly LanePlace[],
  scanners: readonly ScannerSetting[],
): Readonly<Record<string, Owner>> {
  const ofLanes = lanes.flatMap((lane) =>
    lane.kind === 'serial' ? [[lane.path.trim(), { kind: 'lane', number: lane.lane }] as const] : [],
  );
  const ofScanners = scanners.map(({ path }, index) => [path.trim(), { kind: 'scanner', number: index + 1 }] as const);
  return Object.fromEntries([...ofLanes, ...ofScanners]);
}
