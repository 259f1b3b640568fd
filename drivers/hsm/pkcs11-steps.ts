import type { Lost } from './pkcs11-calls.ts';

/** What brings a token back, from the least to the most. A new session comes before all of them, in the module's process. */
export const steps = ['login', 'renew', 'restart'] as const;
export type Step = (typeof steps)[number];

/**
 * The next step for one call, given what it lost and which steps were done for it. `latch`: nothing helped, the HSM is down.
 * `none`: nothing to be gained. A call that lost its process is not asked again: it may be what the module dies of.
 */
export function nextStep(lost: Lost | undefined, done: ReadonlySet<Step>): Step | 'latch' | 'none' {
  if (lost === undefined || lost === 'process') return 'none';
  const first = lost === 'login' ? 'login' : 'renew';
  return steps.slice(steps.indexOf(first)).find((step) => !done.has(step)) ?? 'latch';
}

/** The step above one, or none above the last. */
export const above = (step: Step): Step | undefined => steps[steps.indexOf(step) + 1];
