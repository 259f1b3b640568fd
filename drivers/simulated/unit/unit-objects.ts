// How a unit takes objects in, a chunk at a time.
import { tagLength } from '../../protocols/channel.ts';
import { type Asks, type Delivery, deliveries, objectKinds } from '../../protocols/uart-v1-messages.ts';
import type { Refusal } from '../../protocols/uart-v1-refusals.ts';
import { chainSize, fileSize, type Kept, keySize, longestPath } from './record.ts';
import {
  type Decide,
  freeSlot,
  heldAs,
  isOther,
  makesRoom,
  refuses,
  registrationOf,
  says,
  sha256,
  takes,
  type UnitParts,
  type UnitState,
  withoutStaged,
} from './unit-state.ts';

type ObjectKind = (typeof objectKinds)[number];
type KeyKind = 'symmetric-key' | 'private-key';
const isKey = (object: string): object is KeyKind => object === 'symmetric-key' || object === 'private-key';
/** What belongs to a credential; the rest is named by its content, and goes with any. */
const ofCredential = (object: string): boolean => isKey(object) || object === 'chain';
const kindOf = (object: string): ObjectKind | undefined => objectKinds.find((kind) => kind === object);

/** The whole object of that operation that the unit already holds, so that only its digest need be compared. */
export function heldDigest(
  kept: Kept,
  { operation, object }: Pick<Asks<'begin'>, 'operation' | 'object'>,
): Buffer | undefined {
  if (object === 'provisioning') {
    const digest = kept.provisioned && sha256(kept.provisioned);
    return digest?.indexOf(operation) === 0 ? digest : undefined;
  }
  if (object === 'file') return kept.files?.find((file) => file.object.indexOf(operation) === 0)?.object;
  const held = heldAs(kept, operation);
  if (object === 'chain') return held?.chain?.sha256;
  return held?.kind === object ? held.sha256 : undefined;
}

/** Longest bytes of a key as they travel; what is sealed has Names, a credential and its secret beside the key. */
const longestKey = { clear: keySize, channel: keySize + tagLength, sealed: keySize + 1_024 } as const;

/** Longest bytes of an object; a file has its path and mode around its content. */
function longest(kind: ObjectKind, delivery: Delivery): number {
  if (kind === 'chain') return chainSize;
  return kind === 'file' ? fileSize + longestPath + 16 : longestKey[delivery];
}

/** Why what the unit does not hold may not begin, or nothing. */
function refusedAtBegin(
  { kept, channel }: UnitState,
  kind: ObjectKind,
  delivery: Delivery,
  { operation, total }: Asks<'begin'>,
): Refusal | undefined {
  const { committed, staged } = kept;
  const inForce = ofCredential(kind) && committed?.operation.equals(operation);
  // Under the name of what is in force there is nothing else to be had.
  if (inForce) return kind === 'chain' ? 'no-key' : 'other-credential';
  if (kept.locked) return 'locked';
  if (total > longest(kind, delivery)) return 'too-long';
  if (delivery === 'channel' && !channel?.operation.equals(operation)) return 'no-channel';
  if (delivery === 'sealed' && registrationOf(kept) === undefined) return 'not-provisioned';
  const hasKey = staged?.operation.equals(operation) && staged.kind !== 'symmetric-key';
  return kind === 'chain' && !hasKey ? 'no-key' : undefined;
}

/** Only keys are encrypted: a chain, provisioning information and files are public. */
function deliveryOf(kind: ObjectKind, said: string, parts: UnitParts): Delivery | undefined {
  const delivery = deliveries.find((known) => known === said);
  if (delivery === undefined || (!isKey(kind) && delivery !== 'clear')) return undefined;
  return !isKey(kind) || takes(parts, delivery) ? delivery : undefined;
}

/**
 * What is encrypted anew each time cannot be compared: it is held once it is in force, and its proof decides. A file is read before it
 * is said to be there.
 */
function isHeld(kept: Kept, delivery: Delivery, asks: Asks<'begin'>, parts: UnitParts): boolean {
  const digest = heldDigest(kept, asks);
  if (digest === undefined) return false;
  if (asks.object === 'file')
    return kept.files?.some((file) => file.object.equals(digest) && parts.file(file)) === true;
  return delivery === 'clear' || kept.committed?.operation.equals(asks.operation) === true;
}

export const begin: Decide<'begin'> = (state, asks, parts) => {
  const { kept, channel } = state;
  const { operation, object, total } = asks;
  const kind = kindOf(object);
  if (kind === undefined) return refuses(state, 'unknown-object');
  const delivery = deliveryOf(kind, asks.delivery, parts);
  if (delivery === undefined) return refuses(state, 'unknown-delivery');
  const going = { kept, ...(channel && { channel }) };
  if (isHeld(kept, delivery, asks, parts)) return says(going, { held: true });
  // A chain belongs to the key that is staged, which named what it replaces.
  const belongs = kind === 'chain' && kept.staged?.operation.equals(operation);
  if (ofCredential(kind) && !belongs && isOther(kept, asks)) return refuses(state, 'other-credential');
  const refused = refusedAtBegin(state, kind, delivery, asks);
  if (refused !== undefined) return refuses(state, refused);
  // Views of the frame do not outlive it.
  const arriving = { operation: Buffer.from(operation), object, delivery, bytes: Buffer.alloc(total), received: 0 };
  const next = { ...going, arriving: { ...arriving, slot: freeSlot(kept) } };
  if (!isKey(kind)) return says(next, { held: false });
  return says({ ...next, kept: withoutStaged(kept) }, { held: false }, makesRoom(kept));
};

export const chunk: Decide<'chunk'> = (state, asks) => {
  const { arriving } = state;
  const { operation, object, offset, total, bytes } = asks;
  const fits =
    arriving?.operation.equals(operation) &&
    arriving.object === object &&
    arriving.bytes.length === total &&
    arriving.received === offset &&
    offset + bytes.length <= total;
  if (!arriving || !fits) return refuses(state, 'out-of-order');
  const received = offset + bytes.length;
  const filled = Buffer.from(arriving.bytes);
  filled.set(bytes, offset);
  const place = object === 'chain' ? 'chain' : 'key';
  const write = { slot: arriving.slot, place, offset, bytes: Buffer.from(bytes) } as const;
  const next = { ...state, arriving: { ...arriving, bytes: filled, received } };
  // What is encrypted is kept in working memory until it is opened, as provisioning information and files until they are read.
  const isKept = ofCredential(object) && arriving.delivery === 'clear';
  return says(next, { received }, isKept ? [write] : []);
};
