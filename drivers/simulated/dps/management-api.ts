import { STATUS_CODES } from 'node:http';
import { requireAdmin } from './admin-api.ts';
import * as certificates from './ca-certificates.ts';
import { DpsError } from './errors.ts';
import type { Instance } from './instance.ts';
import { type Answer, type Call, match, type Route, requireVersion } from './route.ts';

/** The first segment of every path of the resource provider; an ID scope cannot look like it. */
const ROOT = 'subscriptions';
const GROUP = `/${ROOT}/00000000-0000-0000-0000-000000000000/resourceGroups/practice`;

/** Where the CA certificates of an instance are managed. Its name is the first part of its host's name. */
export function certificatesPath({ serviceHost }: Pick<Instance, 'serviceHost'>): string {
  return `${GROUP}/providers/Microsoft.Devices/provisioningServices/${serviceHost.split('.')[0]}/certificates`;
}

type At = { readonly instance: Instance; readonly root: string };

/** The paths below `certificatesPath` (resource provider Microsoft.Devices, 2022-02-05). */
const routes: Route<At>[] = [
  { method: 'GET', path: '', act: ({ instance, root }) => certificates.list(instance, root) },
  { method: 'GET', path: '{name}', act: ({ instance, root }, _, [name]) => certificates.get(instance, root, name) },
  {
    method: 'PUT',
    path: '{name}',
    act: ({ instance, root }, call, [name]) => certificates.put(instance, root, name, call),
  },
  { method: 'DELETE', path: '{name}', act: ({ instance }, call, [name]) => certificates.remove(instance, name, call) },
  {
    method: 'POST',
    path: '{name}/generateVerificationCode',
    act: ({ instance, root }, call, [name]) => certificates.generateCode(instance, root, name, call),
  },
  {
    method: 'POST',
    path: '{name}/verify',
    act: ({ instance, root }, call, [name]) => certificates.verify(instance, root, name, call),
  },
];

/** Answers a call to the resource provider, or says undefined when its path is none of it. */
export function answerManagement(instance: Instance, adminToken: string, call: Call): Answer | undefined {
  if (call.segments[0]?.toLowerCase() !== ROOT) return undefined;
  try {
    // At Azure a token of Microsoft Entra ID stands here; the admin token is the emulator's own.
    requireAdmin(call, adminToken);
    requireVersion(call);
    const root = certificatesPath(instance);
    const words = root.split('/').filter((word) => word !== '');
    const here = words.every((word, place) => call.segments[place]?.toLowerCase() === word.toLowerCase());
    const found = here ? match(routes, { ...call, segments: call.segments.slice(words.length) }) : undefined;
    if (!found) throw new DpsError('noSuchResource');
    return found.route.act({ instance, root }, call, found.parameters);
  } catch (error) {
    if (error instanceof DpsError) return refused(error);
    throw error;
  }
}

/** The error body of the resource provider (2022-02-05, ErrorDetails). */
function refused({ status, code, message }: DpsError): Answer {
  const httpStatusCode = STATUS_CODES[status]?.replaceAll(' ', '') ?? String(status);
  return { status, body: { code: String(code), httpStatusCode, message } };
}
