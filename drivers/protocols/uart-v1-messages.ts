// The messages of uart-v1, as tables: the driver, the simulated unit and the specification (uart-v1.md) read them here.
// Keys 0 and 1 of every message are its kind and its request id.
import { pointLength } from './channel.ts';
import { nonceLength, operationLength } from './possession.ts';
import type { KeyAlgorithm } from './protocol.ts';
import { type Refusal, refusals } from './uart-v1-refusals.ts';
import {
  bool,
  bytes,
  type Fields,
  field,
  isWrong,
  names,
  oneOf,
  optional,
  readFields,
  readMap,
  text,
  uint,
  type Values,
  writeFields,
} from './wire.ts';

export const protocolVersion = 1;
export const requestIdLength = 8;
/** Longest object: four certificates of RSA-4096 keys as PEM (F-61). */
export const maxObject = 16_384;
/** Longest piece of an object in one chunk; its message then fits a frame. */
export const maxChunk = 896;
/** A TPM command or response: at least its header (TPM 2.0 Library Specification, part 3, 4.4), at most what fits a frame. */
export const tpmHeader = 10;
export const maxTpm = 896;

/** What a station sends. */
export const objectKinds = ['provisioning', 'symmetric-key', 'private-key', 'chain', 'file'] as const;
/** What a station fetches. */
export const fetchedKinds = ['csr', 'chain', 'certificate'] as const;
export type FetchedKind = (typeof fetchedKinds)[number];
export const deliveries = ['clear', 'channel', 'sealed'] as const;
export type Delivery = (typeof deliveries)[number];
export const keyAlgorithms = [
  'p256',
  'p384',
  'rsa2048',
  'rsa3072',
  'rsa4096',
] as const satisfies readonly KeyAlgorithm[];
/** Names of what a unit can do; `key-` and an algorithm for each kind of key that it can make. */
export const capabilities = [
  'provisioning',
  'symmetric-key',
  'delivery-clear',
  'proof-hmac-sha256',
  'lock',
  'csr',
  'private-key',
  'chain',
  'certificate',
  'proof-signature',
  'key-p256',
  'key-p384',
  'key-rsa2048',
  'key-rsa3072',
  'key-rsa4096',
  'delivery-channel',
  'delivery-sealed',
  'tpm',
  'file',
] as const;
export type Capability = (typeof capabilities)[number];

const operation = field(2, bytes(operationLength));
const registrationId = text(128);

type Message = { readonly kind: number; readonly asks: Fields; readonly answers: Fields };

/** Each request with its kind, its fields and its answer's fields. An answer's kind is the request's plus 64. */
export const messages = {
  hello: {
    kind: 1,
    asks: { version: field(2, uint(1, 65_535)) },
    answers: {
      version: field(2, uint(1, 65_535)),
      capabilities: field(3, names(32)),
      storage: field(4, oneOf(['secure-element', 'tee', 'file'])),
      simulated: field(5, bool),
      chunk: field(6, uint(32, maxChunk)),
    },
  },
  identity: {
    kind: 2,
    asks: {},
    answers: {
      serial: field(2, text(64)),
      mac: optional(3, bytes(6)),
      model: field(4, text(64)),
      firmware: field(5, text(64)),
    },
  },
  status: {
    kind: 3,
    asks: {},
    answers: {
      state: field(2, oneOf(['none', 'staged', 'committed'])),
      operation: optional(3, bytes(operationLength)),
      locked: field(4, bool),
      provisioned: optional(5, bytes(32)),
    },
  },
  begin: {
    kind: 4,
    asks: {
      operation,
      object: field(3, text(32)),
      total: field(4, uint(1, maxObject)),
      delivery: field(5, text(32)),
      replaces: optional(6, bytes(operationLength)),
    },
    answers: { held: field(2, bool) },
  },
  chunk: {
    kind: 5,
    asks: {
      operation,
      object: field(3, text(32)),
      offset: field(4, uint(0, maxObject)),
      total: field(5, uint(1, maxObject)),
      bytes: field(6, bytes(1, maxChunk)),
    },
    answers: { received: field(2, uint(1, maxObject)) },
  },
  end: { kind: 6, asks: { operation, object: field(3, text(32)), sha256: field(4, bytes(32)) }, answers: {} },
  commit: { kind: 7, asks: { operation }, answers: {} },
  prove: {
    kind: 8,
    asks: { operation, registrationId: field(3, registrationId), stationNonce: field(4, bytes(nonceLength)) },
    answers: { unitNonce: field(2, bytes(nonceLength)), proof: field(3, bytes(32, 512)) },
  },
  lock: { kind: 9, asks: { operation }, answers: {} },
  'make-key': {
    kind: 10,
    asks: { operation, algorithm: field(3, text(16)), replaces: optional(4, bytes(operationLength)) },
    answers: {},
  },
  fetch: {
    kind: 11,
    asks: {
      operation: optional(2, bytes(operationLength)),
      object: field(3, text(32)),
      offset: field(4, uint(0, maxObject)),
    },
    answers: {
      total: field(2, uint(1, maxObject)),
      sha256: field(3, bytes(32)),
      bytes: field(4, bytes(1, maxChunk)),
    },
  },
  tpm: {
    kind: 12,
    asks: { command: field(2, bytes(tpmHeader, maxTpm)) },
    answers: { response: field(2, bytes(tpmHeader, maxTpm)) },
  },
  channel: {
    kind: 13,
    asks: { operation, stationKey: field(3, bytes(pointLength)) },
    answers: { unitKey: field(2, bytes(pointLength)) },
  },
} as const satisfies Record<string, Message>;

