// The unit's side of uart-v1, written from the specification apart from the driver: they share frames and message
// tables, no logic. A pure state machine: a request in; the next state, memory writes and an answer out.
import { possessionHmac, possessionMessage, possessionSignature } from '../../protocols/possession.ts';
import {
  capabilities,
  deliveries,
  type MessageName,
  maxChunk,
  protocolVersion,
} from '../../protocols/uart-v1-messages.ts';
import { algorithmOf, isMadeAlgorithm, type MadeAlgorithm, readKey } from './keys.ts';
import type { Held, KeyKind } from './record.ts';
import { channel, tpm } from './unit-channel.ts';
import { end } from './unit-ends.ts';
import { fetch } from './unit-fetch.ts';
import { begin, chunk } from './unit-objects.ts';
import {
  cameWith,
  type Decide,
  freeSlot,
  isOther,
  makesRoom,
  type Outcome,
  refuses,
  refusesAndForgets,
  registrationOf,
  says,
  sha256,
  takes,
  type UnitParts,
  type UnitState,
} from './unit-state.ts';

const hello: Decide<'hello'> = (state, _, parts) => {
  const ways = deliveries.filter((delivery) => takes(parts, delivery)).map((delivery) => `delivery-${delivery}`);
  const can = capabilities.filter((name) => {
    if (name.startsWith('key-')) return isMadeAlgorithm(name.slice('key-'.length));
    if (name.startsWith('delivery-')) return ways.includes(name);
    if (name === 'tpm') return parts.tpm !== undefined;
    return name !== 'certificate' || cameWith(state.kept) !== undefined;
  });
  return says(state, {
    version: protocolVersion,
    capabilities: can,
    storage: 'file',
    simulated: true,
    chunk: maxChunk,
  });
};

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

const makeKey: Decide<'make-key'> = (state, asks, parts) => {
  const { kept } = state;
  const { operation, algorithm } = asks;
  if (!isMadeAlgorithm(algorithm)) return refuses(state, 'unknown-algorithm');
  if (registrationOf(kept) === undefined) return refuses(state, 'not-provisioned');
  if (isOther(kept, asks)) return refuses(state, 'other-credential');
  if (kept.committed?.operation.equals(operation)) {
    return isMade(kept.committed, algorithm, parts) ? says(state, {}) : refuses(state, 'other-credential');
  }
  if (kept.staged?.operation.equals(operation) && isMade(kept.staged, algorithm, parts)) return says(state, {});
  if (kept.locked) return refuses(state, 'locked');
  return makesPair(state, Buffer.from(operation), parts.makeKey(algorithm));
};

/** Whether the unit made this key itself, and of this kind. */
function isMade(held: Held, algorithm: MadeAlgorithm, { credential }: UnitParts): boolean {
  if (held.kind !== 'made-key') return false;
  const pkcs8 = credential(held);
  const key = pkcs8 && readKey(pkcs8);
  pkcs8?.fill(0);
  return key !== undefined && algorithmOf(key) === algorithm;
}

function makesPair({ kept }: UnitState, operation: Buffer, bytes: Buffer): Outcome<'make-key'> {
  const slot = freeSlot(kept);
  const stored = { length: bytes.length, sha256: sha256(bytes) };
  const record = { ...kept, staged: { slot, operation, kind: 'made-key' as const, ...stored } };
  const write = { slot, place: 'key', offset: 0, bytes } as const;
  return says({ kept: record }, {}, [...makesRoom(kept), write, { record }]);
}

const commit: Decide<'commit'> = (state, { operation }, { credential, chain }) => {
  const { committed, staged, ...rest } = state.kept;
  if (committed?.operation.equals(operation)) return says(state, {});
  if (!staged?.operation.equals(operation)) {
    return refuses(state, committed === undefined ? 'nothing-staged' : 'other-credential');
  }
  if (rest.locked) return refuses(state, 'locked');
  const needsChain = staged.kind !== 'symmetric-key';
  if (needsChain && staged.chain === undefined) return refuses(state, 'no-chain');
  // Read back from the slot and compared with their digests before they are trusted.
  const readBack = credential(staged);
  if (readBack === undefined) return refusesAndForgets(state, 'memory-failed');
  readBack.fill(0);
  if (needsChain && chain(staged) === undefined) return refusesAndForgets(state, 'memory-failed');
  const record = { ...rest, committed: staged };
  // The switch is the one write of the record; only then is what it replaced erased.
  return says({ kept: record }, {}, committed ? [{ record }, { erase: committed.slot }] : [{ record }]);
};

const prove: Decide<'prove'> = (state, { operation, registrationId, stationNonce }, { random, credential }) => {
  const { committed } = state.kept;
  if (committed === undefined) return refuses(state, 'no-credential');
  if (!committed.operation.equals(operation)) return refuses(state, 'other-credential');
  const own = registrationOf(state.kept);
  if (own === undefined) return refuses(state, 'not-provisioned');
  if (own !== registrationId) return refuses(state, 'other-registration');
  const key = credential(committed);
  const unitNonce = random(32);
  const message = possessionMessage({ operation, registrationId, stationNonce, unitNonce });
  const proof = key && proofOf(committed.kind, key, message);
  key?.fill(0);
  return proof === undefined ? refuses(state, 'memory-failed') : says(state, { unitNonce, proof });
};

function proofOf(kind: KeyKind, bytes: Buffer, message: Buffer): Buffer | undefined {
  if (kind === 'symmetric-key') return possessionHmac(bytes, message);
  const key = readKey(bytes);
  return key && possessionSignature(key, message);
}

const lock: Decide<'lock'> = (state, { operation }) => {
  const { kept } = state;
  if (kept.committed === undefined) return refuses(state, 'no-credential');
  if (!kept.committed.operation.equals(operation)) return refuses(state, 'other-credential');
  if (kept.locked) return says(state, {});
  const record = { ...kept, locked: true };
  return says({ kept: record }, {}, [{ record }]);
};

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
  'make-key': makeKey,
  fetch,
  tpm,
  channel,
};
