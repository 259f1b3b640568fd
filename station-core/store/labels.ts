import type { ErrorData } from '../contract/errors.ts';
import type { Db } from './open.ts';

export type LabelState = 'queued' | 'parked' | 'printed';

/** A label that is to be printed, or was. */
export type LabelRow = {
  readonly id: number;
  readonly unit: number;
  readonly run: number | null;
  readonly template: string;
  readonly printer: string | null;
  readonly state: LabelState;
  /** Why it is parked. */
  readonly error: ErrorData | null;
};

type Stored = Omit<LabelRow, 'error'> & { readonly error: string | null };
type NewLabel = Omit<LabelRow, 'id'> & { readonly at: string };

const columns = 'id, unit, run, template, printer, state, error';
/** More that wait than anybody counts by looking. */
const mostCounted = 1_000;

/** Rows of labels. Every writing method belongs inside a commit. */
export class Labels {
  readonly #insert;
  readonly #byId;
  readonly #next;
  readonly #open;
  readonly #openOf;
  readonly #copies;
  readonly #waiting;
  readonly #printers;
  readonly #settle;
  readonly #queueAgain;

  constructor(db: Db) {
    this.#insert = db.prepare<[number, number | null, string, string | null, LabelState, string | null, string]>(
      'INSERT INTO label (unit, run, template, printer, state, error, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#byId = db.prepare<[number], Stored>(`SELECT ${columns} FROM label WHERE id = ?`);
    this.#next = db.prepare<[string], Stored>(
      `SELECT ${columns} FROM label WHERE printer = ? AND state = 'queued' ORDER BY id LIMIT 1`,
    );
    this.#open = db.prepare<[number], Stored>(
      `SELECT ${columns} FROM label WHERE state <> 'printed' ORDER BY id LIMIT ?`,
    );
    this.#openOf = db.prepare<[number], Stored>(
      `SELECT ${columns} FROM label WHERE unit = ? AND state <> 'printed' ORDER BY id LIMIT 1`,
    );
    this.#copies = db.prepare<[number, number], { n: number }>(
      'SELECT count(*) AS n FROM label WHERE unit = ? AND id <= ?',
    );
    this.#waiting = db.prepare<[number], { n: number }>(
      `SELECT count(*) AS n FROM (SELECT 1 FROM label WHERE state <> 'printed' LIMIT ?)`,
    );
    // From one printer to the next by the index, however many labels wait for each.
    this.#printers = db.prepare<[], { name: string }>(
      `WITH RECURSIVE waiting (name) AS (
         SELECT min(printer) FROM label WHERE state = 'queued'
         UNION ALL
         SELECT (SELECT min(printer) FROM label WHERE state = 'queued' AND printer > waiting.name)
         FROM waiting WHERE waiting.name IS NOT NULL)
       SELECT name FROM waiting WHERE name IS NOT NULL`,
    );
    this.#settle = db.prepare<[LabelState, string | null, number]>(
      'UPDATE label SET state = ?, error = ? WHERE id = ?',
    );
    this.#queueAgain = db.prepare<[string, string, number]>(
      `UPDATE label SET state = 'queued', error = NULL, template = ?, printer = ? WHERE id = ?`,
    );
  }

  /** Answers the row's id. */
  add({ unit, run, template, printer, state, error, at }: NewLabel): number {
    const said = error && JSON.stringify(error);
    return Number(this.#insert.run(unit, run, template, printer, state, said, at).lastInsertRowid);
  }

  byId(id: number): LabelRow | undefined {
    return read(this.#byId.get(id));
  }

  /** The label that a printer's turn comes to. */
  next(printer: string): LabelRow | undefined {
    return read(this.#next.get(printer));
  }

  /** Printers that labels wait for. */
  printers(): string[] {
    return this.#printers.all().map(({ name }) => name);
  }

  /** The oldest labels that did not come out yet. */
  open(most: number): LabelRow[] {
    return this.#open.all(most).flatMap((row) => read(row) ?? []);
  }

  /** A label of this unit that did not come out yet. */
  openOf(unit: number): LabelRow | undefined {
    return read(this.#openOf.get(unit));
  }

  /** Which of its unit's labels a label is, counted from one. */
  copyOf({ unit, id }: Pick<LabelRow, 'unit' | 'id'>): number {
    return this.#copies.get(unit, id)?.n ?? 0;
  }

  /** How many labels did not come out yet; a thousand are many. */
  waiting(): number {
    return this.#waiting.get(mostCounted)?.n ?? 0;
  }

  printed(id: number): void {
    this.#settle.run('printed', null, id);
  }

  park(id: number, error: ErrorData): void {
    this.#settle.run('parked', JSON.stringify(error), id);
  }

  /** A person asks for a label that waits: from the template and to the printer that are right now. */
  queueAgain(id: number, template: string, printer: string): void {
    this.#queueAgain.run(template, printer, id);
  }
}

function read(row: Stored | undefined): LabelRow | undefined {
  return row && { ...row, error: row.error === null ? null : (JSON.parse(row.error) as ErrorData) };
}
