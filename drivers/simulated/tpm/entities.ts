// What a handle stands for: whether it is there, its Name, and how it is authorised (part 1, 16 and 19).
import { createHash } from 'node:crypto';
import { algorithms, attributes, handles, nvAttributes } from '../../tpm/constants.ts';
import { sized, u16, u32 } from '../../tpm/marshal.ts';
import type { HashName } from '../../tpm/public.ts';
import { authNames, type Chip, type LoadedKey, limits } from './chip.ts';
import { handleTypes, Refusal, rc, refuse, typeOf } from './codes.ts';
import type { NvIndex } from './state.ts';

/** TPMA_NV_NO_DA (part 2, 13.4). */
export const noDa = 1 << 25;

/**
 * Refuses a handle that stands for nothing. `at` is its place in the command, from 0. Persistent keys take a place among the
 * loaded ones for the time of a command; `borrowed` counts those before this one.
 */
export function checkPresence(chip: Chip, handle: number, at: number, borrowed: number): void {
  const type = typeOf(handle);
  if (type === handleTypes.transient && !chip.objects.has(handle)) throw new Refusal(rc.referenceH0 + at);
  if (type === handleTypes.policySession && !chip.sessions.has(handle)) throw new Refusal(rc.referenceH0 + at);
  if (type === handleTypes.nv && !chip.kept.nv.has(handle)) refuse(rc.handle);
  if (type === handleTypes.persistent) {
    if (chip.objects.size + borrowed >= limits.objects) refuse(rc.objectMemory);
    if (!chip.kept.persistent.has(handle)) refuse(rc.handle);
  }
  // The firmware of a unit keeps the platform hierarchy for itself: it is disabled before anything else starts.
  if (handle === handles.platform) refuse(rc.hierarchy);
}

/** The key at a handle whose presence was checked. */
export function loadedAt(chip: Chip, handle: number): LoadedKey {
  const key = chip.keyAt(handle);
  if (!key) throw new TypeError('a key was used whose presence was not checked');
  return key;
}

export function indexAt(chip: Chip, index: number): NvIndex {
  const nv = chip.kept.nv.get(index);
  if (!nv) throw new TypeError('an index was used whose presence was not checked');
  return nv;
}

const isKey = (handle: number): boolean =>
  typeOf(handle) === handleTypes.transient || typeOf(handle) === handleTypes.persistent;
const isNv = (handle: number): boolean => typeOf(handle) === handleTypes.nv;

/** TPMS_NV_PUBLIC (part 2, 13.5). */
export function nvPublic(index: number, { attributes: bits, content }: NvIndex): Buffer {
  return Buffer.concat([u32(index), u16(algorithms.sha256), u32(bits), sized(Buffer.alloc(0)), u16(content.length)]);
}

/** The Name of a key, an index, or of anything else, which is its handle (part 1, 16). */
export function entityName(chip: Chip, handle: number): Buffer {
  if (isKey(handle)) return loadedAt(chip, handle).name;
  if (!isNv(handle)) return u32(handle);
  const digest = createHash('sha256')
    .update(nvPublic(handle, indexAt(chip, handle)))
    .digest();
  return Buffer.concat([u16(algorithms.sha256), digest]);
}

/** The authorisation value; indices have none of their own, and what else has no value has an empty one. */
export function authOf(chip: Chip, handle: number): Buffer {
  if (isKey(handle)) return loadedAt(chip, handle).auth;
  const name = authNames.get(handle);
  return name ? chip.kept.auths[name] : Buffer.alloc(0);
}

/** Whether wrong authorisations of it count towards lockout (part 1, 19.8.1). */
export function isProtected(chip: Chip, handle: number): boolean {
  if (isKey(handle)) return (loadedAt(chip, handle).public.attributes & attributes.noDA) === 0;
  if (isNv(handle)) return (indexAt(chip, handle).attributes & noDa) === 0;
  return handle === handles.lockout;
}

/** Who may use something: its user, or its administrator (part 1, 19.2). */
export type Role = 'none' | 'user' | 'admin';

/** Whether the password is enough for this role (part 3, 5.6). */
export function passwordServes(chip: Chip, handle: number, role: Role): boolean {
  if (isNv(handle)) return (indexAt(chip, handle).attributes & nvAttributes.authRead) !== 0;
  if (!isKey(handle)) return true;
  const bits = loadedAt(chip, handle).public.attributes;
  if (role === 'admin') return (bits & attributes.adminWithPolicy) === 0;
  return (bits & attributes.userWithAuth) !== 0;
}

/** Whether the role needs a policy whatever else is allowed. */
export function needsPolicy(chip: Chip, handle: number, role: Role): boolean {
  return role === 'admin' && !(isKey(handle) && passwordServes(chip, handle, role));
}

/** The policy that lets something be used; hierarchies and indices of this TPM have none. */
export function policyOf(chip: Chip, handle: number): { readonly hash: HashName; readonly digest: Buffer } | undefined {
  if (!isKey(handle)) return undefined;
  const { nameAlgorithm, authPolicy } = loadedAt(chip, handle).public;
  return { hash: nameAlgorithm, digest: authPolicy };
}
