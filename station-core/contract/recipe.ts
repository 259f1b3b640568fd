import * as z from 'zod/mini';
import { edgeAgreements, edgeSchema } from './edge.ts';
import { enrollmentSchema, groupEnrollmentSchema } from './enrollment.ts';
import { imageAgreements, imageSchema } from './image.ts';
import { recipeLabelSchema } from './label.ts';
import { modemAgreements, modemSchema } from './modem.ts';
import { packingSchema } from './packing.ts';
import { issuerSchema, keySources, leafKeySchema, ownKeySchema, profileSchema, storedKeySchema } from './profile.ts';
import { programmerAgreements, programmerSchema } from './programmer.ts';
import { fillsFromEk } from './template.ts';
import { consoleSchema, tpmSchema } from './tpm.ts';

const text = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));
const name = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dots, dashes, at most 64'));

/** A secret key of the HSM with its pinned check value (docs/design.md, HSM interface). */
export const secretKeySchema = z.strictObject({
  label: text(64),
  id: z.string().check(z.regex(/^([0-9a-f]{2}){1,32}$/, 'a key id in lower-case hex')),
  checkValue: z.string().check(z.regex(/^[0-9a-f]{16}$/, 'a check value of 16 hex digits')),
});

export const groupId = z.string().check(z.regex(/^[A-Za-z0-9._:-]{0,127}[A-Za-z0-9-]$/, 'an enrollment group ID'));

const symmetricGroup = z.strictObject({
  type: z.literal('symmetricKey'),
  scope: z.literal('group'),
  /** The enrollment group in DPS. The station never creates it (docs/decisions.md). */
  group: groupId,
  key: secretKeySchema,
});

const symmetricIndividual = z.strictObject({
  type: z.literal('symmetricKey'),
  scope: z.literal('individual'),
  enrollment: z.exactOptional(enrollmentSchema),
});

/** What is the same for every X.509 recipe of this scope. The station makes a group with its own intermediate, a public thing. */
const x509GroupHead = { type: z.literal('x509'), scope: z.literal('group'), group: groupId } as const;
const x509IndividualHead = {
  type: z.literal('x509'),
  scope: z.literal('individual'),
  enrollment: z.exactOptional(enrollmentSchema),
} as const;
const issued = { issuer: issuerSchema, key: leafKeySchema, profile: profileSchema } as const;
/** What the group is made with; one that is there already stays as it is. */
const madeGroup = { enrollment: z.exactOptional(groupEnrollmentSchema) } as const;

/** By what all of them have, so that a wrong word is told before the forms are tried one after the other. */
const x509 = z.pipe(
  z.looseObject({
    type: z.literal('x509'),
    scope: z.enum(['individual', 'group']),
    key: z.looseObject({ source: z.enum(keySources) }),
  }),
  z.union([
    z.strictObject({ ...x509GroupHead, ...madeGroup, ...issued }),
    z.strictObject({ ...x509IndividualHead, ...issued }),
    z.strictObject({ ...x509GroupHead, key: storedKeySchema }),
    z.strictObject({ ...x509IndividualHead, key: storedKeySchema }),
    z.strictObject({ ...x509IndividualHead, key: ownKeySchema }),
  ]),
);

/** By the unit's endorsement key; individual alone (F-91). What is asked of the TPM stands in the recipe's `tpm`. */
const tpm = z.strictObject({
  type: z.literal('tpm'),
  scope: z.literal('individual'),
  enrollment: z.exactOptional(enrollmentSchema),
});

export const targetNames = ['dps', 'folder', 'central', 'hub'] as const;

/** What IoT Central's import file says of a device beside its ID. */
const centralSchema = z.strictObject({
  /** A template like the registration ID's. */
  deviceName: text(148),
});

const ofHub: ReadonlySet<string> = new Set(['provisioningStatus', 'capabilities', 'initialTwin']);
const isForHub = (enrollment: object): boolean => Object.keys(enrollment).every((name) => ofHub.has(name));

/** What the literal parts of a template hold. */
const literalsOf = (template: string): string => template.replaceAll(/\{[^{}]*\}/g, '');

/** Agreements that screens say in people's languages; the others concern parts that only files have. */
export type AgreementName =
  | 'tpm-part'
  | 'roots'
  | 'proven'
  | 'tpm-lock'
  | 'tpm-delivery'
  | 'ek-id'
  | 'folder-keys'
  | 'central-group'
  | 'central-id'
  | 'central-part'
  | 'hub-attestation'
  | 'console-part'
  | 'modem-part';

type Agreement = readonly [expected: string, holds: (recipe: RecipeShape) => boolean, name?: AgreementName];

