import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import type { Station } from './station.ts';

/** What external programmers printed. Looking at it is no act. */
export function programHandlers({ records }: Station): Pick<Handlers, 'run.output'> {
  return {
    'run.output': async ({ run }) => {
      if (!records.journal.run(run)) throw new StationError('run.unknown', { run });
      return records.programOutputs.of(run) ?? null;
    },
  };
}
