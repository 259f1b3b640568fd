import type { ErrorCode } from '../station-core/contract/errors.ts';
import type { LaneState } from './runs.ts';

// The guided first run: what really happened goes in, the step that somebody is at comes out. Pure.

/** In their order. `scan`, `wrong`, `mend`: a unit passes, one with another's label fails, the next one passes. */
export const tourSteps = ['scan', 'wrong', 'read', 'mend', 'order', 'become', 'evidence', 'done'] as const;
export type TourStep = (typeof tourSteps)[number];

export type Tour = {
  readonly step: TourStep;
  /** The newest run when the step began: what was made before does not end it. */
  readonly since: number;
};

/** What happened: on the lanes, where the person is, what they read, and what they were given. */
export type Happened =
  | { readonly what: 'lanes'; readonly lanes: readonly LaneState[] }
  | { readonly what: 'place'; readonly place: string }
  | { readonly what: 'person'; readonly seesAudit: boolean }
  | { readonly what: 'explained'; readonly code: ErrorCode }
  | { readonly what: 'exported'; readonly proven: boolean }
  /** They want to see the next step. */
  | { readonly what: 'next' };

/** What there is besides: the runs that began before, and whether the audit trail is there for whoever is signed in. */
export type Around = { readonly lanes: readonly LaneState[]; readonly seesAudit: boolean };

/** A tour from its beginning. */
export const newTour = ({ lanes }: Around): Tour => ({ step: 'scan', since: newest(lanes) });

/** The step after what happened; the same tour where it does not end the step. */
export function goOn(tour: Tour, happened: Happened, around: Around): Tour {
  if (tour.step === 'done' || (happened.what !== 'next' && !ends(tour, happened))) return tour;
  const step = tourSteps[tourSteps.indexOf(tour.step) + 1] ?? 'done';
  // Nobody signs out to become who they are.
  return { step: step === 'become' && around.seesAudit ? 'evidence' : step, since: newest(around.lanes) };
}

function ends({ step, since }: Tour, happened: Happened): boolean {
  switch (step) {
    case 'scan':
    case 'mend':
      return closedSince(since, happened).some(({ outcome }) => outcome === 'passed');
    case 'wrong':
      return closedSince(since, happened).some(({ error }) => error?.code === 'unit.serial-mismatch');
    case 'read':
      return happened.what === 'explained';
    case 'order':
      return happened.what === 'place' && happened.place === 'orders';
    case 'become':
      return happened.what === 'person' && happened.seesAudit;
    case 'evidence':
      return happened.what === 'exported' && happened.proven;
    case 'done':
      return false;
  }
}

/** The runs of the lanes that are newer and have ended. */
const closedSince = (since: number, happened: Happened) =>
  happened.what === 'lanes' ? happened.lanes.flatMap(({ run }) => (run?.outcome && run.id > since ? [run] : [])) : [];

const newest = (lanes: readonly LaneState[]): number => Math.max(0, ...lanes.map(({ run }) => run?.id ?? 0));

/** A few labels in their order, of which every step can be done: one of them sticks on a wrong unit. */
export function tourLabels(labels: readonly string[]): readonly string[] {
  const wrong = labels.filter((label) => label.endsWith('-X')).slice(0, 1);
  const right = labels.filter((label) => !label.endsWith('-X')).slice(0, 2);
  return labels.filter((label) => wrong.includes(label) || right.includes(label));
}
