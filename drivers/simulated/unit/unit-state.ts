// What a unit knows while it runs, and how it says what becomes of a request.
import { createHash } from 'node:crypto';
import type { EnvelopeKey, Ephemeral } from '../../protocols/channel.ts';
import {
  type Answers,
  type Asks,
  type Delivery,
  deliveries,
  fileFields,
  type MessageName,
  provisioningFields,
} from '../../protocols/uart-v1-messages.ts';
import type { Refusal } from '../../protocols/uart-v1-refusals.ts';
import { isWrong, readFields, readMap } from '../../protocols/wire.ts';
import type { MadeAlgorithm } from './keys.ts';
import type { MemoryWrite } from './memory.ts';
import type { Held, Kept, KeptFile, Slot } from './record.ts';
import { NoTpm, type UnitsTpm } from './units-tpm.ts';

export type UnitFacts = {
  readonly serial: string;
  /** Six bytes, or none. */
  readonly mac?: Buffer;
  readonly model: string;
  readonly firmware: string;
  /** How it takes keys, of what its parts allow; every way when left out. */
  readonly deliveries?: readonly Delivery[];
};

/** An object on its way in. Kept in working memory alone: a power cut forgets it. */
export type Arriving = {
  readonly operation: Buffer;
  readonly object: string;
  readonly delivery: Delivery;
  readonly slot: Slot;
  readonly bytes: Buffer;
  readonly received: number;
};

/**
 * A certificate request that is being fetched: ECDSA signs anew each time, and all pieces must be of one. Forgotten with
 * whatever changes the unit, its registration ID too.
 */
type Request = { readonly operation: Buffer; readonly bytes: Buffer };

/** A key that was agreed on with the station, for one object of this operation. In working memory alone. */
type Channel = { readonly operation: Buffer; readonly envelope: EnvelopeKey };

export type UnitState = {
  readonly kept: Kept;
  readonly arriving?: Arriving;
  readonly request?: Request;
  readonly channel?: Channel;
};

export type Outcome<M extends MessageName> = {
  readonly next: UnitState;
  readonly writes: readonly MemoryWrite[];
  readonly answer: { readonly answers: Answers<M> } | { readonly refused: Refusal };
};

/** What takes time, since the TPM is asked: nothing else is heard until it is there. */
export type Later<M extends MessageName> = { readonly later: () => Promise<Outcome<M>> };

/** What a unit can do beside deciding. */
export type UnitParts = {
  readonly facts: UnitFacts;
  readonly random: (bytes: number) => Buffer;
  /** A new private key, PKCS#8 in DER. */
  readonly makeKey: (algorithm: MadeAlgorithm) => Buffer;
  /** A credential's key, if its slot holds it. The caller zeroes it. */
  readonly credential: (held: Held) => Buffer | undefined;
  readonly chain: (held: Held) => Buffer | undefined;
  /** A file's content, if its place holds it. */
  readonly file: (kept: KeptFile) => Buffer | undefined;
  /** A new key pair for a channel. */
  readonly ephemeral: () => Ephemeral;
  readonly tpm?: UnitsTpm;
};

export type Decide<M extends MessageName> = (
  state: UnitState,
  asks: Asks<M>,
  parts: UnitParts,
) => Outcome<M> | Later<M>;

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

export function says<M extends MessageName>(
  next: UnitState,
  answers: Answers<M>,
  writes: readonly MemoryWrite[] = [],
): Outcome<M> {
  return { next, writes, answer: { answers } };
}

export function refuses<M extends MessageName>(
  next: UnitState,
  refused: Refusal,
  writes: readonly MemoryWrite[] = [],
): Outcome<M> {
  return { next, writes, answer: { refused } };
}

/** What the TPM is asked for; a refusal when none answers. */
export const asksTpm = <M extends MessageName>(ifNone: UnitState, work: () => Promise<Outcome<M>>): Later<M> => ({
  later: async () => {
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof NoTpm)) throw thrown;
      return refuses(ifNone, 'no-tpm');
    }
  },
});

/** Whether this unit takes keys that are delivered so. */
export const takes = ({ facts, tpm }: UnitParts, delivery: Delivery): boolean =>
  (facts.deliveries ?? deliveries).includes(delivery) && (delivery !== 'sealed' || tpm !== undefined);

export function withoutStaged({ staged: _, ...kept }: Kept): Kept {
  return kept;
}

/** Refuses, and forgets the staged credential, so that the station can send it again. */
export function refusesAndForgets<M extends MessageName>({ kept }: UnitState, refused: Refusal): Outcome<M> {
  const record = withoutStaged(kept);
  return refuses({ kept: record }, refused, [{ record }]);
}

type Named = { readonly operation: Buffer; readonly replaces?: Buffer };

/** Against accidents: another credential must name the one that it takes the place of. */
export function isOther({ committed }: Kept, { operation, replaces }: Named): boolean {
  if (committed === undefined || committed.operation.equals(operation)) return false;
  return replaces?.equals(committed.operation) !== true;
}

/** The credential of this operation, staged or in force. */
export const heldAs = ({ committed, staged }: Kept, operation: Buffer): Held | undefined =>
  [committed, staged].find((held) => held?.operation.equals(operation));

/** The slot that is not in force. */
export const freeSlot = ({ committed }: Kept): Slot => (committed?.slot === 0 ? 1 : 0);

/** The certificate that the unit came with: its operation is the beginning of its chain's digest. */
export const cameWith = ({ committed }: Kept): Held | undefined =>
  committed?.chain?.sha256.indexOf(committed.operation) === 0 ? committed : undefined;

/** Room for a new key in the free slot: the record stops naming the slot before its first byte is written over. */
export const makesRoom = (kept: Kept): readonly MemoryWrite[] => [
  ...(kept.staged === undefined ? [] : [{ record: withoutStaged(kept) }]),
  { erase: freeSlot(kept) },
];

export function readProvisioning(bytes: Uint8Array) {
  const map = readMap(bytes);
  const read = map === undefined ? undefined : readFields(provisioningFields, map);
  return read === undefined || isWrong(read) ? undefined : read;
}

export function readFileObject(bytes: Uint8Array) {
  const map = readMap(bytes);
  const read = map === undefined ? undefined : readFields(fileFields, map);
  return read === undefined || isWrong(read) ? undefined : read;
}

/** The registration ID that the unit was provisioned with, if it was. */
export const registrationOf = ({ provisioned }: Kept): string | undefined =>
  provisioned && readProvisioning(provisioned)?.registrationId;
