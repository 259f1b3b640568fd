import type { Problem } from '../../../station-core/contract/parse.ts';

// A recipe as a form has it: text for each field, and whatever the form has no field for as JSON, which stays as it was.

export const kinds = [
  'symmetric-individual',
  'symmetric-group',
  'x509-individual',
  'x509-group',
  'tpm',
  'given',
] as const;
/** How units attest; `given`: by certificates that others made, whose part of the recipe stands in the JSON. */
export type Kind = (typeof kinds)[number];

type FieldKind = 'text' | 'number' | 'flag' | 'lines';

/** Every field: where it stands in the recipe, and what it holds. */
const fields = {
  name: ['name', 'text'],
  version: ['version', 'number'],
  protocol: ['protocol', 'text'],
  registrationId: ['registrationId', 'text'],
  group: ['attestation.group', 'text'],
  keyLabel: ['attestation.key.label', 'text'],
  keyId: ['attestation.key.id', 'text'],
  checkValue: ['attestation.key.checkValue', 'text'],
  issuer: ['attestation.issuer.name', 'text'],
  issuerKey: ['attestation.issuer.publicKey', 'text'],
  keySource: ['attestation.key.source', 'text'],
  algorithm: ['attestation.key.algorithm', 'text'],
  validityDays: ['attestation.profile.validityDays', 'number'],
  renewal: ['attestation.profile.renewal', 'text'],
  genuine: ['tpm.genuine', 'text'],
  endorsementKey: ['tpm.endorsementKey', 'text'],
  roots: ['tpm.roots', 'lines'],
  delivery: ['delivery', 'text'],
  lock: ['lock', 'flag'],
  target: ['target', 'text'],
  deviceName: ['central.deviceName', 'text'],
} as const satisfies Record<string, readonly [path: string, kind: FieldKind]>;

export type Field = keyof typeof fields;
export type Draft = { readonly kind: Kind; readonly values: Readonly<Record<Field, string>>; readonly rest: string };

const empty = Object.fromEntries(Object.keys(fields).map((name) => [name, ''])) as Record<Field, string>;

export const newDraft: Draft = {
  kind: 'symmetric-individual',
  values: {
    ...empty,
    version: '1',
    protocol: 'uart-v1',
    registrationId: '{serial}',
    keySource: 'unit',
    algorithm: 'p256',
    validityDays: '730',
    genuine: 'certificate',
    endorsementKey: 'rsa2048',
    delivery: 'clear',
    lock: 'false',
    target: 'dps',
  },
  rest: '{}',
};

const head: readonly Field[] = ['name', 'version', 'protocol', 'registrationId'];
const tail: readonly Field[] = ['delivery', 'lock', 'target'];
const issued: readonly Field[] = ['issuer', 'issuerKey', 'keySource', 'algorithm', 'validityDays', 'renewal'];
const ofKind: Readonly<Record<Kind, readonly Field[]>> = {
  'symmetric-individual': [],
  'symmetric-group': ['group', 'keyLabel', 'keyId', 'checkValue'],
  'x509-individual': issued,
  'x509-group': ['group', ...issued],
  tpm: [],
  given: [],
};
const ofTpm: readonly Field[] = ['genuine', 'endorsementKey', 'roots'];

/** The fields that a draft has, in their order: by attestation, delivery and target. Pure. */
export function fieldsOf({ kind, values }: Pick<Draft, 'kind' | 'values'>): readonly Field[] {
  const tpm = kind === 'tpm' || values.delivery === 'sealed' ? ofTpm : [];
  const central: readonly Field[] = values.target === 'central' ? ['deviceName'] : [];
  return [...head, ...ofKind[kind], ...tail, ...central, ...tpm];
}

const attestations: Readonly<Record<Exclude<Kind, 'given'>, object>> = {
  'symmetric-individual': { type: 'symmetricKey', scope: 'individual' },
  'symmetric-group': { type: 'symmetricKey', scope: 'group' },
  'x509-individual': { type: 'x509', scope: 'individual' },
  'x509-group': { type: 'x509', scope: 'group' },
  tpm: { type: 'tpm', scope: 'individual' },
};

