import type { Db } from '../store/open.ts';
import type { Taken } from './file.ts';

/** Which order has a unit with a registration ID or a MAC, by the database. */
export function takenIn(db: Db): Taken {
  const by = (column: 'registration' | 'mac', label: string) =>
    db
      .prepare<[string], string>(
        `SELECT work_order.name FROM disclosure d JOIN unit ON unit.${column} = d.id JOIN work_order ON work_order.id = unit.work_order
         WHERE d.label = '${label}' AND d.value = ? LIMIT 1`,
      )
      .pluck();
  const [registration, mac] = [by('registration', 'registrationId'), by('mac', 'mac')];
  return { registrationId: (value) => registration.get(value), mac: (value) => mac.get(value) };
}
