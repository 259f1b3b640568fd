import type { Outcome } from '../../station-core/contract/run.ts';
import type { Db } from '../../station-core/store/open.ts';
import { openStore } from '../../station-core/store/open.ts';
import { temporaryFolder } from './temporary.ts';

/** A run as a test wants it to have been; times in Unix milliseconds. */
export type PastRun = {
  readonly order: number;
  readonly unit: number;
  readonly opened: number;
  readonly closed: number | null;
  readonly outcome: Outcome;
  readonly code?: string;
};

const iso = (ms: number) => new Date(ms).toISOString();

/** A database on disk with orders of so many units each; units are numbered through. */
export function historyOf(orders: readonly number[], prefix = 'P-'): Db {
  const db = openStore(temporaryFolder(), 'owner');
  db.prepare(`INSERT INTO recipe (hash, name, version, bytes) VALUES (x'01', 'r', 1, '{}')`).run();
  const serial = db.prepare(`INSERT INTO disclosure (label, value, salt, commitment) VALUES ('serial', ?, x'00', 'c')`);
  const order = db.prepare(
    `INSERT INTO work_order (name, recipe, state, armed, quantity, made_at) VALUES (?, x'01', 'open', 'proven', ?, 't')`,
  );
  const unit = db.prepare(`INSERT INTO unit (work_order, serial, facts, state) VALUES (?, ?, '{}', 'waiting')`);
  db.transaction(() => {
    let made = 0;
    for (const [index, units] of orders.entries()) {
      const { lastInsertRowid: id } = order.run(`O-${index + 1}`, units);
      for (let one = 0; one < units; one++) {
        unit.run(id, serial.run(`${prefix}${String(++made).padStart(7, '0')}`).lastInsertRowid);
      }
    }
  })();
  return db;
}

const openedEvent = {
  type: 'opened',
  lane: 1,
  order: 'o',
  recipe: 'r',
  serial: 's',
  scanned: 's',
  who: 'w',
  plan: [],
};

/** Writes runs as they would have been: a row, the closing event, the unit's state. */
export function addRuns(db: Db, runs: readonly PastRun[]): void {
  const insert = db.prepare('INSERT INTO run (unit, lane, opened_at, closed_at, outcome) VALUES (?, 1, ?, ?, ?)');
  const event = db.prepare('INSERT INTO journal (run, body) VALUES (?, ?)');
  const finish = db.prepare(`UPDATE unit SET state = 'finished', finished_at = ? WHERE id = ?`);
  db.transaction(() => {
    for (const { unit, opened, closed, outcome, code } of runs) {
      const ended = closed === null ? null : iso(closed);
      const { lastInsertRowid: run } = insert.run(unit, iso(opened), ended, ended && outcome);
      event.run(run, JSON.stringify({ ...openedEvent, at: iso(opened) }));
      if (ended === null) continue;
      const error = code === undefined ? {} : { error: { code, details: {} } };
      event.run(run, JSON.stringify({ type: 'closed', at: ended, outcome, ...error }));
      if (outcome === 'passed') finish.run(ended, unit);
    }
  })();
}
