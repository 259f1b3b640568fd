// Objects that a unit lets be fetched: certificates and certificate requests, never a key.
import { type Asks, maxChunk } from '../../protocols/uart-v1-messages.ts';
import type { Refusal } from '../../protocols/uart-v1-refusals.ts';
import { certificateRequest } from './csr.ts';
import { readKey } from './keys.ts';
import type { Held } from './record.ts';
import {
  cameWith,
  type Decide,
  heldAs,
  refuses,
  registrationOf,
  says,
  sha256,
  type UnitParts,
  type UnitState,
} from './unit-state.ts';

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
