import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { AuditLog, Entry } from '../audit/log.ts';
import type { OrderInput } from '../contract/api.ts';
import { canonical, type Json } from '../contract/canonical.ts';
import { StationError } from '../contract/errors.ts';
import type { Recipe } from '../contract/recipe.ts';
import type { Armed, Order, OrderState } from '../contract/record.ts';
import type { Records } from '../store/records.ts';
import type { Unit } from '../store/units.ts';
import { type Identity, identify } from './identity.ts';

export type OrdersNeed = { readonly records: Records; readonly audit: AuditLog; readonly now: () => string };

/** Who asked and who approved, as audit entries name people. */
type People = Pick<Entry, 'actor' | 'role' | 'approver'>;

/** A row for the outbox that the order itself needs, made by its attestation; queued in the order's own commit. */
export type OrderUpload = () => void;

/** A recipe's canonical bytes and their SHA-256. */
export function recipeBytes(recipe: Recipe): { readonly bytes: string; readonly hash: Buffer } {
  const bytes = canonical(recipe as Json);
  return { bytes, hash: createHash('sha256').update(bytes, 'utf8').digest() };
}

/** Work orders: what may be made, with which recipe, under which identities. */
export class Orders {
  readonly #need: OrdersNeed;

  constructor(need: OrdersNeed) {
    this.#need = need;
  }

