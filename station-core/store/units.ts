import { StationError } from '../contract/errors.ts';
import type { Recipe } from '../contract/recipe.ts';
import type { Armed, Order, OrderState } from '../contract/record.ts';
import { type Disclosures, erasedMark } from './disclosure.ts';
import type { Db } from './open.ts';

export type UnitState = 'waiting' | 'finished' | 'quarantined';

/** A unit of an order, with its clear identity and the recipe it is made by. */
export type Unit = {
  readonly id: number;
  readonly order: number;
  readonly orderName: string;
  readonly orderState: OrderState;
  readonly armed: Armed;
  /** How many units the order may make, and how many it made. */
  readonly quantity: number;
  readonly finished: number;
  readonly recipe: Recipe;
  /** SHA-256 of its canonical bytes, hex. */
  readonly recipeHash: string;
  readonly serial: string;
  readonly mac: string | null;
  /** None before its endorsement key was read, where it follows from that. */
  readonly registrationId: string | null;
  readonly facts: { readonly [name: string]: string };
  readonly state: UnitState;
  readonly finishedAt: string | null;
};

/** Inside a commit: how audit entries name a unit. */
export function unitSaid(
  { disclosures }: { readonly disclosures: Disclosures },
  { serial, registrationId, mac }: Pick<Unit, 'serial' | 'registrationId' | 'mac'>,
): { readonly serial: string; readonly registrationId?: string; readonly mac?: string } {
  const of = (label: string, value: string) => disclosures.put(label, value).commitment;
  return {
    serial: of('serial', serial),
    ...(registrationId === null ? {} : { registrationId: of('registrationId', registrationId) }),
    ...(mac === null ? {} : { mac: of('mac', mac) }),
  };
}

/** Commitments, as entries have them. */
type UnitSaid = { readonly serial: string; readonly registrationId?: string };
type AboutRow = { readonly order: string; readonly serial: string; readonly registrationId: string | null };
const aboutSql = `SELECT work_order.name AS "order", s.commitment AS serial, r.commitment AS registrationId
  FROM unit JOIN work_order ON work_order.id = unit.work_order JOIN disclosure s ON s.id = unit.serial
    LEFT JOIN disclosure r ON r.id = unit.registration`;

/** A unit whose registration ID is known. */
export type NamedUnit = Unit & { readonly registrationId: string };
export const isNamed = (unit: Unit): unit is NamedUnit => unit.registrationId !== null;

type BatchRow = Omit<BatchUnit, 'facts' | 'commitments'> & {
  readonly facts: string;
  readonly serialCommitment: string;
  readonly registrationCommitment: string;
};
type UnitRow = Omit<Unit, 'recipe' | 'facts'> & { readonly recipe: string; readonly facts: string };
type OrderRow = Omit<Order, 'recipe' | 'recipeHash'> & { readonly recipe: string; readonly hash: Buffer };

const unitColumns = `unit.id, work_order.id AS "order", work_order.name AS orderName, work_order.state AS orderState, armed, quantity, finished,
  recipe.bytes AS recipe, lower(hex(recipe.hash)) AS recipeHash, coalesce(s.value, '${erasedMark}') AS serial, m.value AS mac, r.value AS registrationId, unit.facts, unit.state, unit.finished_at AS finishedAt`;
const unitJoins = `unit JOIN work_order ON work_order.id = unit.work_order JOIN recipe ON recipe.hash = work_order.recipe
  JOIN disclosure s ON s.id = unit.serial LEFT JOIN disclosure r ON r.id = unit.registration LEFT JOIN disclosure m ON m.id = unit.mac`;

/** A unit as a batch needs it: without its order's recipe, which is the same for all. */
export type BatchUnit = Pick<NamedUnit, 'id' | 'registrationId' | 'serial' | 'mac' | 'facts' | 'state'> & {
  /** What audit entries know it by. */
  readonly commitments: { readonly serial: string; readonly registrationId: string };
};

