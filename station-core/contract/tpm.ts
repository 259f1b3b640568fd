import * as z from 'zod/mini';
import { fileMode, filePath } from './unit-file.ts';

// What recipes, calls and screens say of a unit's TPM.

export const ekKinds = ['rsa2048', 'p256', 'high-rsa2048', 'high-p256', 'high-p384'] as const;
export type EkKind = (typeof ekKinds)[number];

/** How much a unit's TPM must show of itself before it is enrolled; production takes `certificate` alone. */
export const strictnesses = ['certificate', 'possession', 'none'] as const;
export type Strictness = (typeof strictnesses)[number];

/** The name of a secret that the station keeps sealed; recipes name secrets and never hold them. */
export const secretName = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'the name of a secret: lower-case letters, digits, dots, dashes'));

/** The name of a list of endorsement keys that came from a TPM maker. */
export const listName = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'the name of a list: lower-case letters, digits, dots, dashes'));

const pin = z.string().check(z.regex(/^[0-9a-f]{64}$/, 'the SHA-256 of a root certificate, 64 lower-case hex digits'));

/** What is done with the unit's TPM. */
export const tpmSchema = z.strictObject({
  /** DPS gets the low range RSA key; whether it takes another is not known (dps-reference 9.2). */
  endorsementKey: z.enum(ekKinds),
  genuine: z.enum(strictnesses),
  /** Roots of TPM makers, by SHA-256 of their certificates; the certificates themselves are in the station's folder tpm-roots. */
  roots: z.array(pin).check(z.maxLength(64)),
  /** The endorsement key must be in this list of the TPM maker (F-102). */
  list: z.exactOptional(listName),
  /** Authorisation of the endorsement hierarchy, where the TPM has one. */
  endorsementAuth: z.exactOptional(secretName),
  /** Sets the authorisation of the owner hierarchy, where none is set (F-96). */
  takeOwnership: z.exactOptional(secretName),
});
export type TpmPlan = z.output<typeof tpmSchema>;

/** How a Linux unit without an agent is reached on its serial console. */
export const consoleSchema = z.strictObject({
  login: z.string().check(z.regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'the name of an account')),
  password: z.exactOptional(secretName),
  /** Files of the unit that say who it is. */
  serialFile: filePath,
  macFile: z.exactOptional(filePath),
  modelFile: z.exactOptional(filePath),
  /** Files that say where and as whom it will register; what IoT Edge reads is the recipe's part `edge`. */
  files: z
    .array(z.strictObject({ path: filePath, mode: fileMode, content: z.literal('provisioning') }))
    .check(z.maxLength(8)),
});
export type ConsolePlan = z.output<typeof consoleSchema>;

/** A TPM maker's list as text, and the recipe by which its keys are enrolled early; without one they only wait for their units. */
export const importEkListSchema = <R extends z.core.$ZodType>(recipe: R) =>
  z.strictObject({
    list: listName,
    name: z.string().check(z.minLength(1), z.maxLength(256)),
    text: z.string().check(z.minLength(1), z.maxLength(64 * 1024 * 1024)),
    recipe: z.exactOptional(recipe),
  });
export type ImportedEkList = { readonly list: string; readonly keys: number; readonly enrolled: number };

/** A list of endorsement keys, as people see it. */
export type EkListView = {
  readonly list: string;
  readonly keys: number;
  /** How many of them were seen in a unit. */
  readonly seen: number;
};
