import type { Step } from '../bench.ts';
import { adopt } from './adopt.ts';
import { challenge } from './challenge.ts';
import { claim } from './claim.ts';
import { configure } from './configure.ts';
import { draw } from './draw.ts';
import { endorse } from './endorse.ts';
import { flash } from './flash.ts';
import { greet } from './greet.ts';
import { identify } from './identify.ts';
import { install } from './install.ts';
import { issue } from './issue.ts';
import { lock } from './lock.ts';
import { own } from './own.ts';
import { prepare } from './prepare.ts';
import { present } from './present.ts';
import { program } from './program.ts';
import { prove } from './prove.ts';
import { provision } from './provision.ts';
import { release } from './release.ts';
import { request } from './request.ts';

export const steps = {
  program,
  greet,
  identify,
  endorse,
  challenge,
  claim,
  own,
  provision,
  prepare,
  release,
  request,
  issue,
  install,
  flash,
  present,
  adopt,
  draw,
  prove,
  configure,
  lock,
} as const satisfies Record<string, Step>;

export type StepName = keyof typeof steps;
