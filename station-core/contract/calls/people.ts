import * as z from 'zod/mini';
import type { SignedIn } from '../api.ts';
import {
  addSchema,
  badgeSchema,
  type Invited,
  type PersonView,
  personSchema,
  preferSchema,
  signInSchema,
} from '../people.ts';
import { call, name, none } from './call.ts';

/** An operation as two people see it: exactly this call with exactly these parameters. */
export const operationSchema = z.strictObject({ method: name, params: z.json() });

/** Calls about people, and what a second one agrees to. */
export const peopleCalls = {
  /** By name or badge. With a one-time code, or to change it, the person's new PIN comes with it. */
  'operators.signIn': call<SignedIn>()(signInSchema),
  'operators.signOut': call<null>()(none),
  /** Somebody uses the screen's keys or pointer: the session does not end for idleness. */
  'operators.active': call<null>()(none),
  /** Answers a one-time code, or takes a PIN beside the call from a caller in the station's process. Who left comes back by it. */
  'operators.add': call<Invited>()(addSchema),
  /** A new one-time code in the place of a PIN that was forgotten. */
  'operators.reset': call<Invited>()(personSchema),
  'operators.unlock': call<null>()(personSchema),
  'operators.leave': call<null>()(personSchema),
  'operators.changeRole': call<null>()(addSchema),
  /** A badge that others made names this person from now on. */
  'operators.badge': call<null>()(badgeSchema),
  /** In which language the screens speak to whoever asks for it. */
  'operators.prefer': call<null>()(preferSchema),
  'operators.list': call<readonly PersonView[]>()(none),
  'approvals.approve': call<{ approval: string }>()(operationSchema),
} as const;
