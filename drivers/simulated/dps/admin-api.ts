import * as z from 'zod/mini';
import { readCertificate } from './certificates.ts';
import { SCOPE, tokenEndpoint } from './entra/token-endpoint.ts';
import { DpsError } from './errors.ts';
import { connectionString, ensurePolicy, type Instance } from './instance.ts';
import { type Answer, type Call, jsonBody, match, type Route } from './route.ts';
import { sameText } from './sas.ts';
import { checkedId, parsed } from './schemas.ts';
import { rights, SwitchesChange } from './switches.ts';

/** The first segment of every admin path; an ID scope cannot look like it. */
export const ADMIN_ROOT = 'birthmark-emulator';

const PolicySchema = z.strictObject({ rights: z.array(z.enum(rights)) });

const ApplicationSchema = z.strictObject({
  tenant: z.string().check(z.regex(/^[A-Za-z0-9.-]{1,128}$/)),
  role: z.enum(['contributor', 'reader', 'none']),
  secrets: z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(256))).check(z.maxLength(10))),
  certificates: z.optional(z.array(z.string().check(z.maxLength(40_000))).check(z.maxLength(10))),
});

/** What no real service has: its switches, its request log, and the policies that the resource provider would make. */
const routes: Route<Instance>[] = [
  { method: 'GET', path: `${ADMIN_ROOT}/switches`, act: ({ switches }) => ({ status: 200, body: switches }) },
  { method: 'PUT', path: `${ADMIN_ROOT}/switches`, act: changeSwitches },
  { method: 'GET', path: `${ADMIN_ROOT}/requests`, act: ({ log }) => ({ status: 200, body: log.lines() }) },
  { method: 'PUT', path: `${ADMIN_ROOT}/policies/{name}`, act: putPolicy },
  { method: 'PUT', path: `${ADMIN_ROOT}/applications/{clientId}`, act: putApplication },
  { method: 'GET', path: `${ADMIN_ROOT}/registrations/{id}`, act: showRegistration },
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

/** Registers a client of Microsoft Entra ID, or gives a known one these credentials and this role. */
function putApplication(instance: Instance, call: Call, [clientId = '']: readonly string[]): Answer {
  const { tenant, role, secrets = [], certificates = [] } = parsed(ApplicationSchema, jsonBody(call));
  const pems = certificates.map((text, place) => readCertificate(text, `certificates.${place}`).toString());
  const application = { clientId: checkedId(clientId, 'registrationId'), tenant, role, secrets, certificates: pems };
  instance.store.saveApplication(application);
  return { status: 200, body: { clientId, tenant, role, tokenEndpoint: tokenEndpoint(tenant), scope: SCOPE } };
}

/** A registration record with what only the device's hub would show: the twin that the device began with. */
function showRegistration(instance: Instance, _call: Call, [id = '']: readonly string[]): Answer {
  const registration = instance.store.registration(id);
  if (!registration) throw new DpsError('noRegistration');
  const { state, initialTwin, initialHub } = registration;
  return { status: 200, body: { state, initialHub, initialTwin } };
}
