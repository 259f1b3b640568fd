import { createHash } from 'node:crypto';
import type { StationEvent } from '../contract/events.ts';
import { fold, type Run, type RunEvent } from '../contract/run.ts';
import type { Commits } from './commit.ts';
import type { Disclosures } from './disclosure.ts';
import type { Db } from './open.ts';

type Row = { n: number; run: number | null; body: string };

/** SHA-256 over a run's events as they were written, each followed by a line feed, in hex: what its closing entry binds. */
export function journalHash(bodies: readonly string[]): string {
  const hash = createHash('sha256');
  for (const body of bodies) hash.update(`${body}\n`, 'utf8');
  return hash.digest('hex');
}

/** The append-only events of the station, numbered in the order in which they became durable. */
export class Journal {
  readonly #db: Db;
  readonly #commits: Commits;
  readonly #disclosures: Disclosures;
  readonly #listeners = new Set<(event: StationEvent) => void>();
  readonly #insert;
  readonly #since;
  readonly #ofRun;
  readonly #newest;

  constructor(db: Db, commits: Commits, disclosures: Disclosures) {
    this.#db = db;
    this.#commits = commits;
    this.#disclosures = disclosures;
    this.#insert = db.prepare('INSERT INTO journal (run, body) VALUES (?, ?)');
    this.#since = db.prepare<[number, number], Row>('SELECT n, run, body FROM journal WHERE n > ? ORDER BY n LIMIT ?');
    this.#ofRun = db.prepare<[number], Row>('SELECT n, run, body FROM journal WHERE run = ? ORDER BY n');
    this.#newest = db.prepare<[], { n: number | null }>('SELECT max(n) AS n FROM journal');
  }

  /** Inside a commit: appends an event; listeners hear of it once it is durable. */
  append(run: number | null, event: StationEvent['event']): void {
    if (!this.#db.inTransaction) throw new TypeError('an event is written inside a commit');
    const n = Number(this.#insert.run(run, JSON.stringify(this.#disclosures.veil(event))).lastInsertRowid);
    const told = (run === null ? { n, event } : { n, run, event }) as StationEvent;
    this.#commits.afterwards(() => {
      for (const listener of this.#listeners) listener(told);
    });
  }

  /** Calls back with every event that becomes durable from now on; returns how to stop. */
  onEvent(listener: (event: StationEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The number of the newest event, 0 when there is none. */
  newest(): number {
    return this.#newest.get()?.n ?? 0;
  }

  /** Up to `most` events after number `n`, oldest first. */
  since(n: number, most: number): StationEvent[] {
    return this.#since.all(n, most).map((row) => this.#read(row));
  }

  /** A run folded from its events, or none. */
  run(id: number): Run | undefined {
    let run: Run | undefined;
    for (const row of this.#ofRun.all(id)) run = fold(id, run, this.#read(row).event as RunEvent);
    return run;
  }

  /** A run's events as they were written, with references where clear values stood: these bytes outlive every erasure. */
  bodies(run: number): string[] {
    return this.#ofRun.all(run).map(({ body }) => body);
  }

  #read(row: Row): StationEvent {
    const event = this.#disclosures.unveil(JSON.parse(row.body));
    return (row.run === null ? { n: row.n, event } : { n: row.n, run: row.run, event }) as StationEvent;
  }
}
