import { StationError } from './contract/errors.ts';
import type { Records } from './store/records.ts';
import type { Unit } from './store/units.ts';

/** The one unit with this serial, of the order that is named where several hold it. Throws `unit.unknown`, `unit.ambiguous`. */
export function oneUnit(
  { units }: Pick<Records, 'units'>,
  { serial, order }: { readonly serial: string; readonly order?: string },
): Unit {
  const [unit, another] = units.bySerial(serial).filter((one) => order === undefined || one.orderName === order);
  if (!unit) throw new StationError('unit.unknown', { serial });
  if (another) throw new StationError('unit.ambiguous', { serial });
  return unit;
}

/** Throws `unit.busy` and `unit.in-batch` while something of this unit is on its way. */
export function requireStill({ runs, certificates }: Records, { id, serial }: Pick<Unit, 'id' | 'serial'>): void {
  const going = runs.openOf(id);
  if (going) throw new StationError('unit.busy', { serial, lane: going.lane });
  if (certificates.underWay(id)) throw new StationError('unit.in-batch', { serial });
}
