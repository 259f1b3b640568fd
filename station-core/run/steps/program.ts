import { existsSync } from 'node:fs';
import type { Ended, Programmer } from '../../../drivers/programmers/programmer.ts';
import { StationError } from '../../contract/errors.ts';
import { type ProgrammerPlan, usesPort } from '../../contract/programmer.ts';
import type { Bench, Step } from '../bench.ts';
import { brokenBy, endedAs, jobOf } from '../programming.ts';

/**
 * Writes the unit's firmware by an external program, before the station talks to the unit (F-71): no link is open yet, so that the program
 * may have the lane's port. It is reversible: the unit holds nothing of the station's that doing it again would lose, since a credential
 * that it had is brought again.
 */
export const program: Step = {
  kind: 'reversible',
  async act(bench) {
    const plan = planOf(bench);
    const programmer = programmerOf(bench, plan);
    const job = jobOf(plan, bench.unit, bench.device);
    const sha256 = await bench.waits.during(requireUnchanged(plan.name, programmer));
    requirePlugged(plan, bench);
    const ended = await bench.waits.during(programmer.run(job, bench.tellPercent, bench.signal));
    keep(bench, plan, ended, sha256);
    if (ended.ending.how === 'stopped') bench.signal.throwIfAborted();
    const broken = brokenBy(plan, ended);
    if (broken) throw broken;
    return { programmer: plan.name, programSha256: sha256, programEnded: endedAs(ended.ending) };
  },
};

function planOf({ unit: { recipe } }: Bench): ProgrammerPlan {
  if (recipe.programmer) return recipe.programmer;
  throw new StationError('recipe.unsupported', { what: 'programming without the recipe’s part for it' });
}

/** Its order was taken when the station had it; `station.json` may be another one since. */
function programmerOf({ shop }: Bench, { name }: ProgrammerPlan): Programmer {
  const programmer = Object.hasOwn(shop.programmers, name) ? shop.programmers[name] : undefined;
  if (!programmer) throw new StationError('programmer.unknown', { name });
  return programmer;
}

/** The SHA-256 of what is going to be started. */
async function requireUnchanged(name: string, programmer: Programmer): Promise<string> {
  const found = await programmer.hash();
  if (found === undefined) {
    throw new StationError('programmer.not-started', { name, reason: 'its file is not there, or cannot be read' });
  }
  const { pinned } = programmer;
  if (pinned !== undefined && pinned !== found) throw new StationError('programmer.changed', { name, pinned, found });
  return found;
}

/** Programs end with the same code whether the port or the unit is missing; the unit is not to be blamed for the port. */
function requirePlugged(plan: ProgrammerPlan, { device, lane }: Bench): void {
  if (device !== undefined && usesPort(plan) && !existsSync(device)) {
    throw new StationError('link.missing', { port: device, lane });
  }
}

function keep(bench: Bench, { name }: ProgrammerPlan, { ending, printed }: Ended, program: string): void {
  if (ending.how === 'not-started') return;
  const { bytes, text } = printed;
  bench.later(() => {
    const output = { programmer: name, program, ended: endedAs(ending), bytes, text };
    bench.shop.records.programOutputs.keep(bench.run, output);
  });
}
