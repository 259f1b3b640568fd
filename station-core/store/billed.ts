import type { Db } from './open.ts';

/** Under which number operations stand that no order asked for. */
const noOrder = 0;

/** The day of a time by the station's own calendar, like 2026-11-27. */
export function dayOf(ms: number): string {
  const date = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Operations that the service bills, by order and by day. Writing belongs inside a commit. */
export class Billed {
  readonly #add;
  readonly #of;
  readonly #all;
  readonly #addDay;
  readonly #onDay;
  readonly #byOrder;

  constructor(db: Db) {
    this.#add = db.prepare(
      `INSERT INTO billed (order_id, operations) VALUES (@order, @operations)
       ON CONFLICT (order_id) DO UPDATE SET operations = operations + @operations`,
    );
    this.#of = db.prepare<[number], { operations: number }>('SELECT operations FROM billed WHERE order_id = ?');
    this.#all = db.prepare<[], { operations: number | null }>('SELECT sum(operations) AS operations FROM billed');
    this.#addDay = db.prepare(
      `INSERT INTO billed_day (day, operations) VALUES (@day, @operations)
       ON CONFLICT (day) DO UPDATE SET operations = operations + @operations`,
    );
    this.#onDay = db.prepare<[string], number>('SELECT operations FROM billed_day WHERE day = ?').pluck();
    this.#byOrder = db.prepare<[number], { order: string; operations: number }>(
      `SELECT work_order.name AS "order", operations FROM billed JOIN work_order ON work_order.id = order_id
       ORDER BY order_id DESC LIMIT ?`,
    );
  }

  /** Adds operations of an order, or of none; a part of one where a call carried units of several orders. */
  add(order: number | undefined, operations: number): void {
    this.#add.run({ order: order ?? noOrder, operations });
  }

  /** Adds operations to a day, as `dayOf` names it. */
  addOn(day: string, operations: number): void {
    this.#addDay.run({ day, operations });
  }

  onDay(day: string): number {
    return this.#onDay.get(day) ?? 0;
  }

  /** The newest orders that were billed for. */
  byOrder(most: number): { readonly order: string; readonly operations: number }[] {
    return this.#byOrder.all(most);
  }

  of(order: number): number {
    return this.#of.get(order)?.operations ?? 0;
  }

  total(): number {
    return this.#all.get()?.operations ?? 0;
  }
}
