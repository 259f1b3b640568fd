import type { Command } from '@commander-js/extra-typings';
import { cell } from '../contract/csv.ts';
import { agrees, type Reconciled, type ReconciledRow, verdicts } from '../contract/reconcile.ts';
import type { OpenStation } from '../open-station.ts';
import { writeNew } from './ca-files.ts';
import { type Ended, forOne } from './ca-options.ts';
import { atStation, type CaOptions, callAs } from './ca-people.ts';
import { mayAsk, note, printJson } from './terminal.ts';

type ReconcileOptions = CaOptions & {
  readonly order?: string | undefined;
  readonly registrations: boolean;
  readonly out?: string | undefined;
};

/** `birthmark sync reconcile`. */
export function addReconcile(sync: Command, ended: Ended): void {
  forOne(sync.command('reconcile'))
    .description('Compare what was made with what the cloud holds. Nothing is changed.')
    .option('--order <name>', 'only the units of this order')
    .option('--registrations', 'ask to which hub each device was assigned, too: a call for each entry', false)
    .option('--out <file>', 'write every unit with its verdict as CSV; a new file')
    .action((options) => ended(syncReconcile(options)));
}

/** Answers 0 when everything that was sent is there as it was sent, and nothing foreign. */
async function syncReconcile(options: ReconcileOptions): Promise<number> {
  const { order, registrations, out, json } = options;
  return atStation(options, 'sync reconcile', async (opened) => {
    const params = { registrations, ...(order === undefined ? {} : { order }) };
    const read = () => counting(opened, () => callAs(opened, 'lead', options, 'sync.reconcile', params));
    // The file's name is taken first: the comparison may last for hours.
    const result = await writeNew(out === undefined ? [] : [out], read, (made) =>
      out === undefined ? [] : [csvOf(made.rows)],
    );
    const { rows, ...counts } = result;
    if (json) printJson({ schema: 1, ...counts, rows: rows.filter(needsPerson) });
    else process.stdout.write(textOf(result));
    return agrees(result) ? 0 : 1;
  });
}

/** On a terminal, how many entries have been read. */
async function counting({ station }: OpenStation, act: () => Promise<Reconciled>): Promise<Reconciled> {
  const shown = mayAsk();
  const silence = station.onProgress((progress) => {
    if (shown && progress.type === 'reconciling') process.stderr.write(`\rread ${progress.read} …\u001b[K`);
  });
  try {
    return await act();
  } finally {
    silence();
    if (shown) process.stderr.write('\r\u001b[K');
  }
}

const needsPerson = ({ verdict }: ReconciledRow): boolean =>
  verdict === 'missing' || verdict === 'different' || verdict === 'foreign' || verdict === 'parked';

/** The most rows that are worth reading on a screen; the file has all. */
const mostShown = 50;

function textOf(result: Reconciled): string {
  const { counts, hubs, rows } = result;
  const counted = verdicts.filter((verdict) => counts[verdict] > 0).map((verdict) => `${counts[verdict]} ${verdict}`);
  const lines = [counted.length > 0 ? counted.join(', ') : 'The cloud and this station know of no units.'];
  for (const [hub, devices] of Object.entries(hubs).sort()) lines.push(`${devices} assigned to ${hub}`);
  const open = rows.filter(needsPerson);
  for (const { verdict, registrationId, serial, what } of open.slice(0, mostShown)) {
    lines.push(`${verdict}  ${registrationId}${serial ? ` (${serial})` : ''}${what ? `: ${what}` : ''}`);
  }
  if (open.length > mostShown) note(`${open.length - mostShown} more: --out FILE writes all of them.`);
  return `${lines.join('\n')}\n`;
}

const columns = ['registrationId', 'serial', 'order', 'verdict', 'what', 'status', 'hub', 'deviceId'] as const;

function csvOf(rows: readonly ReconciledRow[]): string {
  const lines = rows.map(({ registration, ...row }) => {
    const all: Partial<Record<string, string>> = { ...row, ...registration };
    return columns.map((column) => cell(all[column] ?? '')).join(',');
  });
  return [columns.join(','), ...lines, ''].join('\r\n');
}
