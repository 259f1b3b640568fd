import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestStation } from '../../suites/station.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
});
afterAll(() => line.close());

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
} as const;

test('a recipe is kept, listed, shown, and counted by the orders that use it', async () => {
  const { hash } = await line.as('lead', 'recipes.save', { recipe });
  expect(await line.as('lead', 'recipes.save', { recipe })).toMatchObject({ hash });
  expect(await line.as('auditor', 'recipes.show', { hash })).toMatchObject({ recipe, approvedAt: null, orders: 0 });
  await line.as('lead', 'orders.create', { name: 'A', recipe, units: [{ serial: 'A-1' }] });
  expect(await line.as('technician', 'recipes.list', {})).toMatchObject([
    { name: 'gateway', version: 1, hash, orders: 1 },
  ]);
  const saved = line.entries().filter(({ action }) => action === 'recipe.saved');
  expect(saved).toMatchObject([{ details: { recipe: hash, name: 'gateway', version: 1 } }]);
});

test('a name and a version mean one recipe for good', async () => {
  const other = { ...recipe, registrationId: 'other-{serial}' };
  await expect(line.as('lead', 'recipes.save', { recipe: other })).rejects.toMatchObject({
    code: 'recipe.version-taken',
  });
  await line.as('lead', 'recipes.save', { recipe: { ...other, version: 2 } });
  expect(await line.as('lead', 'recipes.list', {})).toMatchObject([{ version: 2 }, { version: 1 }]);
});

test('a recipe that somebody writes is checked without being kept', async () => {
  const check = (given: object) => line.as('lead', 'recipes.check', { recipe: given as never });
  expect(await check({ ...recipe, version: 7 })).toMatchObject({
    problems: [],
    hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
  expect(await check({ ...recipe, protocol: 'morse' })).toMatchObject({
    problems: [{ path: ['protocol'] }],
    hash: null,
  });
  expect((await check({})).problems.length).toBeGreaterThan(5);
  expect(await line.as('lead', 'recipes.list', {})).toHaveLength(2);
  await expect(line.as('lead', 'recipes.show', { hash: '0'.repeat(64) })).rejects.toMatchObject({
    code: 'recipe.unknown',
  });
});

test('recipes are found by indexes, however many orders there are', () => {
  const { db } = line.station.records;
  const plan = (sql: string) => JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
  expect(plan("SELECT 1 FROM work_order WHERE recipe = x'00' LIMIT 1000")).toContain('work_order_by_recipe');
  expect(plan("SELECT hash FROM recipe WHERE name = 'a' AND version = 1 LIMIT 1")).toContain('recipe_by_name');
});
