import type Database from 'better-sqlite3';
import { membersOf } from './key-check.ts';
import type { Finding } from './tree-check.ts';

type StationRow = { readonly [column: string]: string };

/** What is wrong with the row that says who the station is: the founding entry, the first of the log, says the same. */
export function stationProblem(db: Database.Database): Finding | undefined {
  const row = db.prepare<[], StationRow>('SELECT mode, station, origin, made_at AS madeAt FROM station').get();
  const first = db.prepare<[], Buffer>('SELECT CAST(bytes AS BLOB) FROM audit_entry WHERE seq = 0').pluck().get();
  const where = 'station.db';
  const members = first && membersOf(first);
  // A damaged entry is told of by whoever reads the entries.
  if (members?.action !== 'station.founded') return undefined;
  if (!row) return { seq: 0, what: 'no row says which station it is', where };
  const said = { ...members, ...(members.details as object) } as { readonly [name: string]: unknown };
  const column = Object.keys(row).find((name) => row[name] !== said[name]);
  return column === undefined
    ? undefined
    : { seq: 0, what: `the station's ${column} is not the one of its founding entry`, where };
}
