import { type Details, StationError } from '../../contract/errors.ts';
import { type Caller, tokenSeconds } from './authorization.ts';

// Why the service refuses a station (F-153). It says 401 to a wrong key, an expired token, a missing right and an address
// that its IP filter keeps out, all in the same words; so what is known beside the answer decides.

/** A clock that is further off than this is worth a warning, and explains a 401 (F-45). */
export const largestSkewMs = 5 * 60_000;

export type RefusalCause = 'clock' | 'expired' | 'right' | 'filter' | 'credential';

/** Whether a call was refused for want of a right alone, so that others may go on. */
export const lacksRight = (thrown: unknown): boolean =>
  thrown instanceof StationError && thrown.code === 'cloud.refused' && thrown.details.cause === 'right';

/** What is known of a refused call. */
export type Refused = {
  readonly status: number;
  readonly host: string;
  readonly who: Caller;
  /** The right that the call needs. */
  readonly right: string;
  /** How far the service's clock is ahead of the station's, in milliseconds, where it told its time. */
  readonly skewMs: number | undefined;
  /** The rights that the service has granted since the station was started. */
  readonly granted: ReadonlySet<string>;
};

/** What the answer itself tells; undefined when only another call can tell more. */
export function causeOfAnswer({ status, who, skewMs = 0 }: Refused): RefusalCause | undefined {
  // A token that is made for each call is expired only when the clock is behind by its whole life.
  if (who.kind === 'sas' && skewMs >= tokenSeconds * 1_000) return 'expired';
  if (Math.abs(skewMs) > largestSkewMs) return 'clock';
  return status === 403 ? 'right' : undefined;
}

/** What a harmless read tells, when the answer itself did not: `reads` is undefined when that got no answer. */
export function causeOfRead({ right, granted }: Refused, reads: boolean | undefined): RefusalCause {
  if (reads) return 'right';
  if (granted.has(right) || (reads === false && granted.has(rightToRead))) return 'filter';
  return granted.size > 0 ? 'right' : 'credential';
}

/** The details of `cloud.refused`: what it is, and in words what to do. */
export function refusedDetails(refused: Refused, cause: RefusalCause): Details {
  return { status: refused.status, cause, advice: advice[cause](refused) };
}

const advice = {
  clock: ({ skewMs = 0 }) =>
    `The station's clock is ${minutes(skewMs)} the service's, so its tokens do not hold: set the clock right.`,
  expired: ({ skewMs = 0 }) =>
    `Its token had expired when it was made: the station's clock is ${minutes(skewMs)} the service's. Set it right.`,
  right: ({ who, right }) =>
    who.kind === 'sas'
      ? `The policy ${who.policy} lacks the right ${right}: the owner of the service adds it.`
      : `The application ${who.application} lacks a role for this (${right}): the owner of the service assigns "Device Provisioning Service Data Contributor" to it.`,
  filter: ({ host }) =>
    `It was let in before: likely an IP filter of ${host} keeps the station's address out now, or the key or role was taken away. The service does not say which.`,
  credential: ({ who, host }) =>
    who.kind === 'sas'
      ? `Likely, in this order: the key or the name of the policy ${who.policy} is not ${host}'s; the policy has no right there; an IP filter keeps the station's address out. The service does not say which.`
      : `Microsoft Entra ID gave a token. Likely, in this order: the application ${who.application} has no role at ${host}; its tenant is another than the service's; an IP filter keeps the station's address out.`,
} as const satisfies Record<RefusalCause, (refused: Refused) => string>;

/** `12 minutes behind` or `3 hours ahead of`. */
function minutes(skewMs: number): string {
  const behind = Math.round(Math.abs(skewMs) / 60_000);
  const time = behind < 120 ? `${behind} minutes` : `${Math.round(behind / 60)} hours`;
  return `${time} ${skewMs > 0 ? 'behind' : 'ahead of'}`;
}

const rightToRead = 'EnrollmentRead';

/** The right that a call of the service API needs (dps-reference 3.1.1). */
export function rightOf(method: string, path: string): string {
  if (path.startsWith('/registrations/'))
    return method === 'DELETE' ? 'RegistrationStatusWrite' : 'RegistrationStatusRead';
  if (path.endsWith('/attestationmechanism')) return 'EnrollmentRead (for attestation mechanisms)';
  return method === 'GET' || path.endsWith('/query') ? rightToRead : 'EnrollmentWrite';
}
