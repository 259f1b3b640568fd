import type { AuditLog } from './audit/log.ts';
import { revokeIn } from './certificate-handlers.ts';
import { isoTime } from './clock.ts';
import type { Standing, UnitAct, UnitLook } from './contract/after.ts';
import type { Method } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import { packingOf } from './packing.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import { OpenUnits } from './store/open-units.ts';
import type { Records } from './store/records.ts';
import { type Unit, unitSaid } from './store/units.ts';
import { oneUnit, requireStill } from './which-unit.ts';

type AfterMethod = Extract<
  Method,
  `unit.${'look' | 'release' | 'rework' | 'replace' | 'ship' | 'open'}` | 'recipes.approveFirst'
>;
type Deed = Pick<Parameters<AuditLog['append']>[0], 'action' | 'details'>;

/** Units that one label may mean: serials may come again in other orders. */
const mostMeant = 20;

/** What becomes of a unit after its verdict, but scrapping, which stands with the certificates that it revokes. */
export function afterHandlers(station: Station): Pick<Handlers, AfterMethod> {
  const open = new OpenUnits(station.records.db);
  return {
    'unit.look': async ({ text }) => meant(station.records, text).map((unit) => lookAt(station, unit)),
    'unit.release': ({ reason, ...which }, by) =>
      done(station, which, 'unit.release', by, (unit, at) => release(station.records, unit, reason, at)),
    'unit.rework': (which, by) =>
      done(station, which, 'unit.rework', by, (unit, at) => rework(station.records, unit, at)),
    'unit.replace': (which, by) =>
      done(station, which, 'unit.replace', by, (unit, at) => replace(station, unit, at, by)),
    'unit.ship': ({ scanned, ...which }, by) =>
      done(station, which, 'unit.ship', by, (unit, at) => ship(station, unit, scanned, at)),
    'unit.open': async ({ after = 0, limit }) => {
      const rows = open.page({ after, most: limit + 1 });
      const shown = rows.slice(0, limit);
      return { rows: shown, next: rows.length > limit ? (shown.at(-1)?.unit ?? null) : null };
    },
    'recipes.approveFirst': ({ recipe }, by) => approveFirst(station, recipe, by),
  };
}

/** By serial, or by registration ID, which is folded to lower case. */
function meant({ units }: Records, text: string): Unit[] {
  const bySerial = units.bySerial(text).slice(0, mostMeant);
  if (bySerial.length > 0) return bySerial;
  const named = units.byRegistration(text.toLowerCase());
  return named ? [named] : [];
}

function lookAt({ records, parts }: Station, unit: Unit): UnitLook {
  const { standing, at } = records.after.standing(unit);
  const credential = records.credentials.ofUnit(unit.id);
  const packing = standing === 'finished' ? packingOf(records, unit, parts.clock.now()) : [];
  return {
    serial: unit.serial,
    order: unit.orderName,
    recipe: unit.recipe.name,
    standing,
    ...(at === undefined ? {} : { at }),
    ...(unit.registrationId === null ? {} : { registrationId: unit.registrationId }),
    ...(credential
      ? { credential: { operation: credential.operation.toString('hex'), end: credential.ended ?? 'open' } }
      : {}),
    packing: packing.map(({ check, holds }) => ({ check, holds })),
    replacing: credential !== undefined && records.after.isReplaced(credential.id),
    may: actsOf(records, unit, standing),
  };
}

/** What may be done with a unit as it stands. */
function actsOf(records: Records, unit: Unit, standing: Standing): readonly UnitAct[] {
  const again = onceMore(records, unit);
  const replacing = again === 'replace' ? (['unit.replace'] as const) : [];
  const byStanding = {
    waiting: [...replacing, 'unit.scrap'],
    quarantined: ['unit.release', ...replacing, 'unit.scrap'],
    finished: ['unit.ship', ...(again === 'rework' ? (['unit.rework'] as const) : replacing), 'unit.scrap'],
    shipped: ['unit.scrap'],
    scrapped: [],
  } as const satisfies Record<Standing, readonly UnitAct[]>;
  return byStanding[standing];
}

/**
 * How a unit goes through the line once more: with the same credential while its secret is kept, can be derived, or is the unit's own;
 * else with another one in its place; not at all where its key never was on this line.
 */
function onceMore({ credentials, after }: Records, { id }: Unit): 'rework' | 'replace' | 'never' {
  const credential = credentials.ofUnit(id);
  if (!credential) return 'rework';
  switch (credential.source) {
    case 'derived':
    case 'unit':
    case 'own':
    case 'stored':
      return 'rework';
    case 'random':
    case 'station':
      if (credential.sealed) return 'rework';
      return after.isReplaced(credential.id) ? 'never' : 'replace';
    case 'csr':
      return 'never';
  }
}

