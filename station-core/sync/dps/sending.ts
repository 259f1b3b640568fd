import { type ErrorData, StationError } from '../../contract/errors.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import type { Carried, Fate, Sent } from '../targets/target.ts';
import type { CloudAnchor } from './anchor.ts';
import type { Requested } from './answers.ts';
import type { DpsClient } from './client.ts';
import type { KeyedBody } from './keyed-json.ts';

/** One call of the pump to DPS: what it works with, and what it found out so far. */
export type Sending = {
  readonly client: DpsClient;
  /** What a row's credential puts into its request: opened keys, which the target zeroes, or certificates. */
  readonly carriedOf: (row: OutboxRow) => Promise<Carried>;
  readonly anchor?: CloudAnchor;
  readonly signal: AbortSignal;
  readonly sent: Sent;
};

/** A row and the enrollment that is to be made or changed for it. */
export type Item = { readonly row: OutboxRow; readonly body: KeyedBody };

/** Counts an operation that the service has answered: what fails is not billed (DPS pricing). */
export async function billed<T>({ sent }: Sending, call: Promise<T>): Promise<T> {
  const answer = await call;
  sent.operations += 1;
  return answer;
}

/** A receipt: how the service answered, the entry's etag where it said one, and its number of the request. */
export const received = (answer: string, etag?: string, { requestId }: Requested = {}): Fate => ({
  done: JSON.stringify({ answer, ...(etag === undefined ? {} : { etag }), ...(requestId ? { requestId } : {}) }),
});

/** There is something else under this ID: it waits for a person, who sees which version of it was looked at. */
export const different = (what: string, etag?: string): { readonly park: ErrorData } => ({
  park: { code: 'cloud.different', details: { what, ...(etag === undefined ? {} : { etag }) } },
});

/**
 * What is wrong with one row: its secret (everything else about the HSM concerns every row), or what it asks of the service, such as
 * a group too many.
 */
const ofOneRow: ReadonlySet<string> = new Set([
  'hsm.unsealable',
  'store.damaged',
  'recipe.unsupported',
  'cloud.rejected',
  'cloud.too-large',
  'cloud.key-in-body',
  'cloud.private-key',
]);

/** Somebody changed the entry between two calls: it is read again. */
const readAgain: ReadonlySet<unknown> = new Set([409, 412]);

/** The fate of a row whose own step was refused. Throws what concerns the call as a whole. */
export function fateOfOne(thrown: unknown): Fate {
  if (!(thrown instanceof StationError) || !ofOneRow.has(thrown.code)) throw thrown;
  const error = thrown.toData();
  return readAgain.has(error.details.status) ? { retry: error } : { park: error };
}

/** Ends what a body carries in secret. */
export function zero({ keys }: KeyedBody): void {
  keys?.primary.fill(0);
  keys?.secondary.fill(0);
}