export type MessageName = keyof typeof messages;
export type Asks<M extends MessageName> = Values<(typeof messages)[M]['asks']>;
export type Answers<M extends MessageName> = Values<(typeof messages)[M]['answers']>;

export const answerOffset = 64;
/** Kind of the answer that refuses. */
export const refusalKind = 127;
const refusalFields = { code: field(2, oneOf(Object.keys(refusals) as Refusal[])) };

/** The provisioning object (F-110): a map of its own, carried in chunks. */
export const provisioningFields = {
  idScope: field(0, text(32)),
  endpoint: field(1, text(253)),
  registrationId: field(2, registrationId),
};

/** Longest path, and longest content, of a file: what is around them fits an object too. */
export const maxPath = 255;
export const maxContent = 15_872;

/** The file object: a map of its own, carried in chunks. */
export const fileFields = {
  path: field(0, text(maxPath)),
  mode: field(1, uint(0, 0o777)),
  content: field(2, bytes(1, maxContent)),
};

const headKeys = [0, 1] as const;
const requestIds = bytes(requestIdLength);

export type Envelope = {
  readonly kind: number;
  readonly requestId: Buffer;
  readonly body: ReadonlyMap<unknown, unknown>;
};

/** A message's kind and request id, or `undefined` for what is no message at all. */
export function openEnvelope(payload: Uint8Array): Envelope | undefined {
  const body = readMap(payload);
  const kind = body?.get(0);
  const requestId = requestIds.read(body?.get(1));
  if (body === undefined || requestId === undefined) return undefined;
  return typeof kind === 'number' && Number.isSafeInteger(kind) ? { kind, requestId, body } : undefined;
}

/** A request's bytes; the caller zeroes them when they carry a secret. */
export function writeRequest<M extends MessageName>(name: M, requestId: Uint8Array, asks: Asks<M>): Buffer {
  const { kind, asks: fields } = messages[name];
  return writeFields<Fields>(fields, asks, head(kind, requestId));
}

export function writeAnswer<M extends MessageName>(name: M, requestId: Uint8Array, answers: Answers<M>): Buffer {
  const { kind, answers: fields } = messages[name];
  return writeFields<Fields>(fields, answers, head(kind + answerOffset, requestId));
}

export function writeRefusal(code: Refusal, requestId: Uint8Array): Buffer {
  return writeFields(refusalFields, { code }, head(refusalKind, requestId));
}

/** The name of the request of this kind, or `undefined`. */
export function requestName(kind: number): MessageName | undefined {
  return (Object.keys(messages) as MessageName[]).find((name) => messages[name].kind === kind);
}

/** The fields of a request of that name, or what is wrong with it. */
export function readRequest<M extends MessageName>(name: M, body: Envelope['body']): Asks<M> | { wrong: string } {
  return readFields<Fields>(messages[name].asks, body, headKeys) as Asks<M> | { wrong: string };
}

export type Answer<M extends MessageName> =
  | { readonly answers: Answers<M> }
  | { readonly refused: Refusal }
  | { readonly wrong: string };

/** What a unit said to the request of that name. */
export function readAnswer<M extends MessageName>(name: M, envelope: Envelope): Answer<M> {
  if (envelope.kind === refusalKind) {
    const read = readFields(refusalFields, envelope.body, headKeys);
    return isWrong(read) ? read : { refused: read.code };
  }
  if (envelope.kind !== messages[name].kind + answerOffset) return { wrong: 'kind' };
  const read = readFields<Fields>(messages[name].answers, envelope.body, headKeys);
  return isWrong(read) ? read : { answers: read as Answers<M> };
}

/** Field 2 of an answer to `hello` is the version in every version to come; the rest of it may change. */
export const helloVersion = (envelope: Envelope): number | undefined =>
  envelope.kind === messages.hello.kind + answerOffset
    ? messages.hello.answers.version.codec.read(envelope.body.get(2))
    : undefined;

const head = (kind: number, requestId: Uint8Array): [number, number | Uint8Array][] => [
  [0, kind],
  [1, new Uint8Array(requestId)],
];
