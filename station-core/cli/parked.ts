import type { Command } from '@commander-js/extra-typings';
import { sentence } from '../contract/errors.ts';
import type { ParkedRow } from '../contract/record.ts';
import { type Ended, forOne, forTwo, wholeFrom } from './ca-options.ts';
import { atStation, type CaOptions, callAgreed, callAs } from './ca-people.ts';
import { note, printJson } from './terminal.ts';

const lead = { first: 'lead', second: 'security-officer' } as const;
const rowNumber = wholeFrom(1, Number.MAX_SAFE_INTEGER);

/** What a person decides of rows that wait for one: below `birthmark sync`. */
export function addParked(sync: Command, ended: Ended): void {
  forOne(sync.command('parked'))
    .description('Show the rows that wait for a person, and why.')
    .action((options) => ended(showParked(options)));
  forOne(sync.command('retry'))
    .description('Let a row that waits for a person go out once more.')
    .argument('<row>', 'its number, as sync parked shows it', rowNumber)
    .action((row, options) => ended(retry(options, row)));
  forOne(sync.command('discard'))
    .description('Never send a row that waits for a person: its unit gets no enrollment, and its secret is destroyed.')
    .argument('<row>', 'its number, as sync parked shows it', rowNumber)
    .requiredOption('--confirm <registration-id>', "the row's registration ID once more: this cannot be undone")
    .action((row, options) => ended(discard(options, row, options.confirm)));
  forTwo(sync.command('replace'))
    .description("Overwrite somebody else's entry under the row's ID. Two people's approval.")
    .argument('<row>', 'its number, as sync parked shows it', rowNumber)
    .requiredOption('--etag <etag>', 'the version of the other entry, as sync parked shows it: any other one stays')
    .action((row, options) => ended(replace(options, row, options.etag)));
}

async function showParked(options: CaOptions): Promise<number> {
  return atStation(options, 'sync parked', async (opened) => {
    const rows = await callAs(opened, 'lead', options, 'sync.parked', {});
    if (options.json) printJson({ schema: 1, rows });
    else if (rows.length === 0) process.stdout.write('No row waits for a person.\n');
    else process.stdout.write(rows.map(textOf).join(''));
    return 0;
  });
}

/** `7  create  unit-12: The cloud already has …  (etag …)`. */
function textOf({ id, action, registrationId, reason }: ParkedRow): string {
  const etag = reason.details.etag === undefined ? '' : `\n    the other entry's etag: ${reason.details.etag}`;
  return `${id}  ${action}  ${registrationId}: ${sentence(reason)}${etag}\n`;
}

async function retry(options: CaOptions, row: number): Promise<number> {
  return atStation(options, 'sync retry', async (opened) => {
    await callAs(opened, 'lead', options, 'sync.retry', { row });
    if (options.json) printJson({ schema: 1, row, decided: 'retry' });
    else process.stdout.write(`Row ${row} goes out again: birthmark sync run\n`);
    return 0;
  });
}

async function discard(options: CaOptions, row: number, confirm: string): Promise<number> {
  return atStation(options, 'sync discard', async (opened) => {
    const rows = await callAs(opened, 'lead', options, 'sync.parked', {});
    const parked = rows.find(({ id }) => id === row);
    if (parked && parked.registrationId !== confirm.toLowerCase()) {
      note(`Row ${row} is of ${parked.registrationId}, not of ${confirm}. Nothing was changed.`);
      return 1;
    }
    await callAs(opened, 'lead', options, 'sync.discard', { row });
    if (options.json) printJson({ schema: 1, row, decided: 'discard' });
    else process.stdout.write(`Row ${row} is never sent. ${confirm} has no enrollment: set the unit aside.\n`);
    return 0;
  });
}

async function replace(options: CaOptions, row: number, etag: string): Promise<number> {
  return atStation(options, 'sync replace', async (opened) => {
    await callAgreed(opened, options, 'sync.replace', { row, etag }, lead);
    if (options.json) printJson({ schema: 1, row, decided: 'replace' });
    else
      process.stdout.write(`Row ${row} replaces the other entry as soon as the cloud is reached: birthmark sync run\n`);
    return 0;
  });
}
