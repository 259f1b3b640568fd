import type { Ended } from '../../../drivers/programmers/programmer.ts';
import { StationError } from '../../contract/errors.ts';
import type { ProgrammerPlan } from '../../contract/programmer.ts';
import type { Bench, Step } from '../bench.ts';
import { brokenBy, endedAs } from '../programming.ts';
import { readied, runProgram } from '../programs.ts';

/**
 * Writes the unit's firmware by an external program, before the station talks to the unit (F-71): no link is open yet, so that the program
 * may have the lane's port. It is reversible: the unit holds nothing of the station's that doing it again would lose, since a credential
 * that it had is brought again.
 */
export const program: Step = {
  kind: 'reversible',
  async act(bench) {
    const plan = planOf(bench);
    const ready = await readied(bench, plan);
    const ended = await runProgram(bench, plan, ready);
    keep(bench, plan, ended, ready.sha256);
    if (ended.ending.how === 'stopped') bench.signal.throwIfAborted();
    const broken = brokenBy(plan, ended);
    if (broken) throw broken;
    return { programmer: plan.name, programSha256: ready.sha256, programEnded: endedAs(ended.ending) };
  },
};

function planOf({ unit: { recipe } }: Bench): ProgrammerPlan {
  if (recipe.programmer) return recipe.programmer;
  throw new StationError('recipe.unsupported', { what: 'programming without the recipe’s part for it' });
}

function keep(bench: Bench, { name }: ProgrammerPlan, { ending, printed }: Ended, program: string): void {
  if (ending.how === 'not-started') return;
  const { bytes, text } = printed;
  bench.later(() => {
    const output = { programmer: name, program, ended: endedAs(ending), bytes, text };
    bench.shop.records.programOutputs.keep(bench.run, output);
  });
}
