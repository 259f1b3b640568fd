import { verifyLog } from '../audit/verify.ts';
import { openStore } from '../store/open.ts';
import { Progress, printJson } from './terminal.ts';

/** `birthmark audit verify`: read-only, beside the station that may be running. Answers 0 only when the log holds. */
export async function auditVerify(folder: string, json: boolean): Promise<number> {
  const db = openStore(folder, 'reader');
  try {
    const entries = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM audit_entry').get()?.n ?? 0;
    const bar = new Progress('entries', entries);
    let before = 0;
    const report = await verifyLog(db, (now) => {
      bar.advance(now - before);
      before = now;
    });
    bar.end();
    if (json) printJson({ schema: 1, ...report });
    else if (report.problem) {
      process.stdout.write(`The audit trail does not hold at entry ${report.problem.seq}: ${report.problem.reason}.\n`);
    } else process.stdout.write(`The audit trail holds: ${report.entries} entries, head ${report.head}\n`);
    return report.ok ? 0 : 1;
  } finally {
    db.close();
  }
}
