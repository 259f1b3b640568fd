import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { AuditLog } from '../../../station-core/audit/log.ts';
import { systemClock } from '../../../station-core/clock.ts';
import { noteStart } from '../../../station-core/starting.ts';
import { openStore } from '../../../station-core/store/open.ts';
import { TestStation } from '../../suites/station.ts';
import { temporaryFolder } from '../../suites/temporary.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
});
afterAll(() => line.close());

const of = (action: string) => line.entries().filter((entry) => entry.action === action);
const newest = (action: string) => of(action).at(-1);

test('the first start says that there was none before, and on what it runs', () => {
  const { version, platform, arch } = process;
  const details = { lastStop: 'none', node: version, platform: `${platform}-${arch}` };
  expect(newest('software.started')).toMatchObject({ clock: 'unknown', details });
  expect(newest('hsm.found')).toMatchObject({ result: 'ok', details: { state: 'ready', kind: 'soft' } });
  expect(of('config.changed')).toEqual([]);
});

test.each([
  ['nothing but its start', [], 'unclean'],
  ['an act', ['sync.asked'], 'unclean'],
  ['its stop', ['sync.asked', 'software.stopped'], 'clean'],
  ['its stop, and what was done with the closed log', ['software.stopped', 'audit.stopped'], 'clean'],
  ['its stop and another start', ['software.stopped', 'software.started'], 'unclean'],
] as const)('a start after one that left %s says how it ended', (_, actions, lastStop) => {
  const db = openStore(temporaryFolder(), 'owner');
  onTestFinished(() => void db.close());
  const now = () => ({ at: '2026-01-02T03:04:05.006Z', mono: 7, trust: 'unknown' as const });
  const writer = { station: 's', origin: 'o', boot: 'b', software: '0', config: 'c', now };
  const audit = new AuditLog(db, writer);
  db.transaction(() => {
    for (const action of ['software.started', ...actions] as const) audit.append({ action, result: 'ok' });
    noteStart({ db, clock: systemClock, configHash: 'c' }, audit, undefined);
  })();
  const bytes = db.prepare<[], string>('SELECT bytes FROM audit_entry ORDER BY seq DESC LIMIT 1').pluck().get();
  // The other version wrote last.
  expect(JSON.parse(bytes ?? '')).toMatchObject({ action: 'software.started', details: { lastStop, before: '0' } });
});

test('another configuration is an entry with both hashes, the same one is none', async () => {
  await line.stop();
  await line.start({ configHash: 'another' });
  expect(of('config.changed')).toMatchObject([{ config: 'another', details: { before: 'test', after: 'another' } }]);
  await line.stop();
  await line.start({ configHash: 'another', place: { line: '3', room: 'K 12' }, clockTrust: () => 'unsynchronised' });
  expect(of('config.changed').length).toBe(1);
  const place = { line: '3', room: 'K 12' };
  expect(newest('software.started')).toMatchObject({ place, clock: 'unsynchronised' });
});

test('a clock that was set back while the station was off is told at the start, and one that is set while it runs at once', async () => {
  await line.stop();
  let moved = -3_600_000;
  await line.start({ clock: { ...systemClock, now: () => Date.now() + moved } });
  expect(of('clock.jumped')).toMatchObject([{ details: { seen: 'start' } }]);
  const [{ details } = {}] = of('clock.jumped');
  expect((details as { bySeconds: number }).bySeconds).toBeLessThanOrEqual(-3_590);
  moved = 0;
  await line.as('lead', 'sync.run', {});
  await line.station.records.commits.commit(() => undefined);
  expect(newest('clock.jumped')).toMatchObject({ details: { seen: 'running', bySeconds: 3_600 } });
});
