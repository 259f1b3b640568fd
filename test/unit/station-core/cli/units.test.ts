import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../suites/temporary.ts';
import { Desk } from './ca-parts.ts';

// `birthmark unit`, as a person runs it; every command opens a station with its stand-ins.

test('a unit is looked up, shipped by its label, replaced by two people, scrapped, and none is left open', async () => {
  const desk = new Desk(temporaryFolder());
  await desk.json('practice', '--units', '2', '--recipe', 'symmetric-individual');
  const open = await desk.json('unit', 'open');
  expect(open).toMatchObject({ schema: 1, next: null, units: [{ standing: 'finished' }, { standing: 'finished' }] });
  const [one = '', two = ''] = (open as { units: { serial: string }[] }).units.map(({ serial }) => serial);

  const shown = (await desk.run('unit', 'show', one)).out;
  expect(shown).toMatch(new RegExp(`^${one}\\n {2}order .+\\n {2}state +finished since .+\\n`));
  expect(shown).toMatch(/credential +[0-9a-f]{32}, open\n/);
  expect(shown).toMatch(/may +ship, rework --replace, scrap\n/);
  expect(await desk.run('unit', 'show', 'nobody')).toMatchObject({
    code: 2,
    err: expect.stringContaining('unit.unknown'),
  });

  const wrong = await desk.run('unit', 'ship', one, '--scanned', two);
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('[packing.label]')]);
  // AIM's identifier of GS1 DataMatrix, a GTIN, then the serial, as the packing screen reads it.
  const gs1 = (serial: string) => `]d2010400638133393121${serial}`;
  const another = await desk.run('unit', 'ship', one, '--scanned', gs1(two));
  expect([another.code, another.err]).toEqual([2, expect.stringContaining('[packing.label]')]);
  const bare = await desk.run('unit', 'ship', one, '--scanned', ']d20104006381333931');
  expect([bare.code, bare.err]).toEqual([2, expect.stringContaining('[scan.no-serial]')]);
  const badge = await desk.run('unit', 'ship', one, '--scanned', 'BM-P-1-1');
  expect([badge.code, badge.err]).toEqual([2, expect.stringContaining("--scanned: expected a unit's label")]);
  const shipped = await desk.json('unit', 'ship', one, '--scanned', gs1(one));
  expect(shipped).toEqual({ schema: 1, serial: one, change: 'shipped' });

  expect((await desk.run('unit', 'rework', two)).err).toContain('[unit.needs-replacement]');
  expect((await desk.run('unit', 'rework', two, '--replace')).out).toContain('brings another credential');
  expect((await desk.run('unit', 'open')).out).toMatch(new RegExp(`^${two} {2}.+ {2}waiting {2}since .+\\n$`));
  expect((await desk.run('unit', 'scrap', two, '--reason', 'unspecified')).out).toContain(`${two} is scrapped`);
  const none = await desk.run('unit', 'open');
  expect([none.code, none.out]).toEqual([0, 'Every credential came to its end.\n']);
  expect((await desk.run('fsck')).code).toBe(0);
}, 300_000);

test('without its reason a unit is not released, and an order without a first unit has none to approve', async () => {
  const desk = new Desk(temporaryFolder());
  await desk.json('practice', '--units', '1', '--recipe', 'symmetric-group');
  const [order = { name: '' }] = ((await desk.json('orders', 'list')) as { orders: { name: string }[] }).orders;
  const unreasoned = await desk.run('unit', 'release', 'x');
  expect([unreasoned.code, unreasoned.err]).toEqual([1, expect.stringContaining('--reason')]);
  expect((await desk.run('recipes', 'approve-first', order.name)).err).toContain('[input.invalid]');
  expect((await desk.run('unit', 'open', '--limit', '501')).err).toContain('1 to 500');
}, 300_000);
