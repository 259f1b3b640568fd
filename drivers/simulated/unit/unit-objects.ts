// How a unit takes objects in, a chunk at a time, and lets them be fetched.
import { type Asks, maxChunk, objectKinds } from '../../protocols/uart-v1-messages.ts';
import type { Refusal } from '../../protocols/uart-v1-refusals.ts';
import { certificateRequest } from './csr.ts';
import { leafOf, readKey } from './keys.ts';
import { chainSize, type Held, type Kept, keySize } from './record.ts';
import {
  cameWith,
  type Decide,
  freeSlot,
  heldAs,
  isOther,
  makesRoom,
  type Outcome,
  readProvisioning,
  refuses,
  refusesAndForgets,
  registrationOf,
  says,
  sha256,
  type UnitParts,
  type UnitState,
  withoutStaged,
} from './unit-state.ts';

type ObjectKind = (typeof objectKinds)[number];
const kindOf = (object: string): ObjectKind | undefined => objectKinds.find((kind) => kind === object);

/** The whole object of that operation that the unit already holds, so that only its digest need be compared. */
function heldDigest(
  kept: Kept,
  { operation, object }: Pick<Asks<'begin'>, 'operation' | 'object'>,
): Buffer | undefined {
  if (object === 'provisioning') {
    const digest = kept.provisioned && sha256(kept.provisioned);
    return digest?.indexOf(operation) === 0 ? digest : undefined;
  }
  const held = heldAs(kept, operation);
  if (object === 'chain') return held?.chain?.sha256;
  return held?.kind === object ? held.sha256 : undefined;
}

/** Why a credential's part that the unit does not hold may not begin, or nothing. */
function refusedAtBegin(kept: Kept, kind: ObjectKind, { operation, total }: Asks<'begin'>): Refusal | undefined {
  const { committed, staged } = kept;
  const inForce = kind !== 'provisioning' && committed?.operation.equals(operation);
  // Under the name of what is in force there is nothing else to be had.
  if (inForce) return kind === 'chain' ? 'no-key' : 'other-credential';
  if (kept.locked) return 'locked';
  if (total > (kind === 'chain' ? chainSize : keySize)) return 'too-long';
  const hasKey = staged?.operation.equals(operation) && staged.kind !== 'symmetric-key';
  return kind === 'chain' && !hasKey ? 'no-key' : undefined;
}

export const begin: Decide<'begin'> = (state, asks) => {
  const { kept } = state;
  const { operation, object, total } = asks;
  const kind = kindOf(object);
  if (kind === undefined) return refuses(state, 'unknown-object');
  if (asks.delivery !== 'clear') return refuses(state, 'unknown-delivery');
  if (heldDigest(kept, asks) !== undefined) return says({ kept }, { held: true });
  // A chain belongs to the key that is staged, which named what it replaces.
  const belongs = kind === 'chain' && kept.staged?.operation.equals(operation);
  if (kind !== 'provisioning' && !belongs && isOther(kept, asks)) return refuses(state, 'other-credential');
  const refused = refusedAtBegin(kept, kind, asks);
  if (refused !== undefined) return refuses(state, refused);
  // Views of the frame do not outlive it.
  const arriving = { operation: Buffer.from(operation), object, bytes: Buffer.alloc(total), received: 0 };
  const next = { kept, arriving: { ...arriving, slot: freeSlot(kept) } };
  if (kind === 'provisioning' || kind === 'chain') return says(next, { held: false });
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
  return says(next, { received }, object === 'provisioning' ? [] : [write]);
};

export const end: Decide<'end'> = (state, asks, parts) => {
  const { kept, arriving } = state;
  if (arriving === undefined) return endOfHeld(state, asks);
  const { operation, object, bytes, received } = arriving;
  if (!operation.equals(asks.operation) || object !== asks.object) return refuses(state, 'out-of-order');
  if (received !== bytes.length) return refuses({ kept }, 'out-of-order');
  const digest = sha256(bytes);
  if (!digest.equals(asks.sha256)) return refuses({ kept }, 'digest-differs');
  const stored = { length: bytes.length, sha256: digest };
  if (object === 'provisioning') {
    if (readProvisioning(bytes) === undefined) return refuses({ kept }, 'object-invalid');
    return keeps({ ...kept, provisioned: bytes });
  }
  if (object === 'chain') return endOfChain(kept, bytes, parts);
  const kind = object === 'private-key' ? 'private-key' : 'symmetric-key';
  if (kind === 'private-key' && readKey(bytes) === undefined) return refuses({ kept }, 'object-invalid');
  return keeps({ ...kept, staged: { slot: arriving.slot, operation, kind, ...stored } });
};

