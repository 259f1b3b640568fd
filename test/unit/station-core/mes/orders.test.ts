import { afterAll, beforeAll, expect, test } from 'vitest';
import { recipeOf } from '../../../../station-core/practice.ts';
import { Factory, requireDescribed } from '../../../suites/factory.ts';

let factory: Factory;
let recipe: { name: string; version: number };
beforeAll(async () => {
  factory = await Factory.open({ lanes: 1 });
  const ready = await recipeOf(factory.line.station, 'symmetric-individual');
  const made = { ...ready, name: 'by-serial', registrationId: '{serial}' };
  await factory.line.agreed('lead', 'recipes.approve', { recipe: made });
  recipe = { name: made.name, version: made.version };
});
afterAll(() => factory.close());

const units = [{ serial: 'M-1', mac: 'A1:B2:C3:D4:E5:F6', facts: { colour: 'red, "dark"' } }, { serial: 'M-2' }];

test('an order of a factory system is made whole, is nobody’s in the audit, and makes no unit before a lead opens it', async () => {
  const { line } = factory;
  const made = await factory.put('spring/1', { recipe, units });
  requireDescribed('PUT', '/v1/orders/spring%2F1', made);
  expect(made).toMatchObject({ status: 201, json: { name: 'spring/1', state: 'closed', quantity: 2, finished: 0 } });
  await expect(line.scan(1, 'M-1')).rejects.toMatchObject({ code: 'order.closed' });
  await line.as('lead', 'orders.reopen', { order: 'spring/1' });
  expect((await line.scan(1, 'M-1')).outcome).toBe('failed'); // the unit says another MAC than its order
  expect((await line.scan(1, 'M-2')).outcome).toBe('passed');
  const entries = line.entries().filter(({ order }) => order === 'spring/1');
  expect(entries.slice(0, 2)).toMatchObject([
    { action: 'order.created', details: { units: 2 } },
    { action: 'mes.order-taken', details: { key: 'orders-key', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
  ]);
  expect(entries.slice(0, 2).map(({ actor, role }) => [actor, role])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
  const facts = line.station.records.units.bySerial('M-1')[0]?.facts;
  expect(facts).toEqual({ colour: 'red, "dark"' });
});

test('the same order once more is answered with the one that it made, and another under its name is refused', async () => {
  const [one] = units;
  const body = { recipe, units: [{ serial: 'M-10' }] };
  expect((await factory.put('twice', body)).status).toBe(201);
  const again = await factory.put('twice', {
    units: [{ serial: 'M-10' }],
    recipe: { version: recipe.version, name: recipe.name },
  });
  expect(again).toMatchObject({ status: 200, json: { name: 'twice', quantity: 1 } });
  const other = await factory.put('twice', { recipe, units: [one] });
  expect(other).toMatchObject({ status: 409, json: { code: 'http.order-differs' } });
  const { line } = factory;
  const { name } = await line.order('symmetric-individual', 1);
  expect((await factory.put(name, body)).json).toMatchObject({ code: 'http.order-differs' });
});

test.each([
  [{ units }, 422, { code: 'input.invalid', place: 'order.recipe' }],
  [{ recipe: { name: 'none', version: 1 }, units }, 422, { code: 'recipe.unknown' }],
  [{ recipe: { hash: '0'.repeat(64) }, units }, 422, { code: 'recipe.unknown' }],
  [{ recipe: 'own', units: [] }, 422, { code: 'input.invalid', place: 'order.units' }],
  [{ recipe: 'own', units: [{ serial: 'N-1', mac: 'x' }] }, 422, { code: 'input.invalid', place: 'order.units.0.mac' }],
  [{ recipe: 'own', units: [{ serial: 'N-1\nN-2' }] }, 422, { code: 'input.invalid', place: 'order.units.0.serial' }],
  [{ recipe: 'own', units: [{ serial: 'N-1' }], armed: 'proven' }, 422, { code: 'input.invalid' }],
  [{ recipe: 'own', units: [{ serial: 'N-1' }], quantity: 2 }, 422, { code: 'input.invalid', place: 'quantity' }],
  [
    { recipe: 'own', units: [{ serial: 'N-1' }, { serial: 'N-2' }, { serial: 'N-1' }, { serial: 'N 3' }] },
    422,
    {
      code: 'http.order-refused',
      problems: 2,
      errors: [
        { unit: 2, member: 'serial', rule: 'id-once' },
        { unit: 3, member: 'serial', rule: 'id-form' },
      ],
    },
  ],
  [{ recipe: 'own', units: [{ serial: 'M-2' }] }, 422, { errors: [{ unit: 0, rule: 'id-free' }] }],
])('an order that does not fit is refused with its place, and nothing is made: %j', async (body, status, problem) => {
  const answer = await factory.put('wrong', 'recipe' in body && body.recipe === 'own' ? { ...body, recipe } : body);
  requireDescribed('PUT', '/v1/orders/wrong', answer);
  expect(answer).toMatchObject({ status, json: problem });
  expect(factory.line.station.records.units.hasOrder('wrong')).toBe(false);
});

test('a body that is none is refused for what it is', async () => {
  const authorization = `Bearer ${factory.keys.orders}`;
  const put = (headers: Record<string, string>, body: string) =>
    factory.raw('/v1/orders/a', { method: 'PUT', headers: { authorization, ...headers }, body });
  const json = { 'content-type': 'application/json' };
  expect(await put({ 'content-type': 'text/csv' }, 'serial')).toMatchObject({ status: 415 });
  expect(await put({ ...json, 'content-encoding': 'gzip' }, '{}')).toMatchObject({ status: 415 });
  expect(await put(json, '{"recipe":')).toMatchObject({ status: 400, json: { code: 'http.malformed' } });
  expect(await put(json, '\ud800')).toMatchObject({ status: 400 });
  const large = await put(json, `"${'x'.repeat(17 * 1024 * 1024)}"`).catch(() => ({ status: 413 })); // the station hung up on it
  expect(large).toMatchObject({ status: 413 });
  const results = await factory.put('a', {}, factory.keys.results);
  expect(results).toMatchObject({ status: 403, json: { scope: 'orders' } });
  const expecting = await put({ ...json, expect: '100-continue' }, '{}');
  expect(expecting).toMatchObject({ status: 422 });
});
