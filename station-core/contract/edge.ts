import * as z from 'zod/mini';
import type { Recipe } from './recipe.ts';
import { fileMode, filePath } from './unit-file.ts';

// What the station writes for Azure IoT Edge: which file, and where on the unit lies what the file names (dps-reference 12; F-113).

/** Short enough for every way of telling it to a unit. */
const longestUri = 511;
/** Without escapes, so that a path and its URI are the same text; no step back, and no folder. */
const filePattern = /^file:\/\/(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~@+-]+)+$/;

const fileUri = z
  .string()
  .check(
    z.maxLength(longestUri),
    z.regex(filePattern, 'file:// and an absolute path of letters, digits and any of ._~@+-'),
  );

/** A key in a token (RFC 7512). Its PIN is the token owner's affair: recipes hold no secrets. */
const isTokenUri = (uri: string): boolean => /^pkcs11:[\x21\x23-\x5b\x5d-\x7e]+$/.test(uri) && !/pin-value/i.test(uri);

const keyUri = z.string().check(
  z.maxLength(longestUri),
  z.refine((uri) => filePattern.test(uri) || isTokenUri(uri), 'a file:// URI, or a pkcs11: URI without a PIN'),
);

/** The path that a file URI of a recipe names. */
export const pathOfUri = (uri: string): string => uri.slice('file://'.length);

/** Where key and certificate of a plan lie on a unit, where both are files. */
export const certificatePlacesOf = ({ privateKey, certificate }: { privateKey: string; certificate: string }) => ({
  key: pathOfUri(privateKey),
  chain: pathOfUri(certificate),
});

const place = {
  /** Where the file goes on the unit; left out, where IoT Edge looks for it. */
  path: z.exactOptional(filePath),
  mode: z.exactOptional(fileMode),
} as const;

/** IoT Edge 1.2 and newer, and the Identity Service alone. */
const toml = z.strictObject({
  format: z.literal('toml'),
  ...place,
  /** Left out, IoT Edge does as `Dynamic` says (F-114). */
  autoReprovisioning: z.exactOptional(z.enum(['Dynamic', 'AlwaysOnStartup', 'OnErrorOnly'])),
  /** A JSON file on the unit whose content goes with its registration (F-116). */
  payload: z.exactOptional(fileUri),
  /** The key itself in the file, or where on the unit it lies. */
  symmetricKey: z.exactOptional(z.union([z.literal('inline'), z.strictObject({ uri: keyUri })])),
  x509: z.exactOptional(z.strictObject({ certificate: fileUri, privateKey: keyUri })),
  tpm: z.exactOptional(
    z.strictObject({
      /** How the TPM is reached, such as `device`, which is what is meant without it. */
      tcti: z.exactOptional(z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/, 'printable characters, at most 128'))),
      /** The key that DPS gives lies at handle 0x81000000 and this; 0x000100 without it. Persistent handles of the owner end there. */
      authKeyIndex: z.exactOptional(z.int().check(z.gte(0), z.lte(0x7f_ffff))),
    }),
  ),
});

/** IoT Edge 1.1, which takes a key inline alone, and keys of certificates out of files alone. */
const yaml = z.strictObject({
  format: z.literal('yaml'),
  ...place,
  alwaysReprovisionOnStartup: z.exactOptional(z.boolean()),
  dynamicReprovisioning: z.exactOptional(z.boolean()),
  symmetricKey: z.exactOptional(z.literal('inline')),
  x509: z.exactOptional(z.strictObject({ certificate: fileUri, privateKey: fileUri })),
});

/** By its format first, so that another one is refused in words. */
export const edgeSchema = z.pipe(
  z.looseObject({
    format: z.enum(['toml', 'yaml'], 'toml or yaml (what a station can do for Windows IoT: docs/edge.md)'),
  }),
  z.discriminatedUnion('format', [toml, yaml]),
);
export type EdgePlan = z.output<typeof edgeSchema>;

/** Where IoT Edge looks for its file. */
const paths = { toml: '/etc/aziot/config.toml', yaml: '/etc/iotedge/config.yaml' } as const;

/** Where the file of this plan goes, and with which permissions: its owner's alone. */
export const placeOf = ({ format, path = paths[format], mode = '0600' }: EdgePlan) => ({ path, mode }) as const;

type OfKey = Pick<Recipe, 'protocol' | 'attestation' | 'edge'>;

