import { attestationOf } from '../attestation/registry.ts';
import { isoTime } from '../clock.ts';
import type { ErrorData } from '../contract/errors.ts';
import type { Outcome } from '../contract/run.ts';
import { noteBacklog } from '../store/records.ts';
import type { UnitState } from '../store/units.ts';
import type { Bench } from './bench.ts';

/**
 * Closes a run, whatever its outcome, in one transaction: what was still to be written, the closed event, the outcome's
 * audit entry, the unit's state, and the outbox row of a unit that passed.
 */
export async function seal(bench: Bench, verdict: { outcome: Outcome; error?: ErrorData }): Promise<void> {
  const { records, audit, clock } = bench.shop;
  const { outcome, error } = verdict;
  await records.commits.commit(() => {
    const at = isoTime(clock);
    bench.flush();
    records.journal.append(bench.run, { type: 'closed', at, outcome, ...(error ? { error } : {}) });
    records.runs.close(bench.run, outcome, at);
    records.units.setState(bench.unit.id, stateAfter(bench.unit.state, outcome), outcome === 'passed' ? at : null);
    const result = outcome === 'passed' ? 'ok' : 'failed';
    const reason = error ? { reason: error.code } : {};
    audit.append(bench.entry({ action: 'run.closed', result, ...reason, details: { outcome } }));
    if (outcome === 'passed' && queueUpload(bench)) noteBacklog(records, at);
  });
  bench.flushed();
}

/** A unit in quarantine stays there until a run passes; every other unit that did not pass waits to be tried again. */
export function stateAfter(before: UnitState, outcome: Outcome): UnitState {
  if (outcome === 'passed') return 'finished';
  return outcome === 'indeterminate' || before === 'quarantined' ? 'quarantined' : 'waiting';
}

/** Inside the commit: the row that tells the cloud of this unit, where its attestation has one. */
function queueUpload(bench: Bench): boolean {
  const { unit, shop } = bench;
  const upload = attestationOf(unit.recipe).ofUnit(unit.recipe, unit);
  if (!upload) return false;
  const { credential: carried, ...row } = upload;
  const credential = carried ? (bench.credential.id ?? null) : null;
  shop.records.outbox.queue({ ...row, target: unit.recipe.target, credential, dueMs: shop.clock.now() });
  return true;
}
