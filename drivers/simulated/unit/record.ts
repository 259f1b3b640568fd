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
  text,
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

/** A file, and which place of the memory holds its content. */
export type KeptFile = Stored & {
  readonly place: FilePlace;
  readonly path: string;
  readonly mode: number;
  /** SHA-256 of the object that it came in: path, mode and content. */
  readonly object: Buffer;
};
/** One more than there may be files, so that a new one never lies where the old one is. */
export const filePlaces = [0, 1, 2] as const;
export type FilePlace = (typeof filePlaces)[number];

export type Kept = {
  readonly committed?: Held;
  readonly staged?: Held;
  readonly provisioned?: Buffer;
  readonly files?: readonly KeptFile[];
  readonly locked: boolean;
};

export const fresh: Kept = { locked: false };

/** Longest key and longest chain that a slot has room for; an RSA-4096 key as PKCS#8 has some 2,400 bytes. */
export const keySize = 4_096;
export const chainSize = 16_384;
/** Longest content and longest path of a file; a chain of P-256 or P-384 certificates and a configuration fit. */
export const fileSize = 8_192;
export const longestPath = 128;

const heldFields = {
  slot: field(0, uint(0, 1)),
  operation: field(1, bytes(16)),
  kind: field(2, oneOf(keyKinds)),
  length: field(3, uint(1, keySize)),
  sha256: field(4, bytes(32)),
  chainLength: optional(5, uint(1, chainSize)),
  chainSha256: optional(6, bytes(32)),
};
const fileFields = {
  place: field(0, uint(0, filePlaces.length - 1)),
  path: field(1, text(longestPath)),
  mode: field(2, uint(0, 0o777)),
  length: field(3, uint(1, fileSize)),
  sha256: field(4, bytes(32)),
  object: field(5, bytes(32)),
};
const heldBytes = bytes(1, 256);
const recordFields = {
  locked: field(0, bool),
  committed: optional(1, heldBytes),
  staged: optional(2, heldBytes),
  provisioned: optional(3, bytes(1, 1024)),
  layout: field(4, uint(2, 2)),
  file: optional(5, heldBytes),
  otherFile: optional(6, heldBytes),
};
/** How many files a record has room for. */
export const mostFiles = filePlaces.length - 1;

export function writeRecord({ locked, committed, staged, provisioned, files = [] }: Kept): Buffer {
  const [file, otherFile] = files.map((one) => writeFields(fileFields, one));
  return writeFields(recordFields, {
    layout: 2,
    locked,
    ...(committed === undefined ? {} : { committed: writeHeld(committed) }),
    ...(staged === undefined ? {} : { staged: writeHeld(staged) }),
    ...(provisioned === undefined ? {} : { provisioned }),
    ...(file === undefined ? {} : { file }),
    ...(otherFile === undefined ? {} : { otherFile }),
  });
}

/** The record, or `undefined` for what is none. */
export function readRecord(payload: Uint8Array): Kept | undefined {
  const map = readMap(payload);
  const read = map === undefined ? undefined : readFields(recordFields, map);
  if (read === undefined || isWrong(read)) return undefined;
  const { locked, provisioned } = read;
  const [committed, staged] = [read.committed, read.staged].map((held) => held && readHeld(held));
  const files = [read.file, read.otherFile].flatMap((file) => (file && readFile(file)) ?? []);
  return {
    locked,
    ...(committed === undefined ? {} : { committed }),
    ...(staged === undefined ? {} : { staged }),
    ...(provisioned === undefined ? {} : { provisioned }),
    ...(files.length === 0 ? {} : { files }),
  };
}

function readFile(payload: Uint8Array): KeptFile | undefined {
  const map = readMap(payload);
  const read = map === undefined ? undefined : readFields(fileFields, map);
  if (read === undefined || isWrong(read)) return undefined;
  const place = filePlaces.find((one) => one === read.place);
  return place === undefined ? undefined : { ...read, place };
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
