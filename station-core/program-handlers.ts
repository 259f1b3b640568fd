import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import type { Station } from './station.ts';

/** What external programmers printed. Looking at it is no act. */
export function programHandlers({ records }: Station): Pick<Handlers, 'run.output'> {
  return {
    'run.output': async ({ run: id }) => {
      const run = records.journal.run(id);
      if (!run) throw new StationError('run.unknown', { run: id });
      return { run, output: records.programOutputs.of(id) ?? null };
    },
  };
}
