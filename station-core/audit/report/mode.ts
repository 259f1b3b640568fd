import type Database from 'better-sqlite3';
import { lineOf, said } from './line.ts';

/** The first entry of the log says whether the station is for practice; a filter may have left it out of an export. */
export function modeOf(db: Database.Database): string | undefined {
  const bytes = db.prepare<[], string>('SELECT CAST(bytes AS TEXT) FROM audit_entry WHERE seq = 0').pluck().get();
  try {
    const line = lineOf(0, JSON.parse(bytes ?? '') as { [name: string]: unknown });
    return line?.action === 'station.founded' ? said(line, 'mode') : undefined;
  } catch {
    return undefined; // a damaged first entry says nothing, and the document says that it is not known
  }
}
