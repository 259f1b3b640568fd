import { isoTime } from '../clock.ts';
import { asStationError, StationError } from '../contract/errors.ts';
import { outcomeOf, type PlannedStep, type RunEvent } from '../contract/run.ts';
import type { Bench, Step } from './bench.ts';
import type { Verdict } from './seal.ts';
import { steps } from './steps/registry.ts';

/**
 * Walks a plan to its verdict, which nobody is told before it is sealed (seal.ts): `began`, act, `ended {facts}` or `broke {error}`. An
 * irreversible step asks once more what it relies on, and its intent is durable before it acts; everything else is written with the next commit. Link and secret are let go of
 * before the verdict.
 */
export async function walk(
  bench: Bench,
  plan: readonly PlannedStep[],
  begins: (step: string) => void,
): Promise<Verdict> {
  let verdict: Verdict = { outcome: 'passed' };
  try {
    for (const planned of plan) {
      begins(planned.name);
      const broke = await take(bench, planned);
      if (!broke) continue;
      verdict = broke;
      break;
    }
  } finally {
    // A link that cannot be closed must not keep the verdict from being written.
    await bench.clear().catch((thrown: unknown) => bench.shop.incident(thrown));
  }
  return verdict;
}

/** One step; answers how it ends the run, if it does. */
async function take(bench: Bench, planned: PlannedStep): Promise<Verdict | undefined> {
  // Until an irreversible step acts, nothing has happened that could not be undone: its intent alone is harmless.
  let kind: PlannedStep['kind'] = 'reversible';
  try {
    bench.signal.throwIfAborted();
    const step = stepOf(planned);
    note(bench, { type: 'began', at: isoTime(bench.shop.clock), step: planned.name });
    if (planned.kind === 'irreversible') {
      await step.before?.(bench);
      await intend(bench, step);
    }
    kind = planned.kind;
    const facts = await step.act(bench);
    bench.facts = { ...bench.facts, ...facts };
    note(bench, { type: 'ended', at: isoTime(bench.shop.clock), step: planned.name, facts });
    return undefined;
  } catch (thrown) {
    const error = asStationError(thrown, () => bench.shop.incident(thrown)).toData();
    note(bench, { type: 'broke', at: isoTime(bench.shop.clock), step: planned.name, error });
    return { outcome: outcomeOf(error, kind), error };
  }
}

function stepOf(planned: PlannedStep): Step {
  if (Object.hasOwn(steps, planned.name)) return steps[planned.name as keyof typeof steps];
  throw new StationError('recipe.unsupported', { what: `step ${planned.name}` });
}

/** Makes the intent durable, with everything that waits to be written, in one transaction. */
async function intend(bench: Bench, step: Step): Promise<void> {
  await bench.shop.records.commits.commit(() => {
    bench.shop.stop.refuse();
    bench.flush();
    step.intent?.(bench);
  });
  bench.flushed();
}

function note(bench: Bench, event: RunEvent): void {
  bench.later(() => bench.shop.records.journal.append(bench.run, event));
}
