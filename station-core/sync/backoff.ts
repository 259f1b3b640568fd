import { type ErrorData, errors } from '../contract/errors.ts';

const firstMs = 5_000;
/** The least that the documents ask for after 429 without a time (F-138). */
const shortestMs = 1_000;
const longestMs = 10 * 60_000;

/**
 * Whether it may go by itself; else the target waits for a person. A fault of this program may be one row's, which is found when it
 * goes on.
 */
export const mayPass = ({ code }: ErrorData): boolean => errors[code].retry || errors[code].blame === 'bug';

/**
 * When a row is tried again, in milliseconds from now (docs/decisions.md, retry): 429 after what the service asked for, else full
 * jitter; 5xx and no answer exponentially from 5 s with jitter (DPS guidance: the first retry no earlier than 5 s), and no sooner
 * than was asked for (RFC 9110 section 10.2.3: Retry-After comes with 503 too). `random` is in [0, 1).
 */
export function retryAfterMs(error: ErrorData, attempts: number, random: number): number {
  const exponential = Math.min(longestMs, firstMs * 2 ** Math.min(attempts, 16));
  const askedMs = Math.max(0, Number(error.details.seconds ?? 0)) * 1_000;
  if (error.code === 'cloud.throttled') return askedMs || Math.max(shortestMs, Math.ceil(random * exponential));
  return Math.max(askedMs, Math.ceil(exponential * (1 + random / 2)));
}
