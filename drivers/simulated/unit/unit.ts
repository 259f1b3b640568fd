// The unit's side of uart-v1, written from the specification apart from the driver: they share frames and message
// tables, no logic. A pure state machine: a request in; the next state, memory writes and an answer out.
import { createHash } from 'node:crypto';
import { possessionHmac, possessionMessage } from '../../protocols/possession.ts';
import {
  type Answers,
  type Asks,
  capabilities,
  type MessageName,
  maxChunk,
  maxObject,
  protocolVersion,
  provisioningFields,
  type Refusal,
} from '../../protocols/uart-v1-messages.ts';
import { isWrong, readFields, readMap } from '../../protocols/wire.ts';
import type { Held, Kept, MemoryWrite, Slot } from './memory.ts';

export type UnitFacts = {
  readonly serial: string;
  /** Six bytes, or none. */
  readonly mac?: Buffer;
  readonly model: string;
  readonly firmware: string;
};

/** An object on its way in. Kept in working memory alone: a power cut forgets it. */
type Arriving = {
  readonly operation: Buffer;
  readonly object: string;
  readonly slot: Slot;
  readonly bytes: Buffer;
  readonly received: number;
};

export type UnitState = { readonly kept: Kept; readonly arriving?: Arriving };

export type Outcome<M extends MessageName> = {
  readonly next: UnitState;
  readonly writes: readonly MemoryWrite[];
  readonly answer: { readonly answers: Answers<M> } | { readonly refused: Refusal };
};

/** What a unit can do beside deciding. */
export type UnitParts = {
  readonly facts: UnitFacts;
  readonly random: (bytes: number) => Buffer;
  readonly credential: (held: Held) => Buffer | undefined;
};

type Decide<M extends MessageName> = (state: UnitState, asks: Asks<M>, parts: UnitParts) => Outcome<M>;

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function says<M extends MessageName>(
  next: UnitState,
  answers: Answers<M>,
  writes: readonly MemoryWrite[] = [],
): Outcome<M> {
  return { next, writes, answer: { answers } };
}

function refuses<M extends MessageName>(
  next: UnitState,
  refused: Refusal,
  writes: readonly MemoryWrite[] = [],
): Outcome<M> {
  return { next, writes, answer: { refused } };
}

function withoutStaged({ staged: _, ...kept }: Kept): Kept {
  return kept;
}

/** Refuses, and forgets the staged credential, so that the station can send it again. */
function refusesAndForgets<M extends MessageName>({ kept }: UnitState, refused: Refusal): Outcome<M> {
  const record = withoutStaged(kept);
  return refuses({ kept: record }, refused, [{ record }]);
}

const hello: Decide<'hello'> = (state) =>
  says(state, { version: protocolVersion, capabilities, storage: 'file', simulated: true, chunk: maxChunk });

const identity: Decide<'identity'> = (state, _, { facts }) => says(state, facts);

const status: Decide<'status'> = (state) => {
  const { committed, staged, provisioned, locked } = state.kept;
  const held = committed ?? staged;
  return says(state, {
    state: committed ? 'committed' : staged ? 'staged' : 'none',
    ...(held === undefined ? {} : { operation: held.operation }),
    locked,
    ...(provisioned === undefined ? {} : { provisioned: sha256(provisioned) }),
  });
};

/** Why an object may not begin, or nothing. */
function refusedAtBegin({ kept }: UnitState, asks: Asks<'begin'>): Refusal | undefined {
  const { operation, object, delivery, replaces } = asks;
  if (object !== 'provisioning' && object !== 'symmetric-key') return 'unknown-object';
  if (delivery !== 'clear') return 'unknown-delivery';
  const { committed } = kept;
  if (object === 'symmetric-key' && committed !== undefined) {
    // Against accidents: another credential must name the one that it takes the place of.
    const replaced = replaces?.equals(committed.operation) === true;
    if (!committed.operation.equals(operation) && !replaced) return 'other-credential';
  }
  return undefined;
}

/** Whether the unit already holds all of the object of that operation, so that only its digest need be compared. */
function holds({ committed, staged, provisioned }: Kept, { operation, object }: Asks<'begin'>): boolean {
  if (object === 'provisioning') return provisioned !== undefined && sha256(provisioned).indexOf(operation) === 0;
  return [committed, staged].some((held) => held?.operation.equals(operation));
}

const begin: Decide<'begin'> = (state, asks) => {
  const refused = refusedAtBegin(state, asks);
  if (refused !== undefined) return refuses(state, refused);
  const { kept } = state;
  if (holds(kept, asks)) return says({ kept }, { held: true });
  if (kept.locked) return refuses(state, 'locked');
  if (asks.total > maxObject) return refuses(state, 'too-long');
  const { operation, object, total } = asks;
  // Views of the frame do not outlive it.
  const arriving = { operation: Buffer.from(operation), object, bytes: Buffer.alloc(total), received: 0 };
  const slot: Slot = kept.committed?.slot === 0 ? 1 : 0;
  const next = { kept, arriving: { ...arriving, slot } };
  if (object === 'provisioning' || kept.staged === undefined) return says(next, { held: false });
  // The record stops naming the slot before its first byte is written over.
  return says({ ...next, kept: withoutStaged(kept) }, { held: false }, [{ record: withoutStaged(kept) }]);
};

