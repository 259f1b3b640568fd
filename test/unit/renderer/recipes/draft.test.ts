import { expect, test } from 'vitest';
import { draftOf, fieldsOf, newDraft, placed, recipeOf } from '../../../../renderer/screens/recipes/draft.ts';
import { hashBefore, nextVersion } from '../../../../renderer/screens/recipes/versions.ts';
import { recipeProblems } from '../../../../station-core/contract/recipes.ts';

const common = { schema: 1, name: 'r', version: 3, protocol: 'uart-v1', delivery: 'clear', lock: false, target: 'dps' };
const issuer = { name: 'a-ca', publicKey: '0'.repeat(64) };
const profile = { validityDays: 730, renewal: 'by hand', subject: { O: 'Maker' } };
const recipes: Readonly<Record<string, object>> = {
  individual: {
    ...common,
    registrationId: 'gw-{serial}',
    attestation: { type: 'symmetricKey', scope: 'individual', enrollment: { initialTwin: { tags: { line: 3 } } } },
  },
  group: {
    ...common,
    registrationId: '{serial}',
    attestation: {
      type: 'symmetricKey',
      scope: 'group',
      group: 'g',
      key: { label: 'k', id: '00', checkValue: '0'.repeat(16) },
    },
  },
  x509: {
    ...common,
    lock: true,
    registrationId: '{serial}',
    attestation: { type: 'x509', scope: 'individual', issuer, key: { source: 'unit', algorithm: 'p256' }, profile },
  },
  own: {
    ...common,
    registrationId: '{serial}',
    attestation: { type: 'x509', scope: 'individual', key: { source: 'own', trust: { list: 'vendor' } } },
  },
  tpm: {
    ...common,
    registrationId: '{ekSdk}',
    attestation: { type: 'tpm', scope: 'individual' },
    tpm: { endorsementKey: 'rsa2048', genuine: 'certificate', roots: ['a'.repeat(64)], list: 'a-list' },
  },
  central: {
    ...common,
    target: 'central',
    central: { deviceName: 'Unit {serial}' },
    registrationId: '{serial}',
    attestation: {
      type: 'symmetricKey',
      scope: 'group',
      group: 'g',
      key: { label: 'k', id: '00', checkValue: '0'.repeat(16) },
    },
  },
};

test.each(Object.entries(recipes))('the form gives back the recipe %s as it was', (_, recipe) => {
  expect(recipeProblems(recipe)).toEqual([]);
  expect(recipeOf(draftOf(recipe))).toEqual(recipe);
});

test('a new recipe lacks its name alone', () => {
  const problems = recipeProblems(recipeOf(newDraft));
  expect([...placed(newDraft, problems).wrong]).toEqual(['name']);
});

test('fields come and go with attestation, delivery and target', () => {
  const { values } = newDraft;
  expect(fieldsOf({ kind: 'tpm', values })).toContain('roots');
  expect(fieldsOf({ kind: 'symmetric-individual', values: { ...values, delivery: 'sealed' } })).toContain('genuine');
  expect(fieldsOf({ kind: 'x509-individual', values })).not.toContain('group');
  expect(fieldsOf({ kind: 'symmetric-group', values: { ...values, target: 'central' } })).toContain('deviceName');
});

test('what is wrong stands at its field, and the rest beside', () => {
  const draft = { ...draftOf(recipes.tpm ?? {}), rest: '{"tpm":{"list":"No List"}}' };
  const values = { ...draft.values, roots: 'abc', version: 'two' };
  const { wrong, others } = placed(draft, recipeProblems(recipeOf({ ...draft, values })));
  expect([...wrong].sort()).toEqual(['roots', 'version']);
  expect(others.map(({ path }) => path.join('.'))).toEqual(['tpm.list']);
});

test('text that is no JSON object makes no recipe', () => {
  for (const rest of ['', '[]', '7', '{', 'null']) expect(recipeOf({ ...newDraft, rest })).toBeUndefined();
});

test('the next version follows the highest of its name, and is compared with the one before', () => {
  const row = (name: string, version: number) => ({
    name,
    version,
    hash: `${name}${version}`,
    approvedAt: null,
    orders: 0,
  });
  const rows = [row('a', 1), row('a', 4), row('b', 9), row('a', 2)];
  expect(nextVersion({ name: 'a', version: 2 }, rows)).toEqual({ name: 'a', version: 5 });
  expect(hashBefore('a4', rows)).toBe('a2');
  expect(hashBefore('a1', rows)).toBeUndefined();
});
