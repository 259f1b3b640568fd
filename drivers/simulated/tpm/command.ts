import { handles } from '../../tpm/constants.ts';
import { type Chip, limits } from './chip.ts';
import { handleTypes, typeOf } from './codes.ts';
import type { Role } from './entities.ts';
import type { Input } from './input.ts';

/** Which handles a place of a command takes, whether or not something is there (part 2, 9). */
export type Takes = (handle: number) => boolean;

export type Call = {
  readonly chip: Chip;
  readonly handles: readonly number[];
  /** The parameters, to be read to their end before anything is done. */
  readonly input: Input;
};
export type Answer = { readonly handle?: number; readonly parameters: Buffer };

/** One command as part 3 describes it. */
export type Command = {
  readonly code: number;
  readonly handles: readonly { readonly takes: Takes; readonly role: Role }[];
  /** Whether it may come with sessions. */
  readonly sessions: boolean;
  /** Whether its first parameter, and its response's, is a TPM2B and may be encrypted. */
  readonly encryptable: { readonly command: boolean; readonly response: boolean };
  run(call: Call): Answer;
};

export const nothing: Answer = { parameters: Buffer.alloc(0) };

const within = (handle: number, size: number): boolean => (handle & 0xff_ffff) < size;

const isTransient: Takes = (handle) => typeOf(handle) === handleTypes.transient && within(handle, limits.objects);
const isPersistent: Takes = (handle) => typeOf(handle) === handleTypes.persistent;
const isNvIndex: Takes = (handle) => typeOf(handle) === handleTypes.nv;
const isPolicySession: Takes = (handle) =>
  typeOf(handle) === handleTypes.policySession && within(handle, limits.sessionHandles);
const isHmacSession: Takes = (handle) =>
  typeOf(handle) === handleTypes.hmacSession && within(handle, limits.sessionHandles);

const { owner, endorsement, platform, lockout, password } = handles;
const oneOf =
  (...those: readonly number[]): Takes =>
  (handle) =>
    those.includes(handle);
const anyOf =
  (...those: readonly Takes[]): Takes =>
  (handle) =>
    those.some((takes) => takes(handle));

/** TPMI types by what they take (part 2, 9.3 to 9.21). */
export const takes = {
  object: anyOf(isTransient, isPersistent),
  objectOrNone: anyOf(isTransient, isPersistent, oneOf(handles.null)),
  persistent: isPersistent,
  nvIndex: isNvIndex,
  nvAuthorisation: anyOf(oneOf(owner, platform), isNvIndex),
  policySession: isPolicySession,
  session: anyOf(isHmacSession, isPolicySession),
  authSession: anyOf(isHmacSession, isPolicySession, oneOf(password)),
  context: anyOf(isHmacSession, isPolicySession, isTransient),
  hierarchy: oneOf(owner, endorsement, platform, handles.null),
  hierarchyAuthorisation: oneOf(owner, endorsement, platform, lockout),
  provision: oneOf(owner, platform),
  /** This TPM has no PCRs. */
  entity: anyOf(isTransient, isPersistent, isNvIndex, oneOf(owner, endorsement, platform, lockout)),
  entityOrNone: anyOf(isTransient, isPersistent, isNvIndex, oneOf(owner, endorsement, platform, lockout, handles.null)),
} as const satisfies Record<string, Takes>;
