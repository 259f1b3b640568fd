import type { RunEvent } from '../contract/run.ts';
import { journalHash } from '../store/journal.ts';
import type { Records } from '../store/records.ts';

/** One step as the audit tells it: when it began, in milliseconds after the run was opened, how long it took, how it broke. */
export type StepSaid = { readonly step: string; readonly began: number; readonly ms?: number; readonly broke?: string };

/**
 * What the entry of a closed run says of its steps: each one's times, and SHA-256 over the run's events, one a line, as the journal keeps
 * them. So the facts of every step are bound without standing in the trail; the events name units and people by reference, and the hash
 * stays true when those are erased.
 What an external programmer printed is bound in the same way.
 */
export function evidenceOf(
  { journal, programOutputs }: Records,
  run: number,
): { readonly journal: string; readonly steps: readonly StepSaid[]; readonly output?: string } {
  const bodies = journal.bodies(run);
  const steps = stepsOf(bodies.map((body) => JSON.parse(body) as RunEvent));
  return { journal: journalHash(bodies), steps, ...programOutputs.said(run) };
}

function stepsOf(events: readonly RunEvent[]): StepSaid[] {
  const opened = Date.parse(events[0]?.at ?? '');
  const steps: StepSaid[] = [];
  for (const event of events) {
    const ms = Date.parse(event.at) - opened;
    const last = steps.at(-1);
    if (event.type === 'began') steps.push({ step: event.step, began: ms });
    else if (event.type === 'ended' && last) steps.splice(-1, 1, { ...last, ms: ms - last.began });
    else if (event.type === 'broke' && last?.step === event.step) {
      steps.splice(-1, 1, { ...last, ms: ms - last.began, broke: event.error.code });
    } else if (event.type === 'broke') steps.push({ step: event.step, began: ms, broke: event.error.code });
  }
  return steps;
}
