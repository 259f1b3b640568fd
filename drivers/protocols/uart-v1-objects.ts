// Objects of uart-v1, longer than a frame: sent in chunks, or fetched in pieces, and whole only when their SHA-256 says so.
import { createHash } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import { type Asking, refusalError } from './uart-v1-asking.ts';
import type { Answers, Asks, FetchedKind } from './uart-v1-messages.ts';
import type { Refusal } from './uart-v1-refusals.ts';

/** A unit that lost its place, by a reset or a stale frame, gets the object from its first byte again. */
const transfers = 3;
const startsOver: ReadonlySet<Refusal> = new Set(['out-of-order', 'digest-differs', 'no-channel']);

/** What is sent in one transfer, as it travels. */
export type Sent = Asks<'begin'> & {
  readonly bytes: Buffer;
  /** Whether the unit can compare it with what it holds. What is encrypted anew each time is not: the proof decides. */
  readonly comparable: boolean;
};

/**
 * Sends an object in chunks of at most `chunk` bytes; `prepare` makes what a transfer sends, with fresh keys where there are any.
 * Throws what the unit refuses it for.
 */
export async function sendObject(
  asking: Asking,
  prepare: () => Promise<Sent>,
  chunk: number,
  signal: AbortSignal,
): Promise<void> {
  for (let transfer = 1; ; transfer += 1) {
    const object = await prepare();
    const refused = await sendOnce(asking, object, chunk, signal);
    if (refused === undefined) return;
    if (transfer === transfers || !startsOver.has(refused)) throw refusalError(object.object, refused);
  }
}

/**
 * Asks whether the unit holds that object now, whole: one that does has nothing to be sent. Throws what the unit refuses it for, and
 * `unit.refused` when it does not hold it.
 */
export async function confirmObject(asking: Asking, { bytes, ...rest }: Sent, signal: AbortSignal): Promise<void> {
  const { comparable: _, ...begin } = rest;
  const { operation, object } = begin;
  const { held } = await asking.ask('begin', begin, signal);
  const reason = 'what it holds afterwards is not what was written';
  if (!held) throw new StationError('unit.refused', { what: object, reason });
  const sha256 = createHash('sha256').update(bytes).digest();
  await asking.ask('end', { operation, object, sha256 }, signal);
}

async function sendOnce(
  asking: Asking,
  { bytes, comparable, ...begin }: Sent,
  chunk: number,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  const { operation, object, total } = begin;
  const begun = await asking.try('begin', begin, signal);
  if ('refused' in begun) return begun.refused;
  if (begun.answers.held && !comparable) return undefined;
  const first = begun.answers.held ? total : 0;
  for (let offset = first; offset < total; offset += chunk) {
    const piece = bytes.subarray(offset, offset + chunk);
    const sent = await asking.try('chunk', { operation, object, offset, total, bytes: piece }, signal);
    if ('refused' in sent) return sent.refused;
    if (sent.answers.received !== offset + piece.length) return 'out-of-order';
  }
  const sha256 = createHash('sha256').update(bytes).digest();
  const ended = await asking.try('end', { operation, object, sha256 }, signal);
  return 'refused' in ended ? ended.refused : undefined;
}

export type Wanted = { readonly object: FetchedKind; readonly operation?: Buffer };

/**
 * An object of the unit, read in pieces; read anew when it changed meanwhile. Throws what the unit refuses it for, and
 * `unit.garbled` when it never becomes whole.
 */
export async function fetchObject(asking: Asking, wanted: Wanted, signal: AbortSignal): Promise<Buffer> {
  for (let transfer = 1; transfer <= transfers; transfer += 1) {
    const whole = await fetchOnce(asking, wanted, signal);
    if (whole !== undefined) return whole;
  }
  throw new StationError('unit.garbled', { what: `${wanted.object}, sha256` });
}

/** One reading: the whole object, or `undefined` when its pieces are not of one. */
async function fetchOnce(asking: Asking, wanted: Wanted, signal: AbortSignal): Promise<Buffer | undefined> {
  const first = await fetchPiece(asking, wanted, 0, signal);
  if (first === undefined) return undefined;
  const whole = Buffer.alloc(first.total);
  let offset = 0;
  for (let piece: Piece | undefined = first; ; piece = await fetchPiece(asking, wanted, offset, signal)) {
    if (piece?.total !== first.total || !piece.sha256.equals(first.sha256)) return undefined;
    if (offset + piece.bytes.length > whole.length) return undefined;
    whole.set(piece.bytes, offset);
    offset += piece.bytes.length;
    if (offset === whole.length) break;
  }
  return createHash('sha256').update(whole).digest().equals(first.sha256) ? whole : undefined;
}

type Piece = Answers<'fetch'>;

/** The piece at that offset; `undefined` where the object has none, since it became shorter. */
async function fetchPiece(asking: Asking, wanted: Wanted, offset: number, signal: AbortSignal) {
  const read = await asking.try('fetch', { ...wanted, offset }, signal);
  if ('answers' in read) return read.answers;
  if (read.refused === 'out-of-order') return undefined;
  throw refusalError(wanted.object, read.refused);
}
