import { expect, test } from 'vitest';
import { takenIn } from '../../../../station-core/orders/taken.ts';
import { ClosedRuns } from '../../../../station-core/store/closed-runs.ts';
import { Disclosures } from '../../../../station-core/store/disclosure.ts';
import type { Db } from '../../../../station-core/store/open.ts';
import { Quarantine } from '../../../../station-core/store/quarantine.ts';
import { UnitList } from '../../../../station-core/store/unit-list.ts';
import { addRuns, historyOf } from '../../../suites/order-history.ts';

const serials = (rows: readonly { readonly serial: string }[]) => rows.map(({ serial }) => serial);

test('pages of an order hold each of its units once, in its sequence, and none of another order', () => {
  const list = new UnitList(historyOf([3, 7, 2]));
  const all: string[] = [];
  for (
    let rows = list.page(2, undefined, 0, 3);
    rows.length > 0;
    rows = list.page(2, undefined, rows.at(-1)?.unit ?? 0, 3)
  ) {
    all.push(...serials(rows));
  }
  expect(all).toEqual([4, 5, 6, 7, 8, 9, 10].map((n) => `P-${String(n).padStart(7, '0')}`));
  expect(list.page(9, undefined, 0, 3)).toEqual([]);
});

test('pages of a state hold the units in it, each with its newest run', () => {
  const db = historyOf([5]);
  const run = { order: 1, unit: 2, opened: 0, closed: 1_000 } as const;
  addRuns(db, [
    { ...run, outcome: 'failed', code: 'unit.silent' },
    { ...run, closed: 2_000, outcome: 'passed' },
  ]);
  const list = new UnitList(db);
  expect(list.page(1, 'finished', 0, 10)).toEqual([
    {
      unit: 2,
      serial: 'P-0000002',
      registrationId: null,
      state: 'finished',
      finishedAt: '1970-01-01T00:00:02.000Z',
      scrappedAt: null,
      last: { run: 2, lane: 1, at: '1970-01-01T00:00:02.000Z', outcome: 'passed' },
    },
  ]);
  expect(list.page(1, 'waiting', 0, 10)).toHaveLength(4);
  expect(list.page(1, 'waiting', 3, 10)).toMatchObject([{ unit: 4, last: null }, { unit: 5 }]);
});

test('a unit is found by how its serial begins, in its order alone; more than fit are told', () => {
  const list = new UnitList(historyOf([5, 30]));
  expect(serials(list.find(2, 'P-000003', 50).rows)).toEqual([30, 31, 32, 33, 34, 35].map((n) => `P-00000${n}`));
  expect(list.find(2, 'P-', 50)).toMatchObject({ more: false });
  expect(list.find(2, 'P-', 29)).toMatchObject({ more: true });
  expect(list.find(1, 'Q', 50)).toEqual({ rows: [], more: false });
  expect(list.find(1, 'P-0000006', 50).rows).toEqual([]);
});

test('a serial that was erased has its place in the list, and nobody finds it', () => {
  const db = historyOf([2]);
  db.exec(`UPDATE disclosure SET value = NULL, salt = NULL WHERE value = 'P-0000001'`);
  const list = new UnitList(db);
  expect(serials(list.page(1, undefined, 0, 5))).toEqual(['(erased)', 'P-0000002']);
  expect(serials(list.find(1, 'P', 5).rows)).toEqual(['P-0000002']);
});

test('a unit in quarantine is told with the run that brought it there and how often it was tried since', () => {
  const db = historyOf([2, 2]);
  const run = { order: 1, opened: 0, outcome: 'indeterminate', code: 'link.lost' } as const;
  addRuns(db, [
    { ...run, unit: 1, closed: 1_000 },
    { ...run, unit: 3, closed: 2_000 },
    { ...run, unit: 3, closed: 3_000, outcome: 'failed', code: 'unit.silent' },
  ]);
  db.exec(`UPDATE unit SET state = 'quarantined' WHERE id IN (1, 3)`);
  const quarantine = new Quarantine(db, new Disclosures(db));
  expect(quarantine.units({ order: null, after: 0, most: 10 })).toMatchObject([
    { unit: 1, serial: 'P-0000001', order: 'O-1', run: 1, lane: 1, tries: 0, error: { code: 'link.lost' } },
    { unit: 3, order: 'O-2', run: 2, at: '1970-01-01T00:00:02.000Z', tries: 1, error: { code: 'link.lost' } },
  ]);
  expect(quarantine.units({ order: 2, after: 0, most: 10 })).toMatchObject([{ unit: 3 }]);
  expect(quarantine.units({ order: null, after: 1, most: 10 })).toMatchObject([{ unit: 3 }]);
});

/** Every statement that the readers prepare, with how SQLite would answer it. */
function plansOf(read: (db: Db) => void): { sql: string; steps: string[] }[] {
  const db = historyOf([2]);
  const plans: { sql: string; steps: string[] }[] = [];
  const spied = new Proxy(db, {
    get(target, name) {
      if (name !== 'prepare') {
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? (member as () => unknown).bind(target) : member;
      }
      return (sql: string) => {
        const names = [...new Set([...sql.matchAll(/@(\w+)/g)].map(([, one = '']) => one))];
        const values = names.length > 0 ? Object.fromEntries(names.map((one) => [one, 1])) : 1;
        const rows = target.prepare<[unknown], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(values);
        plans.push({ sql, steps: rows.map(({ detail }) => detail) });
        return target.prepare(sql);
      };
    },
  });
  read(spied);
  return plans;
}

test('no list and no figure of orders reads a whole table', () => {
  const plans = plansOf((db) => {
    new ClosedRuns(db);
    new UnitList(db);
    new Quarantine(db, new Disclosures(historyOf([1])));
    takenIn(db);
  });
  expect(plans.length).toBeGreaterThan(8);
  const tables =
    /^SCAN (run|unit|s|r|o|work_order|journal|disclosure|outbox|e|t|f|l)\b(?! USING INDEX unit_quarantined)/;
  expect(plans.filter(({ steps }) => steps.some((step) => tables.test(step)))).toEqual([]);
});
