import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { openStore } from '../../../../station-core/store/open.ts';
import { openRecords } from '../../../../station-core/store/records.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';
import { Desk } from './ca-parts.ts';

type Row = { readonly registrationId: string; readonly serial: string; readonly verdict: string };

test('what was made is looked up, changed and compared from the command line', async () => {
  const desk = new Desk(temporaryFolder());
  await desk.json('practice', '--units', '3', '--recipe', 'symmetric-individual');
  const compared = await desk.run('sync', 'reconcile', '--registrations', '--out', 'all.csv');
  expect([compared.code, compared.out]).toEqual([0, '3 enrolled\n']);
  const rows = parse<Row>(readFileSync(desk.file('all.csv')), { columns: true });
  expect(rows.map(({ verdict }) => verdict)).toEqual(['enrolled', 'enrolled', 'enrolled']);
  const taken = await desk.run('sync', 'reconcile', '--out', 'all.csv');
  expect([taken.code, taken.err]).toEqual([2, expect.stringContaining('all.csv')]);

  const { serial = '', registrationId = '' } = rows[0] ?? {};
  expect((await desk.run('units', 'disable', serial)).out).toContain(`${serial}: disabled`);
  expect((await desk.run('sync', 'run')).code).toBe(0);
  writeFileSync(desk.file('changes.json'), '{"initialTwin":{"tags":{"site":"Gda\u0144sk"}}}');
  expect((await desk.run('units', 'reprovision', serial, '--changes', 'changes.json')).code).toBe(0);
  writeFileSync(desk.file('wrong.json'), '{"attestation":{"type":"none"}}');
  const wrong = await desk.run('units', 'reprovision', serial, '--changes', 'wrong.json');
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('wrong.json')]);
  expect((await desk.run('units', 'enable', 'nobody')).err).toContain('[unit.unknown]');
  expect((await desk.run('units', 'deprovision', serial)).err).toContain('The device in its IoT hub is not touched');
  expect((await desk.run('sync', 'run')).code).toBe(0);
  const after = await desk.json('sync', 'reconcile');
  expect(after).toMatchObject({ counts: { enrolled: 2, gone: 1 }, rows: [] });
  const listed = (await desk.run('orders', 'list')).out;
  expect(listed).toMatch(/3 of 3 made with .+, [\d.]+ cloud operations/);
  expect((await desk.run('groups', 'delete', 'g', '--confirm', 'h')).code).toBe(1);
  expect(registrationId).not.toBe('');
}, 120_000);

test('rows that wait for a person are shown, discarded only by their name, and retried', async () => {
  const desk = new Desk(temporaryFolder());
  await desk.json('practice', '--units', '2', '--recipe', 'symmetric-individual');
  expect((await desk.run('sync', 'parked')).out).toBe('No row waits for a person.\n');
  const db = openStore(desk.file('station'), 'owner');
  const records = openRecords(db);
  const reason = { code: 'cloud.different', details: { what: 'keys', etag: 'abc' } } as const;
  const parked = await records.commits.commit(() =>
    ['one', 'two'].map((registrationId) => {
      const row = { target: 'dps', registrationId, action: 'delete', body: {}, credential: null, dueMs: 0 } as const;
      const id = records.outbox.queue(row);
      records.outbox.park(id, reason);
      return String(id);
    }),
  );
  const [one = '', two = ''] = parked;
  db.close();
  const shown = (await desk.run('sync', 'parked')).out;
  expect(shown).toMatch(
    new RegExp(`^${one} {2}delete {2}one: .+\\n {4}the other entry's etag: abc\\n${two} {2}delete {2}two: `),
  );
  const other = await desk.run('sync', 'discard', one, '--confirm', 'two');
  expect([other.code, other.err]).toEqual([1, expect.stringContaining(`Row ${one} is of one, not of two`)]);
  expect((await desk.run('sync', 'discard', one, '--confirm', 'one')).code).toBe(0);
  expect((await desk.run('sync', 'replace', two, '--etag', 'abc')).err).toContain('[sync.not-replaceable]');
  expect((await desk.run('sync', 'retry', two)).code).toBe(0);
  expect((await desk.run('sync', 'retry', '99')).err).toContain('[sync.not-parked]');
  expect(await desk.json('sync', 'run')).toMatchObject({ queued: 0, parked: 0 });
  expect((await desk.run('fsck')).code).toBe(0);
}, 120_000);