const keeps = (record: Kept): Outcome<'end'> => says({ kept: record }, {}, [{ record }]);

/** A chain is kept beside the staged key whose public half its first certificate carries. */
function endOfChain(kept: Kept, bytes: Buffer, { credential }: UnitParts): Outcome<'end'> {
  const { staged } = kept;
  if (staged === undefined) return refuses({ kept }, 'no-key');
  const pkcs8 = credential(staged);
  const key = pkcs8 && readKey(pkcs8);
  pkcs8?.fill(0);
  if (key === undefined) return refusesAndForgets({ kept }, 'memory-failed');
  const leaf = leafOf(bytes);
  if (leaf === undefined) return refuses({ kept }, 'object-invalid');
  if (!leaf.checkPrivateKey(key)) return refuses({ kept }, 'key-differs');
  return keeps({ ...kept, staged: { ...staged, chain: { length: bytes.length, sha256: sha256(bytes) } } });
}

/** The end of an object that was begun and found held, or that was never begun. */
function endOfHeld(state: UnitState, asks: Asks<'end'>): Outcome<'end'> {
  const { kept } = state;
  const held = heldDigest(kept, asks);
  if (held?.equals(asks.sha256)) return says(state, {});
  if (asks.object === 'provisioning') return refuses(state, 'out-of-order');
  if (kept.committed?.operation.equals(asks.operation)) return refuses(state, 'other-credential');
  if (held === undefined || kept.staged === undefined) return refuses(state, 'out-of-order');
  // Staged is not in force: the unit forgets it, and the station sends the object again. A chain goes without its key.
  if (asks.object !== 'chain') return refusesAndForgets(state, 'digest-differs');
  const { chain: _, ...staged } = kept.staged;
  const record = { ...kept, staged };
  return refuses({ kept: record }, 'digest-differs', [{ record }]);
}

type Found = { readonly next: UnitState; readonly bytes: Buffer } | { readonly refused: Refusal };

export const fetch: Decide<'fetch'> = (state, asks, parts) => {
  const found = findObject(state, asks, parts);
  if ('refused' in found) return refuses(state, found.refused);
  const { next, bytes } = found;
  if (asks.offset >= bytes.length) return refuses(next, 'out-of-order');
  const piece = bytes.subarray(asks.offset, asks.offset + maxChunk);
  return says(next, { total: bytes.length, sha256: sha256(bytes), bytes: piece });
};

function findObject(state: UnitState, { object, operation }: Asks<'fetch'>, parts: UnitParts): Found {
  const { kept } = state;
  if (object === 'certificate') return chainOf(state, cameWith(kept), parts);
  if (object !== 'csr' && object !== 'chain') return { refused: 'unknown-object' };
  if (operation === undefined) return { refused: 'malformed' };
  const held = heldAs(kept, operation);
  if (held === undefined && kept.committed !== undefined) return { refused: 'other-credential' };
  return object === 'chain' ? chainOf(state, held, parts) : requestOf(state, held, parts);
}

function chainOf(next: UnitState, held: Held | undefined, { chain }: UnitParts): Found {
  if (held?.chain === undefined) return { refused: 'no-chain' };
  const bytes = chain(held);
  return bytes === undefined ? { refused: 'memory-failed' } : { next, bytes };
}

/** The request for a key that the unit made: the one that is being fetched, or a new one. */
function requestOf(state: UnitState, held: Held | undefined, { credential }: UnitParts): Found {
  if (held?.kind !== 'made-key') return { refused: 'no-key' };
  const registrationId = registrationOf(state.kept);
  if (registrationId === undefined) return { refused: 'not-provisioned' };
  const { operation } = held;
  const known = state.request;
  if (known?.operation.equals(operation)) return { next: state, bytes: known.bytes };
  const pkcs8 = credential(held);
  const key = pkcs8 && readKey(pkcs8);
  pkcs8?.fill(0);
  if (key === undefined) return { refused: 'memory-failed' };
  const bytes = certificateRequest(key, registrationId);
  return { next: { ...state, request: { operation, bytes } }, bytes };
}
