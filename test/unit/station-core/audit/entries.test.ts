import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { practiceBatch } from '../../../../station-core/cli/practice.ts';
import { isAuditAction } from '../../../../station-core/contract/audit-actions.ts';
import { type AuditEntry, longestEntry, readEntry } from '../../../../station-core/contract/audit-entry.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { type OpenStation, openStation } from '../../../../station-core/open-station.ts';
import { prepareFolder, recipeNames } from '../../../../station-core/practice.ts';
import { clearValuesIn } from '../../../suites/entries.ts';

const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
let opened: OpenStation;

beforeAll(async () => {
  prepareFolder(folder, 2, 'hub');
  opened = await openStation(folder, {}, 'a test');
});
afterAll(async () => {
  await opened.close();
  rmSync(folder, { recursive: true, force: true });
});

function entries(): AuditEntry[] {
  const { db } = opened.station.records;
  const rows = db.prepare<[], string>('SELECT bytes FROM audit_entry ORDER BY seq').pluck().all();
  return rows.map((bytes) => readEntry(JSON.parse(bytes)));
}

const ofRun = (run: number | undefined) => entries().filter((entry) => entry.run === run);

test.each(recipeNames)(
  'what a whole line writes with recipe %s is as the schema has it, with every step',
  async (recipe) => {
    const { passed, parked } = await practiceBatch(opened.station, { units: 2, lanes: 2, recipe });
    expect([passed, parked]).toEqual([2, 0]);
    const closed = entries().findLast(({ action }) => action === 'run.closed');
    const { journal } = opened.station.records;
    const steps = journal.run(closed?.run ?? 0)?.steps ?? [];
    expect(closed?.details).toMatchObject({ outcome: 'passed', steps: steps.map(({ name: step }) => ({ step })) });
    const trail = ofRun(closed?.run);
    expect(trail.map(({ action }) => action)).toEqual(expect.arrayContaining(['run.opened', 'run.closed']));
    expect(trail.every(({ lane, order, actor, unit }) => lane && order && actor && unit?.serial)).toBe(true);
  },
);

test('no entry names a unit or a person in clear', () => {
  const { db } = opened.station.records;
  const known = db.prepare<[], string>('SELECT DISTINCT label FROM disclosure').pluck().all();
  expect(known).toEqual(expect.arrayContaining(['person', 'serial', 'registrationId', 'mac', 'endorsementKey']));
  expect(clearValuesIn(db)).toEqual([]);
});

test('a value in clear would be found', async () => {
  const { records, audit } = opened.station;
  const spoiled = records.commits.commit(() => {
    const serial = records.db.prepare<[], string>(`SELECT value FROM disclosure WHERE label = 'serial'`).pluck().get();
    audit.append({ action: 'ca.retired', result: 'ok', details: { issuer: `of ${serial?.toLowerCase()}` } });
    expect(clearValuesIn(records.db)).toContainEqual(expect.stringMatching(/^a serial in entry \d+, ca.retired$/));
    throw new StationError('run.empty', { what: 'the end of a test' });
  });
  await expect(spoiled).rejects.toMatchObject({ code: 'run.empty' });
});

test('the records fit each other, the events of every run its closing entry', async () => {
  expect(await fsck(folder)).toEqual([]);
});

test('an entry that is too long is refused, and its act with it', async () => {
  const { records, audit } = opened.station;
  const before = audit.head().entries;
  const act = records.commits.commit(() => {
    records.holds.set('a target', { until: 1, failures: 1, error: { code: 'run.empty', details: {} } });
    audit.append({ action: 'ca.retired', result: 'ok', details: { issuer: 'x'.repeat(longestEntry) } });
  });
  await expect(act).rejects.toMatchObject({ code: 'audit.too-long', blame: 'bug' });
  expect([audit.head().entries, records.holds.all().size]).toEqual([before, 0]);
});

test.each([
  ['another action', { action: 'run.began' }, /action/],
  ['a member more', { person: 'Tess' }, /entry: .*person/],
  ['a detail more', { details: { issuer: 'a', serial: '1' } }, /details: .*serial/],
  ['a detail less', { details: {} }, /details.issuer/],
  ['a name instead of a commitment', { actor: 'Lee Lead' }, /actor/],
  ['a unit in clear', { unit: { serial: 'P1-0001' } }, /unit.serial/],
  ['another version', { v: 2 }, /v/],
])('the schema refuses %s', (_, change, place) => {
  const good = entries()[0];
  const entry = { ...good, action: 'ca.retired', details: { issuer: 'a' } };
  expect(readEntry(entry)).toEqual(entry);
  expect(() => readEntry({ ...entry, ...change })).toThrow(place);
  expect(isAuditAction('ca.retired') && !isAuditAction('toString')).toBe(true);
});
