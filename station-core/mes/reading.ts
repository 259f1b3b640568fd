import { StationError } from '../contract/errors.ts';
import type { ListedUnit } from '../contract/orders.ts';
import type { Order } from '../contract/record.ts';
import type { ResultRow } from '../store/mes-results.ts';
import type { Records } from '../store/records.ts';
import type { UnitList } from '../store/unit-list.ts';
import type { OrderAnswer, Result, UnitAnswer } from './answers.ts';
import { Refusal } from './refusals.ts';

/** Orders of this serial, and runs of each unit, beyond which nobody is told. */
const mostUnits = 50;
const mostRuns = 50;

/** The records as factory systems read them. */
export class Reading {
  readonly #records: Pick<Records, 'units' | 'results'>;
  readonly #list: UnitList;

  constructor(records: Pick<Records, 'units' | 'results'>, list: UnitList) {
    this.#records = records;
    this.#list = list;
  }

  /** Throws the refusal of a number that there is not yet: a station that was put back from a backup counts from there on. */
  since(n: number, limit: number): { results: Result[]; next: number; more: boolean } {
    const newest = this.#records.results.newest();
    if (n > newest) throw new Refusal('http.since-unknown', { newest });
    const rows = this.#records.results.since(n, limit + 1);
    const results = rows.slice(0, limit).map((row) => this.#result(row));
    return { results, next: results.at(-1)?.n ?? n, more: rows.length > limit };
  }

  /** One result by its number in the sequence, or none. */
  result(n: number): Result | undefined {
    const row = this.#records.results.byNumber(n);
    return row && this.#result(row);
  }

  orders(limit: number): { orders: OrderAnswer[] } {
    return { orders: this.#records.units.orders().slice(0, limit).map(orderAnswer) };
  }

  /** Throws `order.unknown`. */
  order(name: string): OrderAnswer {
    return orderAnswer(this.#records.units.order(name));
  }

  /** Throws `order.unknown`. */
  unitsOf(
    order: string,
    { state, after, limit }: { state: ListedUnit['state'] | undefined; after: number; limit: number },
  ): { units: UnitAnswer[]; next: number | null } {
    const rows = this.#list.page(this.#records.units.order(order).id, state, after, limit + 1);
    const shown = rows.slice(0, limit);
    const next = rows.length > limit ? (shown.at(-1)?.unit ?? null) : null;
    return { units: shown.map((row) => this.#unit({ ...row, id: row.unit, order })), next };
  }

  /** The unit of every order with this serial. Throws `unit.unknown`. */
  bySerial(serial: string): { units: (UnitAnswer & { results: Result[] })[] } {
    const found = this.#records.units.bySerial(serial).slice(0, mostUnits);
    if (found.length === 0) throw new StationError('unit.unknown', { serial });
    const units = found.map((unit) => {
      const scrappedAt = this.#records.units.scrappedAt(unit.id) ?? null;
      const results = this.#records.results.ofUnit(unit.id, mostRuns).map((row) => this.#result(row));
      return { ...this.#unit({ ...unit, order: unit.orderName, scrappedAt }), results };
    });
    return { units };
  }

  #unit(row: Omit<UnitAnswer, 'certificates' | 'last'> & { readonly id: number }): UnitAnswer {
    const { id, serial, order, registrationId, state, finishedAt, scrappedAt } = row;
    const [last] = this.#records.results.ofUnit(id, 1);
    const certificates = this.#records.results.thumbprints(id);
    const known = { serial, order, registrationId, state, finishedAt, scrappedAt, certificates };
    return { ...known, last: last ? this.#result(last) : null };
  }

  #result({ unit, ...row }: ResultRow): Result {
    return { ...row, certificates: this.#records.results.thumbprints(unit) };
  }
}

export const orderAnswer = ({ name, recipe, recipeHash, state, armed, quantity, finished }: Order): OrderAnswer => ({
  name,
  recipe,
  recipeHash,
  state,
  armed,
  quantity,
  finished,
});