/**
 * Whether the unit's symmetric key reaches it in a file and in no other way. A console keeps no credential: there the file is the
 * credential. Any other unit gets its key once, as a credential, and the file says where it keeps that.
 */
export const keyComesByFile = ({ protocol, attestation, edge }: OfKey): boolean =>
  edge !== undefined && attestation.type === 'symmetricKey' && protocol === 'linux-console';

/** Whether the file of IoT Edge holds that key itself. */
export const keyIsInline = ({ edge }: Pick<Recipe, 'edge'>): boolean => edge?.symmetricKey === 'inline';

const onConsole = ({ protocol }: Pick<Recipe, 'protocol'>): boolean => protocol === 'linux-console';
const liesInFile = (uri: string): boolean => filePattern.test(uri);

/** Whether the plan says what its attestation needs, and nothing of another one. */
function fits({ attestation, edge }: Recipe): boolean {
  const given = { symmetricKey: edge?.symmetricKey, x509: edge?.x509 };
  const ofTpm = edge !== undefined && 'tpm' in edge;
  switch (attestation.type) {
    case 'symmetricKey':
      return given.symmetricKey !== undefined && given.x509 === undefined && !ofTpm;
    case 'x509':
      return given.x509 !== undefined && given.symmetricKey === undefined && !ofTpm;
    case 'tpm':
      return given.x509 === undefined && given.symmetricKey === undefined;
  }
}

/** Whether its certificate, if it has one, is for a key that it makes itself in a file. */
const makesOwnKey = ({ attestation, edge }: Recipe): boolean =>
  attestation.type !== 'x509' ||
  (attestation.key.source === 'unit' && edge?.x509 !== undefined && liesInFile(edge.x509.privateKey));

/** Every path that the station writes for this recipe, or that the files name. */
function pathsOf({ edge, console: shell }: Recipe): readonly string[] {
  if (!edge) return [];
  const key = typeof edge.symmetricKey === 'object' ? [edge.symmetricKey.uri] : [];
  const pair = edge.x509 ? [edge.x509.certificate, edge.x509.privateKey] : [];
  const named = [...key, ...pair].filter(liesInFile).map(pathOfUri);
  return [placeOf(edge).path, ...named, ...(shell?.files ?? []).map(({ path }) => path)];
}

const individual = ({ attestation }: Recipe) => ('enrollment' in attestation ? attestation.enrollment : undefined);

/** What belongs together, and the words for what does not. */
export const edgeAgreements: readonly (readonly [expected: string, holds: (recipe: Recipe) => boolean])[] = [
  [
    'in `edge` what the attestation needs and no more: symmetricKey, or x509, or for attestation tpm neither',
    (recipe) => recipe.edge === undefined || fits(recipe),
  ],
  [
    'capabilities { iotEdge: true } in the enrollment, without which IoT Hub takes the unit for no IoT Edge device',
    (recipe) =>
      recipe.edge === undefined ||
      recipe.attestation.scope === 'group' ||
      individual(recipe)?.capabilities?.iotEdge === true,
  ],
  [
    'edge.symmetricKey { uri }: only a linux-console gets its key in the file, any other unit once, as a credential that it keeps there',
    (recipe) => !keyIsInline(recipe) || onConsole(recipe),
  ],
  [
    'on a linux-console a symmetric key inline or at a file:// URI, since the station writes into no token',
    ({ edge, ...recipe }) => {
      const key = edge?.symmetricKey;
      return !onConsole(recipe) || typeof key !== 'object' || liesInFile(key.uri);
    },
  ],
  [
    'on a linux-console a certificate whose key the unit makes (source: unit), at a file:// URI',
    (recipe) => recipe.edge === undefined || !onConsole(recipe) || makesOwnKey(recipe),
  ],
  [
    'delivery: clear and lock: false, since a console neither decrypts nor locks',
    (recipe) => !keyComesByFile(recipe) || (recipe.delivery === 'clear' && !recipe.lock),
  ],
  [
    'a path of its own for each file that is written or named',
    (recipe) => new Set(pathsOf(recipe)).size === pathsOf(recipe).length,
  ],
  [
    'a file to write, in `console` or by `edge`',
    ({ console: shell, edge }) => shell === undefined || shell.files.length > 0 || edge !== undefined,
  ],
];
