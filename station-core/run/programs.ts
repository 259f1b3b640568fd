import { existsSync } from 'node:fs';
import type { Ended, Programmer } from '../../drivers/programmers/programmer.ts';
import { StationError } from '../contract/errors.ts';
import { type ProgrammerPlan, usesPort } from '../contract/programmer.ts';
import type { Bench } from './bench.ts';
import { jobOf } from './programming.ts';

/** A program that may be started now, and the SHA-256 of its file. */
export type Ready = { readonly programmer: Programmer; readonly sha256: string };

/** Throws `programmer.unknown`, `programmer.not-started`, `programmer.changed`, `link.missing`. */
export async function readied(bench: Bench, plan: ProgrammerPlan): Promise<Ready> {
  const programmer = programmerOf(bench, plan);
  const sha256 = await bench.waits.during(requireUnchanged(plan.name, programmer));
  requirePlugged(plan, bench);
  return { programmer, sha256 };
}

/** Runs it to its end for the bench's unit; `imageFile` is the path that its templates may name. Throws as `jobOf`. */
export function runProgram(
  bench: Bench,
  plan: ProgrammerPlan,
  { programmer }: Ready,
  imageFile?: string,
): Promise<Ended> {
  const job = jobOf(plan, bench.unit, { device: bench.device, imageFile });
  return bench.waits.during(programmer.run(job, bench.tellPercent, bench.signal));
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
