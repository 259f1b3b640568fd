import { percentDecoded } from '../encoding.ts';
import type { Application } from '../entries.ts';
import { DpsError } from '../errors.ts';
import type { Instance } from '../instance.ts';
import { type Answer, type Call, match, type Route } from '../route.ts';
import { sameText } from '../sas.ts';
import { accessToken } from './access-token.ts';
import { checkAssertion } from './assertion.ts';
import { EntraError, refusedToken } from './refusals.ts';

/** The host of Microsoft Entra ID, whose token endpoint is served beside the service. */
export const LOGIN_HOST = 'login.microsoftonline.com';

/** What tokens for the service API are asked for. */
export const SCOPE = 'https://azure-devices-provisioning.net/.default';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export function tokenEndpoint(tenant: string): string {
  return `https://${LOGIN_HOST}/${tenant}/oauth2/v2.0/token`;
}

const routes: Route<Instance>[] = [{ method: 'POST', path: '{tenant}/oauth2/v2.0/token', act: issue }];

/** Answers a call to Microsoft Entra ID, as far as a confidential client of the service API needs it. */
export function answerLogin(instance: Instance, call: Call): Answer {
  const found = match(routes, call);
  if (!found) throw new DpsError('noSuchResource');
  try {
    return found.route.act(instance, call, found.parameters);
  } catch (error) {
    if (error instanceof EntraError) return refusedToken(error, instance.now());
    throw error;
  }
}

/** The client credentials grant (RFC 6749, 4.4), with a secret or a signed assertion (RFC 7523). */
function issue(instance: Instance, call: Call, [tenant = '']: readonly string[]): Answer {
  const form = formOf(call);
  if (required(form, 'grant_type') !== 'client_credentials') throw new EntraError('grantType');
  const basic = basicOf(call.header('authorization'));
  const clientId = basic?.clientId ?? required(form, 'client_id');
  const scope = required(form, 'scope');
  const application = instance.store.application(clientId);
  if (!application) throw new EntraError('application');
  if (application.tenant.toLowerCase() !== tenant.toLowerCase()) throw new EntraError('tenant');
  authenticate(instance, application, form, basic?.secret);
  if (!scope.endsWith('/.default')) throw new EntraError('scopeForm');
  if (scope !== SCOPE) throw new EntraError('resource');
  const lifetime = instance.switches.tokenLifetimeSeconds;
  const body = {
    token_type: 'Bearer',
    expires_in: lifetime,
    ext_expires_in: lifetime,
    access_token: accessToken(instance, application, lifetime),
  };
  return { status: 200, body, headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache' } };
}

function authenticate(instance: Instance, application: Application, form: URLSearchParams, basicSecret?: string): void {
  const secret = basicSecret ?? form.get('client_secret');
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    if (form.get('client_assertion_type') !== ASSERTION_TYPE) throw new EntraError('request', 'client_assertion_type');
    checkAssertion(instance, application, assertion);
  } else if (secret === null) throw new EntraError('credential');
  else if (!application.secrets.some((known) => sameText(known, secret))) throw new EntraError('secret');
}

function formOf(call: Call): URLSearchParams {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(call.header('content-type') ?? '')) {
    throw new EntraError('request', 'The content type must be application/x-www-form-urlencoded.');
  }
  return new URLSearchParams(call.body);
}

function required(form: URLSearchParams, name: string): string {
  const [value, again] = form.getAll(name);
  // A parameter may come only once (RFC 6749, 3.2).
  if (value === undefined || again !== undefined) throw new EntraError('request', name);
  return value;
}

/** HTTP Basic, whose two parts are form-encoded first (RFC 6749, 2.3.1). */
function basicOf(header: string | undefined): { clientId: string; secret: string } | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const clientId = percentDecoded(text.slice(0, Math.max(0, colon)).replaceAll('+', ' '));
  const secret = percentDecoded(text.slice(colon + 1).replaceAll('+', ' '));
  return clientId === undefined || secret === undefined ? undefined : { clientId, secret };
}
