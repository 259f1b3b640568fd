import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../../station-core/clock.ts';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { dayMs, duePeople } from '../../../../station-core/privacy/due.ts';
import { TestStation } from '../../../suites/station.ts';
import { tracesOf } from '../../../suites/traces.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open();
});
afterAll(() => line.close());

const inDays = (days: number) => ({ ...systemClock, now: () => Date.now() + days * dayMs });
const erasures = () => line.entries().filter(({ action }) => action === 'privacy.erased');
const serials = () =>
  line.station.records.db
    .prepare<[], string>(`SELECT value FROM disclosure WHERE label = 'serial' AND value IS NOT NULL`)
    .pluck()
    .all();

test('units are erased when their period is over and not before, but for those under a hold', async () => {
  const { labels } = await line.order('symmetric-individual', 5);
  const [held = '', unmade = '', ...others] = labels;
  for (const label of [held, ...others]) await line.scan(1, label);
  await line.as('technician', 'sync.run', {});
  await line.agreed('security-officer', 'privacy.hold', { scope: 'unit', name: held, reason: 'a claim' });
  mkdirSync(join(line.folder, 'logs'), { recursive: true });
  const log = join(line.folder, 'logs', 'station.jsonl');
  writeFileSync(
    log,
    `{"@timestamp":"2020-01-01T00:00:00.000Z","message":"old"}\n{"@timestamp":"2999-01-01T00:00:00.000Z","message":"new"}\n`,
  );
  await line.stop();
  await line.start({ clock: inDays(29), retention: { unitsDays: 30, logsDays: 10 } });
  await line.stop();
  expect(readFileSync(log, 'utf8')).toBe('{"@timestamp":"2999-01-01T00:00:00.000Z","message":"new"}\n');
  await line.start({ clock: inDays(31), retention: { unitsDays: 30 } });
  await expect.poll(() => erasures().length, { timeout: 20_000 }).toBe(1);
  expect(erasures()[0]).toMatchObject({ details: { reason: 'retention', units: 3 } });
  await expect.poll(() => tracesOf(line.folder, others), { timeout: 20_000 }).toEqual([]);
  expect(serials().sort()).toEqual([held, unmade].sort());
  expect(await fsck(line.folder)).toEqual([]);
});

test('people are due when the trail tells nothing of them for long', async () => {
  const { db } = line.station.records;
  expect(await duePeople(db, new Date(Date.now() - dayMs).toISOString())).toEqual([]);
  const all = await duePeople(db, new Date(Date.now() + 40 * dayMs).toISOString());
  expect(all.sort()).toEqual(['Ada Auditor', 'Lee Lead', 'Sol Security', 'Tess Technician']);
  const from = new Date().toISOString();
  await line.as('technician', 'orders.arm', { order: 'none' }).catch(() => undefined);
  expect(await duePeople(db, from)).not.toContain('Tess Technician');
});
