import type { Attribute, Handle, PKCS11, Template } from 'pkcs11js';
import type { ckaNames } from './attributes.ts';
import { ckrOf } from './ckr.ts';
import { CKA, CKO, CKR, isUserState, keyTypeName } from './cryptoki.ts';
import type { KeyAttributes, KeyName } from './hsm.ts';

// Finding objects and reading their attributes: one module call after the other, without any decision.

/** A session and the module that it belongs to. */
export type In = { readonly module: PKCS11; readonly session: Handle };

/** All objects that fit. */
export function findObjects({ module, session }: In, template: Template): Handle[] {
  const found: Handle[] = [];
  module.C_FindObjectsInit(session, template);
  try {
    for (;;) {
      const some = module.C_FindObjects(session, 16);
      if (some.length === 0) return found;
      found.push(...some);
    }
  } finally {
    module.C_FindObjectsFinal(session);
  }
}

/** Throws CKR_USER_NOT_LOGGED_IN: without a login, private keys are not refused but simply not there (section 5.6.6). */
function requireLogin({ module, session }: In): void {
  if (isUserState(module.C_GetSessionInfo(session).state)) return;
  throw Object.assign(new Error('CKR_USER_NOT_LOGGED_IN'), { code: CKR.USER_NOT_LOGGED_IN });
}

/** The objects of a key: its secret or private part, or with `CKO.PUBLIC_KEY` the other half. */
export function findKeys(at: In, name: KeyName, classes: readonly number[]): Handle[] {
  requireLogin(at);
  const id = Buffer.from(name.id, 'hex');
  return classes.flatMap((type) =>
    findObjects(at, [{ type: CKA.CLASS, value: type }, labelled(name.label), { type: CKA.ID, value: id }]),
  );
}

/** Whether any key has this label, whatever its id or class. */
export function labelTaken(at: In, label: string): boolean {
  requireLogin(at);
  const classes = [CKO.SECRET_KEY, CKO.PRIVATE_KEY, CKO.PUBLIC_KEY];
  return classes.some((type) => findObjects(at, [{ type: CKA.CLASS, value: type }, labelled(label)]).length > 0);
}

const labelled = (label: string): Attribute => ({ type: CKA.LABEL, value: label });

/** All secret and private keys that a login shows. */
export function allKeys(at: In): Handle[] {
  requireLogin(at);
  return [CKO.SECRET_KEY, CKO.PRIVATE_KEY].flatMap((type) => findObjects(at, [{ type: CKA.CLASS, value: type }]));
}

/** The bytes of an attribute that every object of this kind has. */
export function readSure({ module, session }: In, object: Handle, type: number): Buffer {
  return module.C_GetAttributeValue(session, object, [{ type }])[0]?.value ?? Buffer.alloc(0);
}

/** The bytes of one attribute, or none when this kind of object has no such attribute, or does not show it. */
export function readBytes({ module, session }: In, object: Handle, type: number): Buffer | undefined {
  try {
    return module.C_GetAttributeValue(session, object, [{ type }])[0]?.value;
  } catch (thrown) {
    if (unshown.includes(ckrOf(thrown) ?? 0)) return undefined;
    throw thrown;
  }
}

const unshown: readonly number[] = [CKR.ATTRIBUTE_TYPE_INVALID, CKR.ATTRIBUTE_SENSITIVE];

/** A CK_ULONG in the machine's order and size, which is little-endian wherever Node runs this. */
export function numberOf(bytes: Buffer | undefined): number | undefined {
  return bytes === undefined || bytes.length === 0 ? undefined : bytes.readUIntLE(0, Math.min(6, bytes.length));
}

/** Every attribute that docs/promises.md C speaks of, each asked for alone, since one that is unknown spoils a whole template. */
export function readAttributes(at: In, object: Handle, name: KeyName): KeyAttributes {
  const flag = (type: number, absent: boolean) => {
    const bytes = readBytes(at, object, type);
    return bytes === undefined || bytes.length === 0 ? absent : bytes[0] !== 0;
  };
  const flags = Object.fromEntries(Object.entries(flagTypes).map(([key, [type, absent]]) => [key, flag(type, absent)]));
  return {
    label: name.label,
    id: name.id,
    class: numberOf(readSure(at, object, CKA.CLASS)) === CKO.PRIVATE_KEY ? 'private' : 'secret',
    type: keyTypeName(numberOf(readSure(at, object, CKA.KEY_TYPE)) ?? 0xffffffff),
    ...(flags as Record<keyof typeof flagTypes, boolean>),
  };
}

/** Type, and what an absent attribute counts as: a use that is not there is not allowed, a protection not there is missing. */
const flagTypes = {
  sign: [CKA.SIGN, false],
  signRecover: [CKA.SIGN_RECOVER, false],
  verify: [CKA.VERIFY, false],
  encrypt: [CKA.ENCRYPT, false],
  decrypt: [CKA.DECRYPT, false],
  wrap: [CKA.WRAP, false],
  unwrap: [CKA.UNWRAP, false],
  derive: [CKA.DERIVE, false],
  sensitive: [CKA.SENSITIVE, false],
  extractable: [CKA.EXTRACTABLE, true],
  alwaysSensitive: [CKA.ALWAYS_SENSITIVE, false],
  neverExtractable: [CKA.NEVER_EXTRACTABLE, false],
  local: [CKA.LOCAL, false],
  token: [CKA.TOKEN, false],
  private: [CKA.PRIVATE, false],
} as const satisfies Record<keyof typeof ckaNames, readonly [number, boolean]>;
