import type { Step } from '../bench.ts';
import { greet } from './greet.ts';
import { identify } from './identify.ts';
import { lock } from './lock.ts';
import { prepare } from './prepare.ts';
import { prove } from './prove.ts';
import { provision } from './provision.ts';
import { release } from './release.ts';

export const steps = { greet, identify, provision, prepare, release, prove, lock } as const satisfies Record<
  string,
  Step
>;

export type StepName = keyof typeof steps;
