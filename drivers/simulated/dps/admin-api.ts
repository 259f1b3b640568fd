import { createHash, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { DpsError } from './errors.ts';
import { connectionString, ensurePolicy, type Instance } from './instance.ts';
import { type Answer, type Call, jsonBody, match, type Route } from './route.ts';
import { checkedId, parsed } from './schemas.ts';
import { rights, SwitchesChange } from './switches.ts';

/** The first segment of every admin path; an ID scope cannot look like it. */
export const ADMIN_ROOT = 'birthmark-emulator';

const PolicySchema = z.strictObject({ rights: z.array(z.enum(rights)) });

/** What no real service has: its switches, its request log, and the policies that the resource provider would make. */
const routes: Route<Instance>[] = [
  { method: 'GET', path: `${ADMIN_ROOT}/switches`, act: ({ switches }) => ({ status: 200, body: switches }) },
  { method: 'PUT', path: `${ADMIN_ROOT}/switches`, act: changeSwitches },
  { method: 'GET', path: `${ADMIN_ROOT}/requests`, act: ({ log }) => ({ status: 200, body: log.lines() }) },
  { method: 'PUT', path: `${ADMIN_ROOT}/policies/{name}`, act: putPolicy },
];

/** Answers an admin call; only the emulator's own admin token opens it, no service credential does. */
export function answerAdmin(instance: Instance, adminToken: string, call: Call): Answer {
  requireAdmin(call, adminToken);
  const found = match(routes, call);
  if (!found) throw new DpsError('noSuchResource');
  return found.route.act(instance, call, found.parameters);
}

export function requireAdmin(call: Call, adminToken: string): void {
  if (!sameText(call.header('authorization') ?? '', `Bearer ${adminToken}`)) throw new DpsError('unauthorized');
}

function changeSwitches({ switches }: Instance, call: Call): Answer {
  Object.assign(switches, parsed(SwitchesChange, jsonBody(call)));
  return { status: 200, body: switches };
}

function putPolicy(instance: Instance, call: Call, [name = '']: readonly string[]): Answer {
  const policy = ensurePolicy(instance, checkedId(name, 'registrationId'), parsed(PolicySchema, jsonBody(call)).rights);
  return { status: 200, body: { rights: policy.rights, connectionString: connectionString(instance, policy.name) } };
}

/** Compares digests, so that neither length nor content shows in the time that it takes. */
function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