const chunk: Decide<'chunk'> = (state, asks) => {
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
  const writes = object === 'provisioning' ? [] : [{ slot: arriving.slot, offset, bytes: Buffer.from(bytes) }];
  return says({ ...state, arriving: { ...arriving, bytes: filled, received } }, { received }, writes);
};

const end: Decide<'end'> = (state, asks) => {
  const { kept, arriving } = state;
  if (arriving === undefined) return endOfHeld(state, asks);
  const { operation, object, slot, bytes, received } = arriving;
  if (!operation.equals(asks.operation) || object !== asks.object) return refuses(state, 'out-of-order');
  if (received !== bytes.length) return refuses({ kept }, 'out-of-order');
  if (!sha256(bytes).equals(asks.sha256)) return refuses({ kept }, 'digest-differs');
  if (object === 'provisioning' && !isProvisioning(bytes)) return refuses({ kept }, 'object-invalid');
  const digest = Buffer.from(asks.sha256);
  const record: Kept =
    object === 'provisioning'
      ? { ...kept, provisioned: bytes }
      : { ...kept, staged: { slot, operation, length: bytes.length, sha256: digest } };
  return says({ kept: record }, {}, [{ record }]);
};

/** The end of an object that was begun and found held, or that was never begun. */
function endOfHeld(state: UnitState, { operation, object, sha256: digest }: Asks<'end'>): Outcome<'end'> {
  const { committed, staged, provisioned } = state.kept;
  if (object === 'provisioning') {
    if (provisioned === undefined) return refuses(state, 'out-of-order');
    return sha256(provisioned).equals(digest) ? says(state, {}) : refuses(state, 'out-of-order');
  }
  if (committed?.operation.equals(operation)) {
    return committed.sha256.equals(digest) ? says(state, {}) : refuses(state, 'other-credential');
  }
  if (!staged?.operation.equals(operation)) return refuses(state, 'out-of-order');
  if (staged.sha256.equals(digest)) return says(state, {});
  // Staged is not in force: the unit forgets it, and the station sends the object again.
  return refusesAndForgets(state, 'digest-differs');
}

const commit: Decide<'commit'> = (state, { operation }, { credential }) => {
  const { committed, staged, ...rest } = state.kept;
  if (committed?.operation.equals(operation)) return says(state, {});
  if (!staged?.operation.equals(operation)) {
    return refuses(state, committed === undefined ? 'nothing-staged' : 'other-credential');
  }
  if (rest.locked) return refuses(state, 'locked');
  // Read back from the slot and compared with its digest before it is trusted.
  const readBack = credential(staged);
  if (readBack === undefined) return refusesAndForgets(state, 'memory-failed');
  readBack.fill(0);
  const record = { ...rest, committed: staged };
  // The switch is the one write of the record; only then is what it replaced erased.
  const erased = committed && { slot: committed.slot, offset: 0, bytes: Buffer.alloc(committed.length, 0xff) };
  return says({ kept: record }, {}, erased ? [{ record }, erased] : [{ record }]);
};

const prove: Decide<'prove'> = (state, { operation, registrationId, stationNonce }, { random, credential }) => {
  const { committed, provisioned } = state.kept;
  if (committed === undefined) return refuses(state, 'no-credential');
  if (!committed.operation.equals(operation)) return refuses(state, 'other-credential');
  const info = provisioned === undefined ? undefined : readProvisioning(provisioned);
  if (info === undefined) return refuses(state, 'not-provisioned');
  if (info.registrationId !== registrationId) return refuses(state, 'other-registration');
  const key = credential(committed);
  if (key === undefined) return refuses(state, 'memory-failed');
  const unitNonce = random(32);
  const proof = possessionHmac(key, possessionMessage({ operation, registrationId, stationNonce, unitNonce }));
  key.fill(0);
  return says(state, { unitNonce, proof });
};

const lock: Decide<'lock'> = (state, { operation }) => {
  const { kept } = state;
  if (kept.committed === undefined) return refuses(state, 'no-credential');
  if (!kept.committed.operation.equals(operation)) return refuses(state, 'other-credential');
  if (kept.locked) return says(state, {});
  const record = { ...kept, locked: true };
  return says({ kept: record }, {}, [{ record }]);
};

function readProvisioning(bytes: Uint8Array) {
  const map = readMap(bytes);
  const read = map === undefined ? undefined : readFields(provisioningFields, map);
  return read === undefined || isWrong(read) ? undefined : read;
}
const isProvisioning = (bytes: Uint8Array): boolean => readProvisioning(bytes) !== undefined;

/** What a unit does with each request. */
export const decide: { readonly [M in MessageName]: Decide<M> } = {
  hello,
  identity,
  status,
  begin,
  chunk,
  end,
  commit,
  prove,
  lock,
};
