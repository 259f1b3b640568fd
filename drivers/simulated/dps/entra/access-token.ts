import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import type { Application } from '../entries.ts';
import { type Instance, newKey } from '../instance.ts';
import type { Right } from '../switches.ts';

const AUDIENCE = 'https://azure-devices-provisioning.net';

const Claims = z.object({ aud: z.literal(AUDIENCE), appid: z.string(), exp: z.number(), nbf: z.number() });

/** A token for the service API. Clients take it as it is; it outlives a restart, since its key does. */
export function accessToken(instance: Instance, { clientId, tenant }: Application, lifetimeSeconds: number): string {
  const now = Math.floor(instance.now() / 1000);
  const claims = { aud: AUDIENCE, appid: clientId, tid: tenant, iat: now, nbf: now, exp: now + lifetimeSeconds };
  const text = [{ typ: 'JWT', alg: 'HS256' }, claims].map((part) => encoded(JSON.stringify(part))).join('.');
  return `${text}.${mac(instance, text).toString('base64url')}`;
}

/**
 * The rights that a bearer token's application has now, by its role (DPS docs, Control access with Entra ID). Undefined
 * when the token is none of this instance's, or its time is over.
 */
export function rightsOf(instance: Instance, token: string): readonly Right[] | undefined {
  const dot = token.lastIndexOf('.');
  const expected = mac(instance, token.slice(0, Math.max(0, dot)));
  const given = Buffer.from(token.slice(dot + 1), 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const { appid, exp, nbf } = Claims.parse(JSON.parse(decoded(token.split('.')[1] ?? '')));
  const now = instance.now() / 1000;
  const slack = instance.switches.clockSkewSeconds;
  if (exp + slack <= now || nbf - slack > now) return undefined;
  const role = instance.store.application(appid)?.role;
  return role === undefined ? undefined : roles[role];
}

const reads: Right[] = ['EnrollmentRead', 'RegistrationStatusRead'];

const roles: Record<Application['role'], readonly Right[]> = {
  contributor: [...reads, 'EnrollmentWrite', 'RegistrationStatusWrite'],
  reader: reads,
  none: [],
};

function mac(instance: Instance, text: string): Buffer {
  const key = instance.store.setting('token key', () => newKey(32));
  return createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest();
}

const encoded = (text: string) => Buffer.from(text, 'utf8').toString('base64url');
const decoded = (text: string) => Buffer.from(text, 'base64url').toString('utf8');