/** One commit: the deed and its audit entry. Throws `unit.unknown`, `unit.ambiguous`, `unit.busy`, and why it may not be done now. */
async function done(
  { records, audit, operators, parts }: Station,
  which: { readonly serial: string; readonly order?: string },
  act: UnitAct,
  by: By,
  deed: (unit: Unit, at: string) => Deed,
): Promise<null> {
  await records.commits.commit(() => {
    const unit = oneUnit(records, which);
    requireStill(records, unit);
    requireAct(records, unit, act);
    const said = deed(unit, isoTime(parts.clock));
    audit.append({
      ...said,
      result: 'ok',
      ...people(operators, by),
      order: unit.orderName,
      unit: unitSaid(records, unit),
    });
  });
  return null;
}

function requireAct(records: Records, unit: Unit, act: UnitAct): void {
  const { standing, at = '?' } = records.after.standing(unit);
  if (actsOf(records, unit, standing).includes(act)) return;
  const { serial } = unit;
  if (standing === 'scrapped') throw new StationError('unit.scrapped', { serial, at });
  if (standing === 'shipped') throw new StationError('unit.shipped', { serial, at });
  if (act === 'unit.rework' && onceMore(records, unit) === 'replace') {
    throw new StationError('unit.needs-replacement', { serial });
  }
  throw new StationError('input.invalid', { place: 'serial', expected: suited[act], found: `one that is ${standing}` });
}

const suited = {
  'unit.release': 'a unit in quarantine',
  'unit.rework': 'a finished unit whose credential was given on this line',
  'unit.replace': 'a unit whose key is kept no more',
  'unit.ship': 'a finished unit',
  'unit.scrap': 'a unit that was not scrapped',
} as const satisfies Record<UnitAct, string>;

function release({ after }: Records, unit: Unit, reason: string, at: string): Deed {
  refuseNames(unit, reason);
  after.pass(unit.id, 'release', at);
  return { action: 'unit.released', details: { why: reason } };
}

/** What is written in the audit trail can never be erased: the unit's names do not belong into a reason. */
function refuseNames({ serial, registrationId, mac }: Unit, reason: string): void {
  const text = reason.toLowerCase();
  const names = [serial, registrationId, mac].filter((name) => name !== null);
  if (!names.some((name) => text.includes(name.toLowerCase()))) return;
  const expected = "words without the unit's serial, registration ID or MAC";
  throw new StationError('input.invalid', { place: 'reason', expected, found: 'one of them' });
}

function rework({ after, credentials }: Records, { id }: Unit, at: string): Deed {
  after.pass(id, 'rework', at);
  const operation = credentials.ofUnit(id)?.operation.toString('hex');
  return { action: 'unit.reworked', details: operation === undefined ? {} : { operation } };
}

/** What was issued for the credential before is good for nothing any more; its end is written when the next one is there. */
function replace(station: Station, { id, serial }: Unit, at: string, by: By): Deed {
  const { after, certificates, credentials } = station.records;
  const credential = credentials.ofUnit(id);
  if (!credential) throw new StationError('unit.unknown', { serial });
  after.pass(id, 'replace', at, credential.id);
  const live = certificates.liveOf(id).filter(({ purpose }) => purpose === 'leaf');
  for (const row of live) revokeIn(station, row, 'superseded', by);
  const operation = credential.operation.toString('hex');
  return { action: 'unit.replaced', details: { operation, certificates: live.length } };
}

function ship({ records, parts }: Station, unit: Unit, scanned: string | undefined, at: string): Deed {
  const failed = packingOf(records, unit, parts.clock.now(), scanned).find(({ holds }) => !holds);
  if (failed) throw failed.error();
  records.after.ship(unit.id, at);
  records.credentials.end(unit.id, 'shipped');
  const operation = records.credentials.ofUnit(unit.id)?.operation.toString('hex');
  const details = { scanned: scanned !== undefined, ...(operation === undefined ? {} : { operation }) };
  return { action: 'unit.shipped', details };
}

/** Approved again it stays as it is. */
async function approveFirst({ records, audit, operators, parts }: Station, recipe: string, by: By): Promise<null> {
  await records.commits.commit(() => {
    const first = records.firstArticles.of(recipe);
    if (!first) {
      const expected = 'a recipe whose first unit has passed';
      throw new StationError('input.invalid', { place: 'recipe', expected, found: 'another one' });
    }
    if (first.approvedAt !== null) return;
    records.firstArticles.approve(recipe, isoTime(parts.clock));
    const unit = records.units.byId(first.unit);
    const { name, version } = unit.recipe;
    const about = { order: unit.orderName, unit: unitSaid(records, unit), details: { recipe, name, version } };
    audit.append({ action: 'recipe.first-approved', result: 'ok', ...people(operators, by), ...about });
  });
  return null;
}
