import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { addRuns, type PastRun } from '../suites/order-history.ts';

/** What the database of the running station says, read beside it. */
export function inDatabase<T>(folder: string, read: (db: Database.Database) => T): T {
  const db = new Database(join(folder, 'station.db'), { timeout: 10_000 });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** The shift until now, written as its runs would have been: most units of the order pass, some of them not at once. */
export function addShift(folder: string): void {
  inDatabase(folder, (db) => {
    const began = Date.now() - 7 * 3_600_000;
    const runs = Array.from({ length: 33 }, (_, index): PastRun[] => {
      const opened = began + index * 720_000 + (index % 5) * 61_000;
      const run = { order: 1, unit: index + 4, opened, closed: opened + 9_000 + index * 100 };
      const again = { ...run, opened: opened + 30_000, closed: opened + 41_000, outcome: 'passed' } as const;
      if (index % 6 === 4) return [{ ...run, outcome: 'failed', code: 'unit.silent' }, again];
      if (index % 11 === 7) return [{ ...run, outcome: 'errored', code: 'hsm.down' }, again];
      return [{ ...run, outcome: 'passed' }];
    });
    addRuns(db, runs.flat());
    db.exec(`UPDATE work_order SET finished = (SELECT count(*) FROM unit WHERE state = 'finished')`);
  });
}

export type Counted = {
  readonly runs: number;
  readonly units: number;
  readonly passed: number;
  readonly firstPassed: number;
};

/** The figures of all runs, counted by the database alone. */
export const countedIn = (folder: string): Counted =>
  inDatabase(folder, (db) => {
    const counted = db.prepare<[], Counted>(
      `SELECT count(*) AS runs, count(DISTINCT unit) AS units, sum(outcome = 'passed') AS passed,
         sum(outcome = 'passed' AND id IN (SELECT min(id) FROM run GROUP BY unit)) AS firstPassed FROM run`,
    );
    return counted.get() ?? { runs: 0, units: 0, passed: 0, firstPassed: 0 };
  });

/** The row of a table that has this text. */
export const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
/** The part of a screen with this heading. */
export const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
