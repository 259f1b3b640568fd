import type { Blame, ErrorData } from './errors.ts';
import { errors } from './errors.ts';

/** passed; failed blames the unit; errored the station; aborted the operator; indeterminate: an irreversible act began and did not finish. */
export const outcomes = ['passed', 'failed', 'errored', 'aborted', 'indeterminate'] as const;
export type Outcome = (typeof outcomes)[number];

/** How a unit's serial came: read by a scanner, typed, or armed before and started by plugging the unit in. */
export const hows = ['scanned', 'typed', 'attached'] as const;
export type How = (typeof hows)[number];

/** Pure and reversible steps are journalled with the next commit; an irreversible one is durable before it acts. */
export type StepKind = 'pure' | 'reversible' | 'irreversible';

export type PlannedStep = { readonly name: string; readonly kind: StepKind };

export type Fact = string | number | boolean;
export type Facts = Readonly<Record<string, Fact>>;

/** The events of one run, in the order in which they are journalled. `at` is UTC, ISO 8601. */
export type RunEvent =
  | {
      readonly type: 'opened';
      readonly at: string;
      readonly lane: number;
      readonly order: string;
      readonly recipe: string;
      readonly serial: string;
      /** None where it follows from the unit's endorsement key; a step's facts tell it then. */
      readonly registrationId?: string;
      readonly scanned: string;
      /** None in journals of stations that did not record it yet. */
      readonly how?: How;
      readonly who: string;
      readonly plan: readonly PlannedStep[];
    }
  | { readonly type: 'began'; readonly at: string; readonly step: string }
  | { readonly type: 'ended'; readonly at: string; readonly step: string; readonly facts: Facts }
  | { readonly type: 'broke'; readonly at: string; readonly step: string; readonly error: ErrorData }
  | { readonly type: 'closed'; readonly at: string; readonly outcome: Outcome; readonly error?: ErrorData };

export type RunStep = PlannedStep & {
  readonly state: 'waiting' | 'running' | 'ended' | 'broke';
  readonly began?: string;
  readonly ms?: number;
};

/** A run as the events tell it. Station and screen fold with the same function. */
export type Run = {
  readonly id: number;
  readonly lane: number;
  readonly order: string;
  readonly recipe: string;
  readonly serial: string;
  /** None before it is known. */
  readonly registrationId?: string;
  readonly how?: How;
  readonly openedAt: string;
  readonly steps: readonly RunStep[];
  readonly facts: Facts;
  readonly outcome?: Outcome;
  readonly error?: ErrorData;
  readonly closedAt?: string;
};

/** Folds one event into a run; `run` is undefined before `opened`. Events of a run that never opened are a bug and throw. */
export function fold(id: number, run: Run | undefined, event: RunEvent): Run {
  if (event.type === 'opened') return opened(id, event);
  if (!run) throw new TypeError(`run ${id}: ${event.type} before opened`);
  switch (event.type) {
    case 'began':
      return { ...run, steps: change(run.steps, event.step, () => ({ state: 'running', began: event.at })) };
    case 'ended':
      return {
        ...run,
        steps: change(run.steps, event.step, (step) => ({ state: 'ended', ms: since(step, event.at) })),
        facts: { ...run.facts, ...event.facts },
        ...(typeof event.facts.registrationId === 'string' ? { registrationId: event.facts.registrationId } : {}),
      };
    case 'broke':
      return {
        ...run,
        steps: change(run.steps, event.step, (step) => ({ state: 'broke', ms: since(step, event.at) })),
        error: event.error,
      };
    case 'closed':
      return { ...run, outcome: event.outcome, closedAt: event.at, ...(event.error ? { error: event.error } : {}) };
  }
}

/** How a run ends that broke with this error in a step of this kind. */
export function outcomeOf(error: ErrorData, kind: StepKind): Outcome {
  if (kind === 'irreversible' && !definite.has(error.code)) return 'indeterminate';
  if (error.code === 'run.aborted') return 'aborted';
  const blamed: Record<Blame, Outcome> = {
    unit: 'failed',
    operator: 'errored',
    station: 'errored',
    cloud: 'errored',
    bug: 'errored',
  };
  return blamed[errors[error.code].blame];
}

/**
 * Errors that say for certain that the irreversible act did not happen: refusals of the unit and of its TPM, and everything that the HSM
 * says but `hsm.ambiguous` (drivers/hsm/hsm.ts, sign).
 */
const definite: ReadonlySet<string> = new Set([
  'unit.refused',
  'unit.other-credential',
  'unit.cannot',
  'tpm.auth',
  'tpm.refused',
  'tpm.lockout',
  'tpm.failure-mode',
  'hsm.locked',
  'hsm.down',
  'hsm.refused',
  'hsm.unsupported',
  'hsm.key-missing',
  'hsm.key-ambiguous',
  'hsm.key-differs',
  'hsm.key-attribute',
]);

function opened(id: number, event: Extract<RunEvent, { type: 'opened' }>): Run {
  const { lane, order, recipe, serial, registrationId, how, at, plan } = event;
  const steps = plan.map((step): RunStep => ({ ...step, state: 'waiting' }));
  const known = { ...(registrationId === undefined ? {} : { registrationId }), ...(how === undefined ? {} : { how }) };
  return { id, lane, order, recipe, serial, ...known, openedAt: at, steps, facts: {} };
}

function change(
  steps: readonly RunStep[],
  name: string,
  to: (step: RunStep) => Pick<RunStep, 'state'> & Partial<RunStep>,
): readonly RunStep[] {
  return steps.map((step) => (step.name === name ? { ...step, ...to(step) } : step));
}

const since = (step: RunStep, at: string): number => (step.began ? Date.parse(at) - Date.parse(step.began) : 0);
