import { Command } from '@commander-js/extra-typings';
import { sentence } from '../contract/errors.ts';
import type { ProgramOutput } from '../contract/programmer.ts';
import type { Run } from '../contract/run.ts';
import { type Ended, forOne, wholeFrom } from './ca-options.ts';
import type { CaOptions } from './ca-people.ts';
import { byEither } from './either.ts';
import { printJson } from './terminal.ts';

/** `birthmark runs`: runs that were made. */
export function runsCommand(ended: Ended): Command {
  const runs = new Command('runs').description('Runs that were made.');
  forOne(runs.command('show'))
    .description('Show one run: its verdict, its steps, and what its programmer printed.')
    .argument('<run>', 'its number, as `birthmark run` says it', wholeFrom(1, Number.MAX_SAFE_INTEGER))
    .addHelpText('after', '\nExample:\n  birthmark runs show 17')
    .action((run, options) => ended(show(run, options)));
  return runs;
}

function show(number: number, options: CaOptions): Promise<number> {
  return byEither(options, 'runs show', async (call) => {
    const { run, output } = await call({ first: 'technician' }, 'run.output', { run: number });
    if (options.json) printJson({ schema: 1, ...run, output });
    else process.stdout.write(text(run, output));
    return 0;
  });
}

function text(run: Run, output: ProgramOutput | null): string {
  const steps = run.steps.map(({ name, state, ms }) => `  ${name}: ${state}${ms === undefined ? '' : `, ${ms} ms`}`);
  const verdict = `${run.serial}: ${run.outcome ?? 'no verdict yet'}`;
  const why = run.error ? [`${sentence(run.error)} [${run.error.code}]`] : [];
  return `${[verdict, ...why, ...steps, ...(output ? printedBy(output) : [])].join('\n')}\n`;
}

function printedBy({ programmer, program, ended, bytes, text: printed }: ProgramOutput): string[] {
  return [`${programmer} (SHA-256 ${program}): ${ended}, printed ${bytes} bytes`, '', printed];
}
