// The small record of what a unit knows: everything but the credentials' bytes.
import {
  bool,
  bytes,
  field,
  isWrong,
  oneOf,
  optional,
  readFields,
  readMap,
  uint,
  writeFields,
} from '../../protocols/wire.ts';

export type Slot = 0 | 1;

/** What is in force at most: a shared secret, a private key that was sent, or one that the unit made itself. */
export const keyKinds = ['symmetric-key', 'private-key', 'made-key'] as const;
export type KeyKind = (typeof keyKinds)[number];

export type Stored = { readonly length: number; readonly sha256: Buffer };

/** A credential in a slot: its key, and its certificate chain once that has come. */
export type Held = Stored & {
  readonly slot: Slot;
  readonly operation: Buffer;
  readonly kind: KeyKind;
  readonly chain?: Stored;
};

export type Kept = {
  readonly committed?: Held;
  readonly staged?: Held;
  readonly provisioned?: Buffer;
  readonly locked: boolean;
};

export const fresh: Kept = { locked: false };

/** Longest key and longest chain that a slot has room for; an RSA-4096 key as PKCS#8 has some 2,400 bytes. */
export const keySize = 4_096;
export const chainSize = 16_384;

const heldFields = {
  slot: field(0, uint(0, 1)),
  operation: field(1, bytes(16)),
  kind: field(2, oneOf(keyKinds)),
  length: field(3, uint(1, keySize)),
  sha256: field(4, bytes(32)),
  chainLength: optional(5, uint(1, chainSize)),
  chainSha256: optional(6, bytes(32)),
};
const heldBytes = bytes(1, 256);
const recordFields = {
  locked: field(0, bool),
  committed: optional(1, heldBytes),
  staged: optional(2, heldBytes),
  provisioned: optional(3, bytes(1, 1024)),
  layout: field(4, uint(2, 2)),
};

export function writeRecord({ locked, committed, staged, provisioned }: Kept): Buffer {
  return writeFields(recordFields, {
    layout: 2,
    locked,
    ...(committed === undefined ? {} : { committed: writeHeld(committed) }),
    ...(staged === undefined ? {} : { staged: writeHeld(staged) }),
    ...(provisioned === undefined ? {} : { provisioned }),
  });
}

/** The record, or `undefined` for what is none. */
export function readRecord(payload: Uint8Array): Kept | undefined {
  const map = readMap(payload);
  const read = map === undefined ? undefined : readFields(recordFields, map);
  if (read === undefined || isWrong(read)) return undefined;
  const { locked, provisioned } = read;
  const [committed, staged] = [read.committed, read.staged].map((held) => held && readHeld(held));
  return {
    locked,
    ...(committed === undefined ? {} : { committed }),
    ...(staged === undefined ? {} : { staged }),
    ...(provisioned === undefined ? {} : { provisioned }),
  };
}

function writeHeld({ chain, ...held }: Held): Buffer {
  const more = chain === undefined ? {} : { chainLength: chain.length, chainSha256: chain.sha256 };
  return writeFields(heldFields, { ...held, ...more });
}

function readHeld(payload: Uint8Array): Held | undefined {
  const map = readMap(payload);
  const read = map === undefined ? undefined : readFields(heldFields, map);
  if (read === undefined || isWrong(read)) return undefined;
  const { slot, chainLength, chainSha256, ...held } = read;
  const chain = chainLength !== undefined && chainSha256 ? { length: chainLength, sha256: chainSha256 } : undefined;
  return { ...held, slot: slot === 1 ? 1 : 0, ...(chain === undefined ? {} : { chain }) };
}
