import type { Db } from './open.ts';

/** Under which number operations stand that no order asked for. */
const noOrder = 0;

/** Operations that the service bills, by order. Writing belongs inside a commit. */
export class Billed {
  readonly #add;
  readonly #of;
  readonly #all;

  constructor(db: Db) {
    this.#add = db.prepare(
      `INSERT INTO billed (order_id, operations) VALUES (@order, @operations)
       ON CONFLICT (order_id) DO UPDATE SET operations = operations + @operations`,
    );
    this.#of = db.prepare<[number], { operations: number }>('SELECT operations FROM billed WHERE order_id = ?');
    this.#all = db.prepare<[], { operations: number | null }>('SELECT sum(operations) AS operations FROM billed');
  }

  /** Adds operations of an order, or of none; a part of one where a call carried units of several orders. */
  add(order: number | undefined, operations: number): void {
    this.#add.run({ order: order ?? noOrder, operations });
  }

  of(order: number): number {
    return this.#of.get(order)?.operations ?? 0;
  }

  total(): number {
    return this.#all.get()?.operations ?? 0;
  }
}
