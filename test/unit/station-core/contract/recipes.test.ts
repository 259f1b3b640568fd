import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changesOf, recipeProblems } from '../../../../station-core/contract/recipes.ts';

const recipe = {
  schema: 1,
  name: 'gateway',
  version: 1,
  protocol: 'uart-v1',
  registrationId: 'gw-{serial}',
  attestation: { type: 'symmetricKey', scope: 'individual' },
  delivery: 'clear',
  lock: false,
  target: 'dps',
};

test('every problem of a recipe is told with its place', () => {
  const problems = recipeProblems({ ...recipe, name: 'Gate Way', version: 0, delivery: 'post' });
  expect(problems.map(({ path }) => path.join('.')).sort()).toEqual(['delivery', 'name', 'version']);
  expect(recipeProblems({ ...recipe, attestation: { ...recipe.attestation, group: 'g' } })).toMatchObject([
    { path: ['attestation'] },
  ]);
  expect(recipeProblems(recipe)).toEqual([]);
});

test('what does not fit together is told once the parts are right', () => {
  expect(recipeProblems({ ...recipe, delivery: 'sealed' })).toMatchObject([
    { path: [], expected: expect.stringContaining('`tpm`') as string, agreement: 'tpm-part' },
  ]);
});

test('changes name the place, the value before and after', () => {
  const after = { ...recipe, version: 2, attestation: { type: 'symmetricKey', scope: 'group', group: 'g' } };
  expect(changesOf(recipe, after)).toEqual([
    { path: 'version', before: '1', after: '2' },
    { path: 'attestation.scope', before: '"individual"', after: '"group"' },
    { path: 'attestation.group', after: '"g"' },
  ]);
});

test('a recipe differs from itself nowhere, and from any other somewhere', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      expect(changesOf(one, structuredClone(one))).toEqual([]);
      const same = JSON.stringify(one) === JSON.stringify(other);
      if (changesOf(one, other).length === 0 && !same) expect(sorted(one)).toBe(sorted(other));
    }),
  );
});

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