type Tree = { [name: string]: unknown };
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The recipe that a draft means; none while its JSON is none. What a field says wins over the JSON. Pure. */
export function recipeOf(draft: Draft): Tree | undefined {
  const rest = jsonOf(draft.rest);
  if (!isTree(rest)) return undefined;
  const recipe: Tree = { schema: 1, ...structuredClone(rest) };
  if (draft.kind !== 'given') {
    recipe.attestation = { ...(isTree(recipe.attestation) ? recipe.attestation : {}), ...attestations[draft.kind] };
  }
  for (const field of fieldsOf(draft)) {
    const [path, kind] = fields[field];
    put(recipe, path.split('.'), valueFrom(kind, draft.values[field]));
  }
  return recipe;
}

/** The draft of a recipe, from which `recipeOf` makes the same recipe again. Pure. */
export function draftOf(recipe: object): Draft {
  const rest = structuredClone(recipe) as Tree;
  const kind = kindOf(rest);
  const values = { ...newDraft.values };
  const known = { kind, values: { ...values, delivery: String(rest.delivery), target: String(rest.target) } };
  for (const field of fieldsOf(known)) {
    const [path, holds] = fields[field];
    values[field] = textOf(holds, take(rest, path.split('.')));
  }
  delete rest.schema;
  if (kind !== 'given' && isTree(rest.attestation)) {
    for (const name of Object.keys(attestations[kind])) delete rest.attestation[name];
  }
  return { kind, values, rest: JSON.stringify(pruned(rest), null, 2) };
}

function kindOf({ attestation }: Tree): Kind {
  if (!isTree(attestation)) return 'given';
  const { type, scope } = attestation;
  if (type === 'tpm') return 'tpm';
  if (type === 'symmetricKey') return scope === 'group' ? 'symmetric-group' : 'symmetric-individual';
  if (!('issuer' in attestation)) return 'given';
  return scope === 'group' ? 'x509-group' : 'x509-individual';
}

function valueFrom(kind: FieldKind, text: string): unknown {
  switch (kind) {
    case 'text':
      return text.trim();
    case 'number':
      return /^\d{1,9}$/.test(text.trim()) ? Number(text) : text;
    case 'flag':
      return text === 'true';
    case 'lines':
      return text.split(/\s+/).filter((line) => line !== '');
  }
}

function textOf(kind: FieldKind, value: unknown): string {
  return kind === 'lines' && Array.isArray(value) ? value.join('\n') : String(value ?? '');
}

function put(tree: Tree, [name = '', ...more]: readonly string[], value: unknown): void {
  if (more.length === 0) {
    tree[name] = value;
    return;
  }
  const next = isTree(tree[name]) ? tree[name] : {};
  tree[name] = next;
  put(next, more, value);
}

function take(tree: Tree, [name = '', ...more]: readonly string[]): unknown {
  const value = tree[name];
  if (more.length > 0) return isTree(value) ? take(value, more) : undefined;
  delete tree[name];
  return value;
}

/** Without the objects that hold nothing any more. */
function pruned(tree: Tree): Tree {
  const kept = Object.entries(tree).map(([name, value]) => [name, isTree(value) ? pruned(value) : value] as const);
  return Object.fromEntries(kept.filter(([, value]) => !isTree(value) || Object.keys(value).length > 0));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the form says that it is no JSON
  }
}

/** What is wrong, by the field that shows it; what no field shows is in `others`. Pure. */
export function placed(
  draft: Draft,
  problems: readonly Problem[],
): { readonly wrong: ReadonlySet<Field>; readonly others: readonly Problem[] } {
  const shown = fieldsOf(draft);
  const fieldAt = (path: string) =>
    shown.find((field) => path === fields[field][0] || path.startsWith(`${fields[field][0]}.`));
  const found = problems.map((problem) => ({ problem, field: fieldAt(problem.path.join('.')) }));
  return {
    wrong: new Set(found.flatMap(({ field }) => field ?? [])),
    others: found.flatMap(({ problem, field }) => (field ? [] : [problem])),
  };
}
