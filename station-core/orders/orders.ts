import { createHash } from 'node:crypto';
import type { AuditLog, Entry } from '../audit/log.ts';
import type { OrderInput, UnitInput } from '../contract/api.ts';
import { canonical, type Json } from '../contract/canonical.ts';
import { filledParts } from '../contract/enrollment.ts';
import { StationError } from '../contract/errors.ts';
import type { Recipe } from '../contract/recipe.ts';
import type { Armed, Order } from '../contract/record.ts';
import { fill, fillsFromEk, type TemplateValues } from '../contract/template.ts';
import type { Records } from '../store/records.ts';
import type { Unit } from '../store/units.ts';
import { normalMac, registrationIdOf } from './identity.ts';

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
   * the first unit that does not fit.
   */
  create(input: OrderInput, people: People, upload: OrderUpload): Promise<Order> {
    const { records, audit, now } = this.#need;
    const identities = input.units.map((unit) => identify(input.recipe, unit));
    const { quantity = identities.length } = input;
    if (quantity > identities.length) {
      const expected = `at most the order's ${identities.length} units`;
      throw new StationError('input.invalid', { place: 'quantity', expected, found: `the number ${quantity}` });
    }
    const { bytes, hash } = recipeBytes(input.recipe);
    // A group's key must be compared with the cloud's before a unit is made; other recipes have nothing to compare.
    const armed: Armed = input.recipe.attestation.scope === 'group' ? 'no' : 'proven';
    return records.commits.commit(() => {
      if (records.units.hasOrder(input.name)) {
        throw new StationError('input.invalid', {
          place: 'order name',
          expected: 'a new name',
          found: 'one that exists',
        });
      }
      const before = records.units.putRecipe(hash, input.recipe, bytes);
      const order = records.units.insertOrder(input.name, hash, quantity, armed, now());
      for (const identity of identities) this.#insert(order, identity);
      const details = { recipe: hash.toString('hex'), quantity, units: identities.length, ...before };
      audit.append({ action: 'order.created', result: 'ok', ...people, order: input.name, details });
      upload();
      return records.units.order(input.name);
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

  #insert(order: number, identity: ReturnType<typeof identify>): void {
    const { disclosures, units } = this.#need.records;
    const { registrationId } = identity;
    const registration = registrationId === null ? null : disclosures.put('registrationId', registrationId).id;
    if (registrationId !== null && registration !== null && units.registrationTaken(registration)) {
      throw new StationError('identity.taken', { registrationId });
    }
    const mac = identity.mac === null ? null : disclosures.put('mac', identity.mac).id;
    units.insertUnit(order, disclosures.put('serial', identity.serial).id, mac, registration, identity.facts);
  }
}

function identify(recipe: Recipe, unit: UnitInput) {
  const { serial, facts = {} } = unit;
  const mac = unit.mac === undefined ? null : normalMac(unit.mac);
  // One that follows from the endorsement key is known once that was read.
  const known = !fillsFromEk(recipe.registrationId);
  const registrationId = known ? registrationIdOf(recipe, { serial, mac, facts }) : null;
  checkTemplates(recipe, { serial, facts });
  return { serial, mac, facts, registrationId };
}

/**
 * What an enrollment's templates speak of must be among the order's facts: told now, not when the unit has its key. What only the
 * unit itself says (its MAC, its endorsement key) stands here for any.
 */
function checkTemplates(
  { attestation, central }: Recipe,
  { serial, facts }: Pick<TemplateValues, 'serial' | 'facts'>,
): void {
  if (central) fill(central.deviceName, { serial, mac: '00:00:00:00:00:00', facts });
  if (attestation.scope !== 'individual' || !attestation.enrollment) return;
  const ek = attestation.type === 'tpm' ? { ek: { ekSdk: 'ek', ekSha256: 'ek' } } : {};
  filledParts(attestation.enrollment, { serial, mac: '00:00:00:00:00:00', facts, ...ek });
}
