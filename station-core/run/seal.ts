import { attestationOf } from '../attestation/registry.ts';
import { isoTime } from '../clock.ts';
import { type ErrorCode, type ErrorData, StationError } from '../contract/errors.ts';
import type { Outcome } from '../contract/run.ts';
import { noteBacklog } from '../store/records.ts';
import type { UnitState } from '../store/units.ts';
import type { Bench } from './bench.ts';
import { evidenceOf } from './evidence.ts';

export type Verdict = { readonly outcome: Outcome; readonly error?: ErrorData };

/**
 * Closes a run, whatever its outcome, in one transaction: what was still to be written, the closed event, the outcome's
 * audit entry, the unit's state, and the outbox row of a unit that passed. Answers the verdict that was written.
 */
export async function seal(bench: Bench, given: Verdict): Promise<Verdict> {
  const { records, audit, clock } = bench.shop;
  const verdict = await records.commits.commit(() => {
    const at = isoTime(clock);
    const settled = settleMac(bench, given);
    const { outcome, error } = settled;
    bench.flush();
    records.journal.append(bench.run, { type: 'closed', at, outcome, ...(error ? { error } : {}) });
    records.runs.close(bench.run, outcome, at);
    records.units.setState(bench.unit.id, stateAfter(bench.unit.state, outcome), outcome === 'passed' ? at : null);
    const result = outcome === 'passed' ? 'ok' : 'failed';
    const reason = error ? { reason: error.code } : {};
    const details = { outcome, ...evidenceOf(records, bench.run) };
    audit.append(bench.entry({ action: 'run.closed', result, ...reason, details }));
    if (error && stopsLane.has(error.code)) {
      records.laneStops.stop(bench.lane, error, at);
      audit.append(bench.entry({ action: 'lane.stopped', result: 'failed', ...reason }));
    }
    if (outcome === 'passed') {
      const { recipe, recipeHash, id } = bench.unit;
      if (recipe.firstArticle) records.firstArticles.passed(recipeHash, id, at);
      bench.shop.queueLabel(bench.unit, bench.run, bench.lane);
      if (queueUpload(bench)) noteBacklog(records, at);
    }
    return settled;
  });
  bench.flushed();
  return verdict;
}

/**
 * The verdict of a run whose end the disk did not take, for when it does: nobody was told that the unit passed, so it did not. None
 * when it was not the disk, and would fail again.
 */
export function unsealed(verdict: Verdict, thrown: unknown): Verdict | undefined {
  if (!(thrown instanceof StationError) || thrown.code !== 'store.failed') return undefined;
  return verdict.outcome === 'passed' ? { outcome: 'errored', error: thrown.toData() } : verdict;
}

/** Two units claim to be one, or a TPM is not its maker's: no further unit on this lane before a lead has looked (promise G). */
const stopsLane: ReadonlySet<ErrorCode> = new Set(['ek.taken', 'ek.changed', 'ek.not-listed', 'unit.mac-taken']);

/**
 * Inside the commit: a unit that passed keeps the MAC that it said, where its order had none. Another lane may have sealed a unit
 * with the same one meanwhile: then this one did not pass.
 */
function settleMac({ unit, facts, shop }: Bench, verdict: Verdict): Verdict {
  const { mac } = facts;
  if (verdict.outcome !== 'passed' || unit.mac !== null || typeof mac !== 'string') return verdict;
  const { units, disclosures } = shop.records;
  const other = units.macTaken(mac, unit.id);
  if (other !== undefined) {
    return { outcome: 'failed', error: { code: 'unit.mac-taken', details: { serial: unit.serial, other } } };
  }
  if (disclosures.erased('mac', mac)) {
    return { outcome: 'errored', error: { code: 'identity.erased', details: { what: 'mac' } } };
  }
  units.setMac(unit.id, disclosures.put('mac', mac).id);
  return verdict;
}

/** A unit in quarantine stays there until a run passes; every other unit that did not pass waits to be tried again. */
export function stateAfter(before: UnitState, outcome: Outcome): UnitState {
  if (outcome === 'passed') return 'finished';
  return outcome === 'indeterminate' || before === 'quarantined' ? 'quarantined' : 'waiting';
}

/**
 * Inside the commit: the row that tells the cloud of this unit, where its attestation has one. A unit that was made once more with the
 * credential that the cloud was told of needs none; with another one, which two people agreed to, its entry gets that.
 */
function queueUpload(bench: Bench): boolean {
  const { named: unit, shop } = bench;
  const { registrationId, recipe } = unit;
  const upload = attestationOf(recipe).ofUnit(recipe, unit);
  if (!upload) return false;
  const { credential: carried, ...row } = upload;
  const credential = carried ? (bench.credential.id ?? null) : null;
  const { outbox, after } = shop.records;
  const before = outbox.newestOf(recipe.target, registrationId, ['create', 'reissue', 'delete']);
  const told = before !== undefined && before.action !== 'delete';
  if (told && before.credential === credential && after.wasLetOn(unit.id)) return false;
  const action = told && credential !== null && wasAgreed(bench, credential) ? 'reissue' : row.action;
  outbox.queue({ ...row, action, target: recipe.target, credential, dueMs: shop.clock.now() });
  return true;
}

/** Whether two people agreed that this credential takes the place of the one before it. */
function wasAgreed({ shop: { records } }: Bench, credential: number): boolean {
  const replaces = records.credentials.byId(credential)?.replaces ?? null;
  return replaces !== null && records.after.isReplaced(replaces);
}
