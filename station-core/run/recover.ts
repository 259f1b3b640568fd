import type { AuditLog } from '../audit/log.ts';
import type { ErrorData } from '../contract/errors.ts';
import type { Outcome, Run } from '../contract/run.ts';
import type { Records } from '../store/records.ts';
import { unitSaid } from '../store/units.ts';
import { evidenceOf } from './evidence.ts';
import { certificateSaid } from './issuing.ts';
import { stateAfter } from './seal.ts';

const interrupted: ErrorData = { code: 'run.interrupted', details: {} };

/**
 * Start-up is recovery: closes every run that the last process left open. One whose irreversible step had begun and not
 * ended is indeterminate and its unit goes to quarantine; running it again is safe, since the unit answers the same
 * operation id with the same result. Certificates that were to be signed are possibly issued. Rows that were claimed for an upload go back. Answers how many runs were closed.
 */
export function recover(records: Records, audit: AuditLog, at: string): Promise<number> {
  return records.commits.commit(() => {
    const open = records.runs.withoutOutcome();
    for (const { id, unit } of open) {
      const run = records.journal.run(id);
      const outcome = cutShort(run);
      records.journal.append(id, { type: 'closed', at, outcome, error: interrupted });
      records.runs.close(id, outcome, at);
      const known = records.units.byId(unit);
      records.units.setState(unit, stateAfter(known.state, outcome), null);
      audit.append({
        action: 'run.closed',
        result: 'failed',
        ...(run ? { lane: run.lane } : {}),
        order: known.orderName,
        run: id,
        unit: unitSaid(records, known),
        reason: interrupted.code,
        details: { outcome, recovered: true, ...evidenceOf(records, id) },
      });
    }
    for (const certificate of records.certificates.intents()) {
      // Nobody knows whether the HSM signed: it counts as possibly issued, and its serial number is never signed again.
      records.certificates.possible(certificate);
      const details = certificateSaid(records, certificate);
      audit.append({ action: 'certificate.possible', result: 'failed', reason: interrupted.code, details });
    }
    for (const row of records.outbox.leased()) records.outbox.release(row);
    return open.length;
  });
}

/** The outcome of a run that a dead process left behind. */
export function cutShort(run: Run | undefined): Outcome {
  const open = run?.steps.some((step) => step.kind === 'irreversible' && step.state === 'running');
  return open ? 'indeterminate' : 'errored';
}
