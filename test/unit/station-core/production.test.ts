import { createPublicKey, publicEncrypt } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hsms } from '../../../drivers/hsm/registry.ts';
import type { Method } from '../../../station-core/contract/api.ts';
import type { Recipe } from '../../../station-core/contract/recipe.ts';
import type { Role } from '../../../station-core/contract/record.ts';
import { heldKey } from '../../suites/held-key.ts';
import { saysReal, TestStation } from '../../suites/station.ts';

// What production asks for, on a station that believes its HSM to be real: the test's HSM says so, nothing else is relaxed.

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({
    lanes: 1,
    hsm: async (folder) => saysReal(await hsms.soft({ folder: join(folder, 'practice', 'hsm') })),
    parts: { found: { mode: 'production', station: 'line 3' } },
  });
});
afterAll(() => line.close());

const recipe: Recipe = {
  schema: 1,
  name: 'r',
  version: 1,
  protocol: 'uart-v1',
  registrationId: '{serial}',
  delivery: 'clear',
  lock: false,
  target: 'dps',
  attestation: { type: 'symmetricKey', scope: 'individual' },
};
const code = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (thrown: { code: string }) => thrown.code,
  );
const as = (role: Role, method: Method, params: unknown) => code(line.as(role, method, params));

test('a recipe takes effect after two people approved its hash, and any change needs them again', async () => {
  const order = (name: string, change: Partial<Recipe> = {}) =>
    as('lead', 'orders.create', { name, recipe: { ...recipe, ...change }, units: [{ serial: name }] });
  expect(await order('A-1')).toBe('recipe.not-approved');
  expect(await as('lead', 'recipes.approve', { recipe })).toBe('person.second-needed');
  const { approval } = await line.as('security-officer', 'approvals.approve', {
    method: 'recipes.approve',
    params: { recipe },
  });
  const actor = line.station.operators.byName('Lee Lead');
  expect(await code(line.station.call('recipes.approve', { recipe }, { actor, approval }))).toBe('ok');
  expect(await order('A-1')).toBe('ok');
  expect(await order('A-2', { version: 2 })).toBe('recipe.not-approved');
  const entry = line.entries().find(({ action }) => action === 'recipe.approved');
  expect(entry).toMatchObject({ actor: expect.any(String) as string, approver: expect.any(String) as string });
});

test('a simulated unit is refused before anything is written to it', async () => {
  const run = await line.scan(1, 'A-1');
  expect(run).toMatchObject({ error: { code: 'station.mode' } });
  expect(run.steps.filter(({ state }) => state === 'ended')).toEqual([]);
  expect(heldKey(join(line.folder, 'practice'), 'A-1')).toBeUndefined();
});

test('nothing of the practice line is shown', async () => {
  expect(await line.station.call('station.describe', {})).toMatchObject({
    mode: 'production',
    practice: [],
    labels: [],
  });
});

test('a token that is software is refused, whatever the configuration says', async () => {
  await line.stop();
  const soft = await TestStation.open({ lanes: 1, parts: { found: { mode: 'production', station: 'x' } } }).then(
    () => 'ok',
    (thrown: { code: string }) => thrown.code,
  );
  expect(soft).toBe('station.mode');
  await line.start();
});

test('the keys that documents print are refused, in components and wrapped', async () => {
  const printed = Buffer.from(
    'rLuyBPpIJ+hOre2SFIP9Ajvdty3j0EwSP/WvTVH9eZAw5HpDuEmf13nziHy5RRXmuTy84FCLpOnhhBPASSbHYg==',
    'base64',
  );
  const bySecurity = async (
    method: 'hsm.importGroupKey' | 'hsm.makeUnwrappingKey' | 'hsm.unwrapGroupKey',
    params: object,
    secret?: Buffer,
  ) => {
    const { approval } = await line.as('lead', 'approvals.approve', { method, params });
    const actor = line.station.operators.byName('Sol Security');
    return line.station.call(method, params, { actor, approval, ...(secret ? { secret } : {}) });
  };
  expect(await code(bySecurity('hsm.importGroupKey', { label: 'printed' }, printed))).toBe('hsm.public-sample');
  const key = (await bySecurity('hsm.makeUnwrappingKey', { label: 'unwrap' })) as { publicKey: string };
  const spki = createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), format: 'der', type: 'spki' });
  const wrapped = publicEncrypt({ key: spki, oaepHash: 'sha256' }, printed).toString('base64');
  expect(await code(bySecurity('hsm.unwrapGroupKey', { label: 'printed', key, wrapped }))).toBe('hsm.public-sample');
  const { keys } = await line.as('auditor', 'hsm.inspect', {});
  expect(keys.map(({ label }) => label)).not.toContain('printed');
});