/** What belongs together, and the words for what does not. */
const agreements: readonly Agreement[] = [
  [
    'a part `tpm`, which attestation tpm and sealed delivery need',
    ({ attestation, delivery, tpm: plan }: RecipeShape) =>
      plan !== undefined || (attestation.type !== 'tpm' && delivery !== 'sealed'),
    'tpm-part',
  ],
  [
    'pinned roots in `tpm`, which genuine: certificate needs',
    ({ tpm: plan }: RecipeShape) => plan === undefined || plan.genuine !== 'certificate' || plan.roots.length > 0,
    'roots',
  ],
  [
    'a proven TPM (genuine: certificate or possession), which sealed delivery needs',
    ({ delivery, tpm: plan }: RecipeShape) => delivery !== 'sealed' || plan?.genuine !== 'none',
    'proven',
  ],
  [
    'lock: false, since a TPM is no credential that a unit could be locked with',
    ({ attestation, lock }: RecipeShape) => attestation.type !== 'tpm' || !lock,
    'tpm-lock',
  ],
  [
    'delivery: clear, since attestation tpm delivers no secret',
    ({ attestation, delivery }: RecipeShape) => attestation.type !== 'tpm' || delivery === 'clear',
    'tpm-delivery',
  ],
  [
    'a registration ID of {serial}, {mac} and facts; {ekSdk} and {ekSha256} are for attestation tpm',
    ({ attestation, registrationId }: RecipeShape) => attestation.type === 'tpm' || !fillsFromEk(registrationId),
    'ek-id',
  ],
  [
    'target: dps, since the keys of individual symmetric enrollments are written into no file; without a network there are bundles',
    ({ attestation: { type, scope }, target }: RecipeShape) =>
      target !== 'folder' || type !== 'symmetricKey' || scope !== 'individual',
    'folder-keys',
  ],
  [
    'attestation by a group, since IoT Central is told of device IDs alone',
    ({ target, attestation }: RecipeShape) => target !== 'central' || attestation.scope === 'group',
    'central-group',
  ],
  [
    'a registration ID of letters, digits and dashes, which is all that IoT Central takes',
    ({ target, registrationId }: RecipeShape) =>
      target !== 'central' || /^[A-Za-z0-9-]*$/.test(literalsOf(registrationId)),
    'central-id',
  ],
  [
    'target: central with a part `central`',
    ({ target, central }: RecipeShape) => target === 'central' || central === undefined,
    'central-part',
  ],
  [
    'keys or certificates of single units, or X.509 by a CA: an IoT hub knows no groups of keys and no TPMs',
    ({ target, attestation: { type, scope } }: RecipeShape) =>
      target !== 'hub' || type === 'x509' || (type === 'symmetricKey' && scope === 'individual'),
    'hub-attestation',
  ],
  [
    'of an enrollment, only provisioningStatus, capabilities and initialTwin with an IoT hub; the rest is for DPS alone',
    ({ target, attestation }: RecipeShape) =>
      target !== 'hub' || attestation.scope === 'group' || isForHub(attestation.enrollment ?? {}),
  ],
  [
    'a part `console`, which the protocol linux-console needs, and no other',
    ({ protocol, console: shell }: RecipeShape) => (protocol === 'linux-console') === (shell !== undefined),
    'console-part',
  ],
  ...modemAgreements,
  ...edgeAgreements,
  ...programmerAgreements,
  ...imageAgreements,
  [
    'no part `edge` with target: hub, since what IoT Edge reads here names DPS',
    ({ target, edge }: RecipeShape) => target !== 'hub' || edge === undefined,
  ],
];

/**
 * A recipe: what is to be done with a unit, as data. It lists no steps: `plan` derives them. It names secrets and never
 * holds them. Its hash is SHA-256 over its RFC 8785 bytes.
 */
const recipeShape = z.strictObject({
  schema: z.literal(1),
  name,
  version: z.int().check(z.gte(1)),
  protocol: name,
  /** Template of the registration ID, of {serial} and {mac} (F-05), or {ekSdk} or {ekSha256} (F-94). */
  registrationId: text(256),
  attestation: z.discriminatedUnion('type', [
    z.discriminatedUnion('scope', [symmetricGroup, symmetricIndividual]),
    x509,
    tpm,
  ]),
  /** How secrets travel to the unit (docs/design.md, Unit protocol). */
  delivery: z.enum(['clear', 'channel', 'sealed']),
  /** Whether the unit's provisioning commands are locked for good at the end. */
  lock: z.boolean(),
  /**
   * Where the cloud keeps its units: a DPS instance, reached or enrolled in by hand from files (`folder`, F-143), an IoT Central
   * application, or an IoT hub's own registry.
   */
  target: z.enum(targetNames),
  central: z.exactOptional(centralSchema),
  tpm: z.exactOptional(tpmSchema),
  console: z.exactOptional(consoleSchema),
  modem: z.exactOptional(modemSchema),
  /** What is written for Azure IoT Edge (docs/edge.md). */
  edge: z.exactOptional(edgeSchema),
  /** The program that writes the unit's firmware first (docs/programmers.md). */
  programmer: z.exactOptional(programmerSchema),
  /** The image of a partition that key and certificate are written as, and the program that does (docs/programmers.md). */
  image: z.exactOptional(imageSchema),
  /** What is asked of a unit before it ships. */
  packing: z.exactOptional(packingSchema),
  /** Whether a lead looks at the first unit that passed with this version before others are made. */
  firstArticle: z.exactOptional(z.boolean()),
  /** The label that is printed for its units (docs/labels.md). */
  label: z.exactOptional(recipeLabelSchema),
});
type RecipeShape = z.output<typeof recipeShape>;

export const recipeSchema = recipeShape.check(
  ...agreements.map(([expected, holds, name]) =>
    z.refine<RecipeShape>(holds, { error: expected, ...(name ? { params: { agreement: name } } : {}) }),
  ),
);

export type Recipe = z.output<typeof recipeSchema>;
/** How a recipe's units attest, of one type. */
export type AttestationOf<T extends Recipe['attestation']['type']> = Extract<Recipe['attestation'], { type: T }>;

/** X.509 with a certificate that an intermediate of this station signs. */
export type IssuedAttestation = Extract<AttestationOf<'x509'>, { issuer: unknown }>;
/** X.509 with a certificate that others made. */
export type GivenAttestation = Exclude<AttestationOf<'x509'>, IssuedAttestation>;
export type GivenKey = GivenAttestation['key'];
export const isIssued = (attestation: AttestationOf<'x509'>): attestation is IssuedAttestation =>
  'issuer' in attestation;
