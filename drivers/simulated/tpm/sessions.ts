// TPM2_StartAuthSession (part 3, 11.1), TPM2_PolicySecret (23.4) and TPM2_PolicyOR (23.6).
import { createHash, randomBytes } from 'node:crypto';
import { algorithms, commands, handles, sessionTypes } from '../../tpm/constants.ts';
import { sized, u16, u32 } from '../../tpm/marshal.ts';
import { type HashName, hashLength } from '../../tpm/public.ts';
import { type Chip, limits, type PolicySession } from './chip.ts';
import { handleTypes, ofHandle, ofParameter, Refusal, rc, refuse, ticketTags } from './codes.ts';
import { type Answer, type Call, type Command, nothing, takes } from './command.ts';
import { entityName } from './entities.ts';
import type { Input } from './input.ts';
import { readHash } from './template.ts';

/** Shortest nonce of a caller (part 3, 11.1.1). */
const shortestNonce = 16;
/** TPM2B_ENCRYPTED_SECRET is as long as the longest key (part 2, 11.4.33). */
export const longestSecret = 384;

function startAuthSession({ chip, handles: [key, bound], input }: Call): Answer {
  const nonce = input.parameter(1, () => input.sized(64));
  const salt = input.parameter(2, () => input.sized(longestSecret));
  input.parameter(3, readPolicyType);
  input.parameter(4, readNoSymmetric);
  const hash = input.parameter(5, readHash);
  input.end();
  if (nonce.length < shortestNonce || nonce.length > hashLength[hash]) throw new Refusal(ofParameter(1)(rc.size));
  // Neither salted nor bound: that is all a policy needs.
  if (key !== handles.null) throw new Refusal(ofHandle(1)(rc.value));
  if (salt.length > 0) throw new Refusal(ofParameter(2)(rc.value));
  if (bound !== handles.null) throw new Refusal(ofHandle(2)(rc.value));
  if (chip.sessions.size >= limits.sessions) refuse(rc.sessionMemory);
  const session: PolicySession = { hash, nonce: randomBytes(nonce.length), digest: Buffer.alloc(hashLength[hash]) };
  const handle = freeHandle(chip);
  chip.sessions.set(handle, session);
  return { handle, parameters: sized(session.nonce) };
}

function freeHandle(chip: Chip): number {
  let handle = handleTypes.policySession << 24;
  while (chip.sessions.has(handle)) handle += 1;
  return handle;
}

function readPolicyType(input: Input): void {
  if (input.u8() !== sessionTypes.policy) refuse(rc.value);
}

function readNoSymmetric(input: Input): void {
  if (input.u16() !== algorithms.null) refuse(rc.symmetric);
}

function sessionAt(chip: Chip, handle: number): PolicySession {
  const session = chip.sessions.get(handle);
  if (!session) throw new TypeError('a session was used whose presence was not checked');
  return session;
}

const digestOf = (hash: HashName, ...parts: readonly Buffer[]): Buffer =>
  createHash(hash).update(Buffer.concat(parts)).digest();

function policySecret({ chip, handles: [entity = 0, handle = 0], input }: Call): Answer {
  const nonce = input.parameter(1, () => input.sized(64));
  const cpHash = input.parameter(2, () => input.sized(64));
  const reference = input.parameter(3, () => input.sized(64));
  const expiration = input.parameter(4, () => input.u32());
  input.end();
  const session = sessionAt(chip, handle);
  if (nonce.length > 0 && !nonce.equals(session.nonce)) throw new Refusal(ofParameter(1)(rc.nonce));
  // This TPM has no clock to let a policy expire by, and binds none to one command.
  if (expiration !== 0) throw new Refusal(ofParameter(4)(rc.expired));
  if (cpHash.length > 0 && cpHash.length !== session.digest.length) throw new Refusal(ofParameter(2)(rc.size));
  if (cpHash.length > 0) refuse(rc.cpHash);
  const named = digestOf(session.hash, session.digest, u32(commands.PolicySecret), entityName(chip, entity));
  session.digest = digestOf(session.hash, named, reference);
  // Without an expiration: no timeout, and the null ticket.
  const ticket = Buffer.concat([u16(ticketTags.authSecret), u32(handles.null), u16(0)]);
  return { parameters: Buffer.concat([u16(0), ticket]) };
}

function policyOr({ chip, handles: [handle = 0], input }: Call): Answer {
  const branches = input.parameter(1, readDigests);
  input.end();
  const session = sessionAt(chip, handle);
  if (!branches.some((branch) => branch.equals(session.digest))) throw new Refusal(ofParameter(1)(rc.value));
  const before = Buffer.alloc(session.digest.length);
  session.digest = digestOf(session.hash, before, u32(commands.PolicyOR), ...branches);
  return nothing;
}

/** TPML_DIGEST of a policy: two to eight (part 2, 10.9.4). */
function readDigests(input: Input): readonly Buffer[] {
  const count = input.u32();
  if (count < 2 || count > 8) refuse(rc.size);
  return Array.from({ length: count }, () => input.sized(64));
}

export const sessionCommands: readonly Command[] = [
  {
    code: commands.StartAuthSession,
    handles: [
      { takes: takes.objectOrNone, role: 'none' },
      { takes: takes.entityOrNone, role: 'none' },
    ],
    sessions: true,
    encryptable: { command: true, response: true },
    run: startAuthSession,
  },
  {
    code: commands.PolicySecret,
    handles: [
      { takes: takes.entity, role: 'user' },
      { takes: takes.policySession, role: 'none' },
    ],
    sessions: true,
    encryptable: { command: true, response: true },
    run: policySecret,
  },
  {
    code: commands.PolicyOR,
    handles: [{ takes: takes.policySession, role: 'none' }],
    sessions: true,
    encryptable: { command: false, response: false },
    run: policyOr,
  },
];
