import { outputHash } from '../../store/program-outputs.ts';
import type { Check } from '../check.ts';

/** Whether what external programmers printed is what the audit trail has the hash of; an erasure names the runs whose texts went. */
export const programOutputs: Check = {
  about: 'what programmers printed',
  run({ db, report }) {
    const rows = db.prepare<[], { run: number; body: string | null; output: string | null }>(
      `SELECT said.run, o.body, said.output FROM said LEFT JOIN program_output o ON o.run = said.run
       WHERE said.action = 'run.closed' AND (said.output IS NOT NULL OR o.body IS NOT NULL) AND said.run NOT IN (
         SELECT value FROM audit_entry, json_each(bytes, '$.details.runs')
         WHERE seq IN (SELECT seq FROM said WHERE action IN ('privacy.erased', 'privacy.erased-again')))`,
    );
    for (const { run, body, output } of rows.iterate()) {
      if (body !== null && outputHash(body) === output) continue;
      report('damage', `run ${run}`, 'what its programmer printed is not what the audit trail has the hash of');
    }
  },
};
