import type { ErrorData } from '../contract/errors.ts';

const firstMs = 5_000;
/** The least that the documents ask for after 429 without a time (F-138). */
const shortestMs = 1_000;
const longestMs = 10 * 60_000;

/**
 * When a row is tried again, in milliseconds from now (docs/decisions.md, retry): 429 after what the service asked for, else full
 * jitter; 5xx and no answer exponentially from 5 s with jitter (DPS guidance: the first retry no earlier than 5 s).
 * `random` is in [0, 1).
 */
export function retryAfterMs(error: ErrorData, attempts: number, random: number): number {
  const exponential = Math.min(longestMs, firstMs * 2 ** Math.min(attempts, 16));
  if (error.code === 'cloud.throttled') {
    const asked = Number(error.details.seconds);
    return asked > 0 ? asked * 1_000 : Math.max(shortestMs, Math.ceil(random * exponential));
  }
  return Math.ceil(exponential * (1 + random / 2));
}
