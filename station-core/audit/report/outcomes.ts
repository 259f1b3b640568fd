import { type Outcome, outcomes } from '../../contract/run.ts';
import { type Line, said } from './line.ts';
import { type Counted, Tally } from './tally.ts';

export type OrderCounts = {
  readonly order: string;
  /** SHA-256 of the recipe in hex; none when the order was made outside the report's scope. */
  readonly recipe: string | undefined;
  readonly quantity: number | undefined;
  readonly runs: Readonly<Record<Outcome, number>>;
};

export type Outcomes = {
  readonly runs: Readonly<Record<Outcome, number>>;
  /** Units with at least one run that ended. */
  readonly units: number;
  /** Units by how their last run ended. */
  readonly last: Readonly<Record<Outcome, number>>;
  /** Units whose first run passed. */
  readonly firstPass: number;
  readonly orders: readonly OrderCounts[];
  /** Why runs did not pass, by the code of the error. */
  readonly failures: readonly Counted[];
};

type Counts = Record<Outcome, number>;
type Order = { recipe: string | undefined; quantity: number | undefined; readonly runs: Counts };
type Opened = { readonly unit: string; readonly order: string | undefined };

const noCounts = (): Counts => ({ passed: 0, failed: 0, errored: 0, aborted: 0, indeterminate: 0 });

/** A unit is remembered by 66 bits of its commitment, which are random: all that grows with the number of units. */
const short = (commitment: string): string => commitment.slice(12, 23);

/** Runs by outcome, and units by their first and last run. */
export class OutcomeCounts {
  readonly #runs = noCounts();
  readonly #orders = new Map<string, Order>();
  readonly #failures = new Tally();
  readonly #open = new Map<number, Opened>();
  /** First and last outcome of a unit, as places in `outcomes`. */
  readonly #units = new Map<string, number>();

  take(line: Line): void {
    if (line.action === 'order.created') this.#created(line);
    else if (line.action === 'run.opened') this.#opened(line);
    else if (line.action === 'run.closed') this.#closed(line);
  }

  all(): Outcomes {
    const last = noCounts();
    let firstPass = 0;
    for (const both of this.#units.values()) {
      last[outcomeAt(both % outcomes.length)]++;
      if (Math.floor(both / outcomes.length) === 0) firstPass++;
    }
    const orders = [...this.#orders].map(([order, rest]) => ({ order, ...rest }));
    const { size: units } = this.#units;
    return { runs: this.#runs, units, last, firstPass, orders, failures: this.#failures.sorted() };
  }

  #created(line: Line): void {
    if (line.order === undefined) return;
    const order = this.#order(line.order);
    const quantity = line.details?.quantity;
    order.recipe = said(line, 'recipe');
    order.quantity = typeof quantity === 'number' ? quantity : undefined;
  }

  #opened(line: Line): void {
    const { run, unit, order } = line;
    if (run !== undefined && unit) this.#open.set(run, { unit: unit.serial, order });
    if (order !== undefined) this.#order(order).recipe ??= said(line, 'recipe');
  }

  /** A run that a dead process left behind is closed by the next start, which names the run and no unit. */
  #closed(line: Line): void {
    const outcome = outcomes.find((one) => one === said(line, 'outcome'));
    if (!outcome) return;
    const opened = line.run === undefined ? undefined : this.#open.get(line.run);
    if (line.run !== undefined) this.#open.delete(line.run);
    const unit = line.unit?.serial ?? opened?.unit;
    const order = line.order ?? opened?.order;
    this.#runs[outcome]++;
    if (order !== undefined) this.#order(order).runs[outcome]++;
    if (outcome !== 'passed') this.#failures.add(line.reason ?? 'without a reason');
    if (unit !== undefined) this.#ended(short(unit), outcomes.indexOf(outcome));
  }

  #ended(unit: string, outcome: number): void {
    const known = this.#units.get(unit);
    const first = known === undefined ? outcome : Math.floor(known / outcomes.length);
    this.#units.set(unit, first * outcomes.length + outcome);
  }

  #order(name: string): Order {
    const known = this.#orders.get(name);
    if (known) return known;
    const made: Order = { recipe: undefined, quantity: undefined, runs: noCounts() };
    this.#orders.set(name, made);
    return made;
  }
}

const outcomeAt = (place: number): Outcome => outcomes[place] ?? 'indeterminate';
