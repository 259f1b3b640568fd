// The authorisation area (part 1, 19; part 3, 5.5 and 5.6): password and policy sessions, checked in the order that part 3 gives.
import { randomBytes } from 'node:crypto';
import { commands, handles } from '../../tpm/constants.ts';
import { sized, u8 } from '../../tpm/marshal.ts';
import { type Chip, withoutTrailingZeros } from './chip.ts';
import { blaming, handleTypes, ofSession, Refusal, rc, refuse, typeOf } from './codes.ts';
import { type Command, takes } from './command.ts';
import { authOf, isProtected, needsPolicy, passwordServes, policyOf, type Role } from './entities.ts';
import type { Input } from './input.ts';

/** TPMA_SESSION (part 2, 8.4). */
const session = { continue: 1, decrypt: 0x20, encrypt: 0x40, audit: 0x80 } as const;
const reserved = 0x18;
const mostSessions = 3;
/** Handle, empty nonce, attributes, empty authorisation. */
export const shortestSession = 9;

/** One entry of the area. */
export type Used = {
  readonly handle: number;
  readonly nonceSize: number;
  readonly attributes: number;
  readonly auth: Buffer;
};

/** Reads the area to its end; sessions must be loaded, and may not be asked for what they cannot do. */
export function readSessions(chip: Chip, command: Command, input: Input): readonly Used[] {
  const found: Used[] = [];
  while (input.left > 0) {
    blaming(ofSession(found.length + 1), () => {
      if (found.length === mostSessions) refuse(rc.size);
      const used = readSession(input);
      if (used.handle === handles.password) checkPasswordForm(used);
      else checkSession(chip, command, used, found);
      found.push(used);
    });
  }
  return found;
}

function readSession(input: Input): Used {
  const handle = input.u32();
  if (!takes.authSession(handle)) refuse(rc.value);
  const nonceSize = input.sized(64).length;
  const attributes = input.u8();
  if ((attributes & reserved) !== 0) refuse(rc.reservedBits);
  return { handle, nonceSize, attributes, auth: input.sized(64) };
}

function checkPasswordForm({ attributes, nonceSize }: Used): void {
  if ((attributes & ~session.continue) !== 0) refuse(rc.attributes);
  if (nonceSize !== 0) refuse(rc.nonce);
}

function checkSession(chip: Chip, { encryptable }: Command, used: Used, before: readonly Used[]): void {
  const policyHandle = (handleTypes.policySession << 24) | (used.handle & 0xff_ffff);
  if (!chip.sessions.has(policyHandle)) throw new Refusal(rc.referenceS0 + before.length);
  // All sessions of this TPM are policy sessions.
  if (typeOf(used.handle) !== handleTypes.policySession) refuse(rc.handle);
  if (before.some(({ handle }) => handle === used.handle)) refuse(rc.handle);
  const { decrypt, encrypt, audit } = session;
  for (const [bit, may] of [
    [decrypt, encryptable.command],
    [encrypt, encryptable.response],
  ] as const) {
    // No session of this TPM has a symmetric algorithm.
    if ((used.attributes & bit) !== 0) refuse(may ? rc.symmetric : rc.attributes);
  }
  if ((used.attributes & audit) !== 0) refuse(rc.attributes);
}

/** Refuses a command whose handles are not authorised by its sessions. */
export function authorise(chip: Chip, command: Command, named: readonly number[], sessions: readonly Used[]): void {
  const needing = command.handles.filter(({ role }) => role !== 'none').length;
  // Handles that need an authorisation come first in every command.
  if (sessions.length < needing) refuse(rc.authMissing);
  for (const [at, used] of sessions.entries()) {
    blaming(ofSession(at + 1), () => {
      const entity = at < needing ? named[at] : undefined;
      const role = command.handles[at]?.role ?? 'none';
      if (entity !== undefined) {
        const check = used.handle === handles.password ? checkPassword : checkPolicy;
        check(chip, entity, { code: command.code, role }, used);
      } else refuse(used.handle === handles.password ? rc.handle : rc.attributes);
    });
  }
}

/** What an entity is used for. */
type Use = { readonly code: number; readonly role: Role };

function checkPassword(chip: Chip, entity: number, { role }: Use, used: Used): void {
  if (isProtected(chip, entity)) checkLockout(chip, entity);
  if (needsPolicy(chip, entity, role)) refuse(rc.authType);
  if (!passwordServes(chip, entity, role)) refuse(rc.authUnavailable);
  if (withoutTrailingZeros(used.auth).equals(authOf(chip, entity))) return;
  if (!isProtected(chip, entity)) refuse(rc.badAuth);
  if (entity === handles.lockout) chip.lockoutAuthEnabled = false;
  else chip.countFailure();
  refuse(rc.authFail);
}

function checkLockout(chip: Chip, entity: number): void {
  if (entity === handles.lockout) {
    if (!chip.lockoutAuthEnabled) refuse(rc.lockout);
    return;
  }
  if (chip.inLockout) refuse(rc.lockout);
  if (!chip.protectedUsed) {
    // It is noted first that a protected authorisation was used (part 1, 19.8.6).
    chip.protectedUsed = true;
    refuse(rc.retry);
  }
}

/** The session's digest must be the policy (part 3, 5.6). No policy of this TPM asks for a password beside it. */
function checkPolicy(chip: Chip, entity: number, { code, role }: Use, used: Used): void {
  const policy = policyOf(chip, entity);
  if (!policy) refuse(rc.authUnavailable);
  // Knowing the secret is the point of it (part 3, 23.4).
  if (code === commands.PolicySecret) refuse(rc.mode);
  const held = chip.sessions.get(used.handle);
  const holds = held?.digest.equals(policy.digest) && held.hash === policy.hash;
  // An administrator's policy must name the command, and PolicyCommandCode is not among this TPM's.
  if (!holds || role === 'admin') refuse(rc.policyFail);
  if (used.auth.length > 0) refuse(rc.badAuth);
}

/** The response's session area: nonces roll, and sessions end that are not to be continued. */
export function answerSessions(chip: Chip, sessions: readonly Used[]): Buffer {
  return Buffer.concat(sessions.map((used) => answerSession(chip, used)));
}

function answerSession(chip: Chip, { handle, attributes }: Used): Buffer {
  const none = sized(Buffer.alloc(0));
  const held = chip.sessions.get(handle);
  if (!held) return Buffer.concat([none, u8(session.continue), none]);
  held.nonce = randomBytes(held.nonce.length);
  // A policy is satisfied once: what comes next begins anew.
  held.digest = Buffer.alloc(held.digest.length);
  if ((attributes & session.continue) === 0) chip.sessions.delete(handle);
  return Buffer.concat([sized(held.nonce), u8(attributes), none]);
}