/** Rows of recipes, orders, units and runs. Every writing method belongs inside a commit. */
export class Units {
  readonly #db: Db;
  readonly #bySerial;
  readonly #orderOf;
  readonly #aboutId;
  readonly #aboutRegistration;
  readonly #byId;
  readonly #ofOrder;
  readonly #orders;
  readonly #order;
  readonly #state;
  readonly #next;
  readonly #count;
  readonly #insertUnit;
  readonly #taken;

  constructor(db: Db) {
    this.#db = db;
    this.#bySerial = db.prepare<[string], UnitRow>(
      `SELECT ${unitColumns} FROM disclosure d JOIN ${unitJoins} WHERE d.label = 'serial' AND d.value = ? AND unit.serial = d.id`,
    );
    this.#orderOf = db.prepare<[string], { id: number }>(
      `SELECT unit.work_order AS id FROM disclosure d JOIN unit ON unit.registration = d.id
       WHERE d.label = 'registrationId' AND d.value = ?`,
    );
    this.#aboutId = db.prepare<[number], AboutRow>(`${aboutSql} WHERE unit.id = ?`);
    this.#aboutRegistration = db.prepare<[string], AboutRow>(
      `${aboutSql} WHERE r.label = 'registrationId' AND r.value = ?`,
    );
    this.#byId = db.prepare<[number], UnitRow>(`SELECT ${unitColumns} FROM ${unitJoins} WHERE unit.id = ?`);
    this.#ofOrder = db.prepare<[string, number], BatchRow>(
      `SELECT unit.id, r.value AS registrationId, s.value AS serial, m.value AS mac, unit.facts, unit.state,
         r.commitment AS registrationCommitment, s.commitment AS serialCommitment
       FROM disclosure r JOIN unit ON unit.registration = r.id JOIN disclosure s ON s.id = unit.serial
         LEFT JOIN disclosure m ON m.id = unit.mac
       WHERE r.label = 'registrationId' AND r.value = ? AND unit.work_order = ?`,
    );
    const order = `SELECT work_order.id, work_order.name, recipe.name AS recipe, recipe.hash, state, armed, quantity, finished
      FROM work_order JOIN recipe ON recipe.hash = work_order.recipe`;
    this.#orders = db.prepare<[], OrderRow>(`${order} ORDER BY work_order.id DESC LIMIT 1000`);
    this.#order = db.prepare<[string], OrderRow>(`${order} WHERE work_order.name = ?`);
    this.#state = db.prepare('UPDATE unit SET state = ?, finished_at = ? WHERE id = ?');
    this.#count = db.prepare(
      'UPDATE work_order SET finished = finished + 1 WHERE id = (SELECT work_order FROM unit WHERE id = ?)',
    );
    this.#next = db.prepare<[number, number], { value: string }>(
      `SELECT d.value FROM unit JOIN disclosure d ON d.id = unit.serial
       WHERE unit.work_order = ? AND unit.state <> 'finished' AND d.value IS NOT NULL ORDER BY unit.id LIMIT ?`,
    );
    this.#taken = db.prepare<[number]>('SELECT 1 FROM unit WHERE registration = ?');
    this.#insertUnit = db.prepare(
      `INSERT INTO unit (work_order, serial, mac, registration, facts, state) VALUES (?, ?, ?, ?, ?, 'waiting')`,
    );
  }

  /**
   * Keeps a recipe's canonical bytes under their hash; the same recipe twice is one row. Answers what the audit says of it: the
   * recipe of this name that was the newest before, if there was another.
   */
  putRecipe(hash: Buffer, recipe: Recipe, bytes: string): { readonly before?: string } {
    const before = this.#recipeBefore(hash, recipe.name);
    this.#db
      .prepare('INSERT INTO recipe (hash, name, version, bytes) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(hash, recipe.name, recipe.version, bytes);
    return before === undefined ? {} : { before };
  }

  #recipeBefore(hash: Buffer, name: string): string | undefined {
    const row = this.#db.prepare<[string, Buffer], { hash: Buffer }>(
      'SELECT hash FROM recipe WHERE name = ? AND hash <> ? ORDER BY rowid DESC LIMIT 1',
    );
    return row.get(name, hash)?.hash.toString('hex');
  }

  /** The unit is thrown away; it is never made again. */
  scrap(unit: number, reason: string, at: string): void {
    this.#db.prepare('INSERT INTO scrapped (unit, reason, at) VALUES (?, ?, ?)').run(unit, reason, at);
  }

  /** When a unit was scrapped, or nothing. */
  scrappedAt(unit: number): string | undefined {
    return this.#db.prepare<[number], { at: string }>('SELECT at FROM scrapped WHERE unit = ?').get(unit)?.at;
  }

  /** Marks a recipe as approved by two people; the first time counts. */
  approveRecipe(hash: Buffer, at: string): void {
    this.#db.prepare('UPDATE recipe SET approved_at = coalesce(approved_at, ?) WHERE hash = ?').run(at, hash);
  }

  recipeApproved(hash: Buffer): boolean {
    return this.#db.prepare('SELECT 1 FROM recipe WHERE hash = ? AND approved_at IS NOT NULL').get(hash) !== undefined;
  }

  insertOrder(name: string, recipe: Buffer, quantity: number, armed: Armed, madeAt: string): number {
    const row = this.#db.prepare(
      `INSERT INTO work_order (name, recipe, state, armed, quantity, made_at) VALUES (?, ?, 'open', ?, ?, ?)`,
    );
    return Number(row.run(name, recipe, armed, quantity, madeAt).lastInsertRowid);
  }

  /** `serial`, `mac` and `registration` are rows of disclosures; no registration where it is not known yet. */
  insertUnit(
    order: number,
    serial: number,
    mac: number | null,
    registration: number | null,
    facts: Unit['facts'],
  ): void {
    this.#insertUnit.run(order, serial, mac, registration, JSON.stringify(facts));
  }

  /** Whether a registration ID is already a unit's; the row is its disclosure's id. */
  registrationTaken(disclosure: number): boolean {
    return this.#taken.get(disclosure) !== undefined;
  }

  arm(order: number, armed: Armed): void {
    this.#db.prepare('UPDATE work_order SET armed = ? WHERE id = ?').run(armed, order);
  }

  setOrderState(order: number, state: OrderState): void {
    this.#db.prepare('UPDATE work_order SET state = ? WHERE id = ?').run(state, order);
  }

  /** Every unit with this serial, in whatever order and state. */
  bySerial(serial: string): Unit[] {
    return this.#bySerial.all(serial).map(withRecipe);
  }

  /** The unit of an order that has this registration ID, or none. */
  ofOrder(order: number, registrationId: string): BatchUnit | undefined {
    const row = this.#ofOrder.get(registrationId, order);
    if (!row) return undefined;
    const { serialCommitment: serial, registrationCommitment, facts, ...unit } = row;
    const commitments = { serial, registrationId: registrationCommitment };
    return { ...unit, facts: JSON.parse(facts) as Unit['facts'], commitments };
  }

  /** The unit that has this registration ID, or none. */
  byRegistration(registrationId: string): NamedUnit | undefined {
    const row = this.#db.prepare<[string], { id: number }>(
      `SELECT unit.id FROM disclosure d JOIN unit ON unit.registration = d.id
       WHERE d.label = 'registrationId' AND d.value = ?`,
    );
    const found = row.get(registrationId);
    const unit = found && this.byId(found.id);
    return unit && isNamed(unit) ? unit : undefined;
  }

  /** The order of the unit that has this registration ID, or none. */
  orderOf(registrationId: string): number | undefined {
    return this.#orderOf.get(registrationId)?.id;
  }

  /** How an audit entry names the unit with this row or registration ID, and its order; nothing where there is no such unit. */
  said(which: number | string): { readonly order?: string; readonly unit?: UnitSaid } {
    const row = typeof which === 'number' ? this.#aboutId.get(which) : this.#aboutRegistration.get(which);
    if (!row) return {};
    const { order, serial, registrationId } = row;
    return { order, unit: { serial, ...(registrationId === null ? {} : { registrationId }) } };
  }

  byId(id: number): Unit {
    const row = this.#byId.get(id);
    if (!row) throw new StationError('store.damaged', { what: `unit ${id}`, reason: 'it is not there' });
    return withRecipe(row);
  }

  /** Serials of the order's units that are not finished, in the order's sequence. */
  next(order: number, most: number): string[] {
    return this.#next.all(order, most).map((row) => row.value);
  }

  /** How many of the order's units are finished, counted. */
  finished(order: number): number {
    const row = this.#db.prepare<[number], { n: number }>(
      `SELECT count(*) AS n FROM unit WHERE work_order = ? AND state = 'finished'`,
    );
    return row.get(order)?.n ?? 0;
  }

  /** How many of the order's finished units have a receipt of their own from the target. */
  enrolled(order: number, target: string): number {
    const row = this.#db.prepare<[number, string], { n: number }>(
      `SELECT count(*) AS n FROM unit WHERE work_order = ? AND unit.state = 'finished' AND EXISTS (
         SELECT 1 FROM outbox WHERE outbox.registration = unit.registration AND target = ? AND outbox.state = 'done')`,
    );
    return row.get(order, target)?.n ?? 0;
  }

  /** Finished units of orders whose recipe names this target, without those that were scrapped. */
  finishedFor(target: string): { unit: number; order: number; registrationId: string }[] {
    const rows = this.#db.prepare<[string], { unit: number; order: number; registrationId: string }>(
      `SELECT unit.id AS unit, unit.work_order AS "order", d.value AS registrationId
       FROM unit JOIN work_order o ON o.id = unit.work_order JOIN recipe ON recipe.hash = o.recipe
       JOIN disclosure d ON d.id = unit.registration
       WHERE unit.state = 'finished' AND d.value IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM scrapped WHERE scrapped.unit = unit.id)
         AND recipe.bytes ->> '$.target' = ?
       ORDER BY unit.id`,
    );
    return rows.all(target);
  }

  hasOrder(name: string): boolean {
    return this.#order.get(name) !== undefined;
  }

  /** The newest thousand orders. */
  orders(): Order[] {
    return this.#orders.all().map(asOrder);
  }

  order(name: string): Order {
    const row = this.#order.get(name);
    if (!row) throw new StationError('order.unknown', { order: name });
    return asOrder(row);
  }

  /** The recipe of an order. */
  recipeOf(order: number): Recipe {
    const row = this.#db.prepare<[number], { bytes: string }>(
      'SELECT recipe.bytes FROM work_order JOIN recipe ON recipe.hash = work_order.recipe WHERE work_order.id = ?',
    );
    const found = row.get(order);
    if (!found)
      throw new StationError('store.damaged', { what: `the recipe of order ${order}`, reason: 'it is not there' });
    return JSON.parse(found.bytes) as Recipe;
  }

  /** The registration ID became known; the row is its disclosure's id. */
  setRegistration(unit: number, disclosure: number): void {
    this.#db.prepare('UPDATE unit SET registration = ? WHERE id = ?').run(disclosure, unit);
  }

  /** The MAC became known; the row is its disclosure's id. */
  setMac(unit: number, disclosure: number): void {
    this.#db.prepare('UPDATE unit SET mac = ? WHERE id = ?').run(disclosure, unit);
  }

  /** Another unit that has this MAC, by its serial. */
  macTaken(mac: string, unit: number): string | undefined {
    const row = this.#db.prepare<[string, number], { serial: string }>(
      `SELECT s.value AS serial FROM disclosure d JOIN unit ON unit.mac = d.id JOIN disclosure s ON s.id = unit.serial
       WHERE d.label = 'mac' AND d.value = ? AND unit.id <> ? LIMIT 1`,
    );
    return row.get(mac, unit)?.serial;
  }

  setState(unit: number, state: UnitState, finishedAt: string | null): void {
    this.#state.run(state, finishedAt, unit);
    if (state === 'finished') this.#count.run(unit);
  }
}

const withRecipe = (row: UnitRow): Unit => ({
  ...row,
  recipe: JSON.parse(row.recipe) as Recipe,
  facts: JSON.parse(row.facts) as Unit['facts'],
});

function asOrder({ hash, ...row }: OrderRow): Order {
  return { ...row, recipeHash: hash.toString('hex') };
}
