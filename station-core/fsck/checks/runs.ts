import { fold, type Run, type RunEvent } from '../../contract/run.ts';
import { journalHash } from '../../store/journal.ts';
import type { Check, Ground } from '../check.ts';

type Row = { run: number; body: string; outcome: string | null };

/** Replays the journal of every run and compares it with the run's row, and with what the audit trail says of it. */
export const runs: Check = {
  about: 'the journal of every run',
  run(ground) {
    replay(ground);
    againstAudit(ground);
    boundJournals(ground);
    const bare = ground.db.prepare<[], { id: number }>(
      'SELECT id FROM run WHERE NOT EXISTS (SELECT 1 FROM journal WHERE run = run.id)',
    );
    for (const { id } of bare.all()) ground.report('damage', `run ${id}`, 'it has a row and no event in the journal');
  },
};

function replay(ground: Ground): void {
  const rows = ground.db.prepare<[], Row>(
    `SELECT journal.run, body, outcome FROM journal JOIN run ON run.id = journal.run ORDER BY journal.run, n`,
  );
  let id = 0;
  let run: Run | undefined;
  let row: Row | undefined;
  for (const next of rows.iterate()) {
    if (next.run !== id) {
      if (row) judge(ground, row, run);
      id = next.run;
      run = undefined;
    }
    row = next;
    run = step(ground, id, run, JSON.parse(next.body) as RunEvent);
  }
  if (row) judge(ground, row, run);
}

function step(ground: Ground, id: number, run: Run | undefined, event: RunEvent): Run | undefined {
  if (!run && event.type !== 'opened') {
    ground.report('damage', `run ${id}`, `its journal begins with ${event.type}, not with opened`);
    return undefined;
  }
  if (run && event.type === 'opened') ground.report('damage', `run ${id}`, 'it was opened twice');
  if (run?.outcome) ground.report('damage', `run ${id}`, `${event.type} follows after it was closed`);
  return fold(id, run, event);
}

/** What the whole journal of a run must be like. */
function judge({ owned, report }: Ground, { run: id, outcome }: Row, run: Run | undefined): void {
  const what = `run ${id}`;
  if ((run?.outcome ?? null) !== outcome) {
    report('damage', what, `its row says ${outcome ?? 'open'}, its journal ${run?.outcome ?? 'open'}`);
  }
  if (!run?.outcome && !owned) report('open', what, 'it was interrupted; the next start closes it');
  const unfinished = run?.steps.find((one) => one.state !== 'ended');
  if (run?.outcome === 'passed' && unfinished) {
    report('damage', what, `it passed although its step ${unfinished.name} is ${unfinished.state}`);
  }
}

/** Each run has one entry for its opening, and one for its closing that says the same outcome. */
function againstAudit({ db, report }: Ground): void {
  const rows = db.prepare<
    [],
    { id: number; outcome: string | null; opened: number; closed: number; said: string | null }
  >(
    `SELECT run.id, run.outcome, sum(said.action = 'run.opened') AS opened, sum(said.action = 'run.closed') AS closed,
       max(CASE WHEN said.action = 'run.closed' THEN said.outcome END) AS said
     FROM run LEFT JOIN said ON said.run = run.id GROUP BY run.id`,
  );
  for (const { id, outcome, opened, closed, said } of rows.iterate()) {
    if (opened !== 1) report('damage', `run ${id}`, `the audit trail says ${opened ?? 0} times that it was opened`);
    if ((closed ?? 0) !== (outcome === null ? 0 : 1)) {
      report('damage', `run ${id}`, `the audit trail says ${closed ?? 0} times that it was closed`);
    } else if (outcome !== null && said !== outcome) {
      report('damage', `run ${id}`, `it ended ${outcome}, the audit trail says ${said ?? 'nothing'}`);
    }
  }
}

/**
 * The events of a closed run are those whose hash its closing entry has; entries of older versions have none, and an erasure
 * names the runs whose texts lost a name.
 */
function boundJournals({ db, report }: Ground): void {
  const closed = db.prepare<[], { run: number; journal: string }>(
    `SELECT run, journal FROM said WHERE action = 'run.closed' AND journal IS NOT NULL AND run NOT IN (
       SELECT value FROM audit_entry, json_each(bytes, '$.details.runs')
       WHERE seq IN (SELECT seq FROM said WHERE action IN ('privacy.erased', 'privacy.erased-again')))`,
  );
  const bodies = db.prepare<[number], string>('SELECT body FROM journal WHERE run = ? ORDER BY n').pluck();
  for (const { run, journal } of closed.all()) {
    if (journalHash(bodies.all(run)) === journal) continue;
    report('damage', `run ${run}`, 'its events are not those that the audit trail has the hash of');
  }
}
