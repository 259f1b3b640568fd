import { isoTime } from '../clock.ts';
import { StationError } from '../contract/errors.ts';
import type { Recipe } from '../contract/recipe.ts';
import type { Actor } from '../contract/record.ts';
import type { How, PlannedStep } from '../contract/run.ts';
import type { Records } from '../store/records.ts';
import { type Unit, unitSaid } from '../store/units.ts';
import type { Shop } from './bench.ts';

/** What a run is opened for: the unit, the label as it came, how it came, and the person. */
export type Scanned = { readonly unit: Unit; readonly code: string; readonly how: How; readonly actor: Actor };

/**
 * Whether this unit may be made now. Throws `unit.busy`, `unit.in-batch`, `unit.scrapped`, `unit.finished`, `order.first-article`.
 */
export function requireMakeable(records: Records, { id, serial }: Pick<Unit, 'id' | 'serial'>): void {
  const going = records.runs.openOf(id);
  if (going) throw new StationError('unit.busy', { serial, lane: going.lane });
  if (records.certificates.underWay(id)) throw new StationError('unit.in-batch', { serial });
  const { state, finishedAt, recipe, recipeHash } = records.units.byId(id);
  const scrapped = records.units.scrappedAt(id);
  if (scrapped !== undefined) throw new StationError('unit.scrapped', { serial, at: scrapped });
  if (state === 'finished') throw new StationError('unit.finished', { serial, at: finishedAt ?? '?' });
  if (recipe.firstArticle) requireFirstApproved(records, recipe, recipeHash);
}

/** The first unit of a version that passed holds all further ones until a lead approved it. */
function requireFirstApproved({ firstArticles }: Records, { name, version }: Recipe, hash: string): void {
  const first = firstArticles.of(hash);
  if (!first || first.approvedAt !== null) return;
  throw new StationError('order.first-article', { recipe: name, version, serial: first.serial });
}

/**
 * Opens a run, and answers its id once that is durable (docs/design.md, Journal). Throws what `requireMakeable` throws, and
 * `store.failed`.
 */
export function openRun(
  { records, audit, clock, commitment }: Shop,
  lane: number,
  { unit, code, how, actor }: Scanned,
  plan: readonly PlannedStep[],
): Promise<number> {
  const { serial, registrationId } = unit;
  return records.commits.commit(() => {
    // Asked inside the transaction: two lanes may have been given the same unit in one turn of the event loop.
    requireMakeable(records, unit);
    const at = isoTime(clock);
    const run = records.runs.open(unit.id, lane, at);
    const named = {
      serial,
      ...(registrationId === null ? {} : { registrationId }),
      scanned: code,
      how,
      who: actor.name,
      recipe: unit.recipe.name,
      order: unit.orderName,
    };
    records.journal.append(run, { type: 'opened', at, lane, plan, ...named });
    const who = { actor: commitment(actor), role: actor.role };
    const about = { lane, order: unit.orderName, run, unit: unitSaid(records, unit) };
    const details = { recipe: unit.recipeHash, how };
    audit.append({ action: 'run.opened', result: 'ok', ...who, ...about, details });
    return run;
  });
}