  /**
   * Makes an order with all its units, or nothing. Throws `input.invalid`, `identity.invalid` or `identity.taken` for
   * the first unit that does not fit. Clear values go before it in commits of their own, since 100,000 units in one would
   * hold every lane for seconds; one of these without a unit means nothing, and the next try finds it.
   */
  async create(input: OrderInput, people: People, upload: OrderUpload): Promise<Order> {
    const { commits } = this.#need.records;
    const { quantity = input.units.length } = input;
    if (quantity > input.units.length) {
      const expected = `at most the order's ${input.units.length} units`;
      throw new StationError('input.invalid', { place: 'quantity', expected, found: `the number ${quantity}` });
    }
    this.#requireNew(input.name);
    const identities = await this.#identities(input);
    const rows: UnitRow[] = [];
    const [last = [], ...before] = [...pieces(identities)].reverse();
    for (const piece of before.reverse()) {
      rows.push(...(await commits.commit(() => piece.map((identity) => this.#disclose(identity)))));
    }
    return commits.commit(() => {
      rows.push(...last.map((identity) => this.#disclose(identity)));
      return this.#write({ ...input, quantity }, identities, rows, people, upload);
    });
  }

  /** Inside a commit: the order, its units, its entry and what it wants of the cloud. */
  #write(
    { name, recipe, quantity }: Pick<OrderInput, 'name' | 'recipe'> & { readonly quantity: number },
    identities: readonly Identity[],
    rows: readonly UnitRow[],
    people: People,
    upload: OrderUpload,
  ): Order {
    const { records, audit, now } = this.#need;
    this.#requireNew(name);
    const { bytes, hash } = recipeBytes(recipe);
    // A group's key must be compared with the cloud's before a unit is made; other recipes have nothing to compare.
    const armed: Armed = recipe.attestation.scope === 'group' ? 'no' : 'proven';
    const before = records.units.putRecipe(hash, recipe, bytes);
    const order = records.units.insertOrder(name, hash, quantity, armed, now());
    for (const [index, identity] of identities.entries()) {
      const row = rows[index];
      if (row) this.#insert(order, row, identity);
    }
    const details = { recipe: hash.toString('hex'), quantity, units: identities.length, ...before };
    audit.append({ action: 'order.created', result: 'ok', ...people, order: name, details });
    upload();
    return records.units.order(name);
  }

  #requireNew(name: string): void {
    if (!this.#need.records.units.hasOrder(name)) return;
    throw new StationError('input.invalid', { place: 'order name', expected: 'a new name', found: 'one that exists' });
  }

  /** No further run of its units begins, or they may be made again. An order that is so already stays as it is. */
  turn(order: Order, state: OrderState, people: People): Promise<Order> {
    const { records, audit } = this.#need;
    return records.commits.commit(() => {
      const { id, name, state: before, finished, quantity } = records.units.order(order.name);
      if (before === state) return records.units.order(name);
      records.units.setOrderState(id, state);
      const action = state === 'closed' ? 'order.closed' : 'order.reopened';
      audit.append({ action, result: 'ok', ...people, order: name, details: { finished, quantity } });
      return records.units.order(name);
    });
  }

  /** Puts a recipe in force; two people stand behind it. Answers its hash in hex. */
  async approve(recipe: Recipe, people: People): Promise<string> {
    const { records, audit, now } = this.#need;
    const { bytes, hash } = recipeBytes(recipe);
    await records.commits.commit(() => {
      const before = records.units.putRecipe(hash, recipe, bytes);
      records.units.approveRecipe(hash, now());
      const details = { recipe: hash.toString('hex'), name: recipe.name, version: recipe.version, ...before };
      audit.append({ action: 'recipe.approved', result: 'ok', ...people, details });
    });
    return hash.toString('hex');
  }

  /** Throws `recipe.not-approved` unless two people put this recipe in force. */
  requireApproved(recipe: Recipe): void {
    const approved = this.#need.records.units.recipeApproved(recipeBytes(recipe).hash);
    if (!approved) throw new StationError('recipe.not-approved', { recipe: recipe.name });
  }

  /** Marks an order as armed, and says in the audit how (docs/design.md, Orders). */
  arm(
    order: Order,
    armed: Exclude<Armed, 'no'>,
    people: People,
    key: { label: string; hsm: string; checkValue: string },
    slot?: 'primary' | 'secondary',
  ): Promise<Order> {
    const { records, audit } = this.#need;
    return records.commits.commit(() => {
      records.units.arm(order.id, armed);
      const details = { armed, ...(slot === undefined ? {} : { slot }) };
      audit.append({ action: 'order.armed', result: 'ok', ...people, order: order.name, key, details });
      return records.units.order(order.name);
    });
  }

  /**
   * The unit that a scanned serial means: of the given order, or of the one open order that holds it.
   * Throws `unit.unknown`, `unit.ambiguous`, `unit.finished`, `order.closed`, `order.not-armed`.
   */
  resolve(serial: string, orderName?: string): Unit {
    const { units } = this.#need.records;
    if (orderName !== undefined) units.order(orderName);
    const named = units.bySerial(serial).filter((unit) => orderName === undefined || unit.orderName === orderName);
    const open = named.filter((unit) => unit.orderState === 'open');
    const [unit, another] = open.length > 0 ? open : named;
    if (!unit) throw new StationError('unit.unknown', { serial });
    if (another) throw new StationError('unit.ambiguous', { serial });
    if (unit.state === 'finished') throw new StationError('unit.finished', { serial, at: unit.finishedAt ?? '?' });
    if (unit.orderState !== 'open') throw new StationError('order.closed', { order: unit.orderName });
    if (unit.finished >= unit.quantity) {
      throw new StationError('order.full', { order: unit.orderName, quantity: unit.quantity });
    }
    if (unit.armed === 'no') throw new StationError('order.not-armed', { order: unit.orderName });
    return unit;
  }

  /** What units are, a piece at a time, so that lanes go on; nothing is written. Throws for the first that does not fit. */
  async #identities({ recipe, units }: OrderInput): Promise<Identity[]> {
    const identities: Identity[] = [];
    for (const piece of pieces(units)) {
      for (const unit of piece) identities.push(identify(recipe, unit));
      await setImmediate();
    }
    return identities;
  }

  /** Inside a commit: the rows of a unit's clear values. Throws `identity.taken`, `identity.erased`. */
  #disclose({ serial, mac, facts, registrationId }: Identity): UnitRow {
    const { disclosures, units } = this.#need.records;
    const registration = registrationId === null ? null : disclosures.put('registrationId', registrationId).id;
    if (registrationId !== null && registration !== null && units.registrationTaken(registration)) {
      throw new StationError('identity.taken', { registrationId });
    }
    const macRow = mac === null ? null : disclosures.put('mac', mac).id;
    return { serial: disclosures.put('serial', serial).id, mac: macRow, registration, facts };
  }

  /** Inside a commit: puts a unit into its order. Another order may have taken its registration ID since its values were written. */
  #insert(order: number, { serial, mac, registration, facts }: UnitRow, { registrationId }: Identity): void {
    try {
      this.#need.records.units.insertUnit(order, serial, mac, registration, facts);
    } catch (cause) {
      if ((cause as { code?: unknown }).code !== 'SQLITE_CONSTRAINT_UNIQUE' || registrationId === null) throw cause;
      throw new StationError('identity.taken', { registrationId }, { cause });
    }
  }
}

/** Rows of clear values, and what else a unit's row has. */
type UnitRow = Pick<Identity, 'facts'> & {
  readonly serial: number;
  readonly mac: number | null;
  readonly registration: number | null;
};

/** Units in one commit: some milliseconds of the event loop. */
const pieceLength = 250;

function* pieces<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += pieceLength) yield all.slice(at, at + pieceLength);
}
