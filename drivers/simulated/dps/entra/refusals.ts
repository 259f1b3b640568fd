import { randomUUID } from 'node:crypto';
import type { Answer } from '../route.ts';

/** What the token endpoint refuses: HTTP status, OAuth error (RFC 6749, 5.2) and the number that Entra says it by. */
const refusals = {
  grantType: { status: 400, error: 'unsupported_grant_type', number: 70003, says: 'The grant type is not supported.' },
  request: { status: 400, error: 'invalid_request', number: 900144, says: 'The request body lacks a parameter.' },
  tenant: { status: 400, error: 'invalid_request', number: 90002, says: 'The tenant was not found.' },
  application: {
    status: 400,
    error: 'unauthorized_client',
    number: 700016,
    says: 'The application was not found in the directory.',
  },
  credential: {
    status: 401,
    error: 'invalid_client',
    number: 7000216,
    says: 'client_secret or client_assertion is required for the client_credentials grant type.',
  },
  secret: { status: 401, error: 'invalid_client', number: 7000215, says: 'Invalid client secret provided.' },
  assertion: { status: 401, error: 'invalid_client', number: 50027, says: 'JWT token is invalid or malformed.' },
  signature: {
    status: 401,
    error: 'invalid_client',
    number: 700027,
    says: 'The certificate with which the assertion is signed is not registered, or the signature is invalid.',
  },
  time: {
    status: 401,
    error: 'invalid_client',
    number: 700024,
    says: 'Client assertion is not within its valid time range.',
  },
  audience: {
    status: 401,
    error: 'invalid_client',
    number: 700023,
    says: 'Client assertion audience claim does not match the token endpoint.',
  },
  scopeForm: {
    status: 400,
    error: 'invalid_scope',
    number: 1002012,
    says: 'The scope is not valid: client credential flows need the resource with the suffix /.default.',
  },
  resource: { status: 400, error: 'invalid_resource', number: 500011, says: 'The resource was not found.' },
} as const;

export type EntraRefusal = keyof typeof refusals;

/** A refusal of the token endpoint. It never carries a value of the request. */
export class EntraError extends Error {
  readonly refusal: EntraRefusal;

  constructor(refusal: EntraRefusal, what = '', cause?: unknown) {
    super(`AADSTS${refusals[refusal].number}: ${refusals[refusal].says}${what && ` ${what}`}`, { cause });
    this.name = 'EntraError';
    this.refusal = refusal;
  }
}

export function refusedToken({ refusal, message }: EntraError, now: number): Answer {
  const { status, error, number } = refusals[refusal];
  const time = new Date(now).toISOString();
  const [trace_id, correlation_id] = [randomUUID(), randomUUID()];
  return {
    status,
    headers: { 'Cache-Control': 'no-store' },
    body: {
      error,
      error_description: `${message} Trace ID: ${trace_id} Correlation ID: ${correlation_id} Timestamp: ${time}`,
      error_codes: [number],
      timestamp: time,
      trace_id,
      correlation_id,
    },
  };
}
