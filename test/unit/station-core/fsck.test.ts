import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyOf, type Damage, findingsAfter } from '../../suites/damaged.ts';
import { TestStation } from '../../suites/station.ts';

/** A station's database after a few units of both kinds: passed, failed, uploaded and waiting. */
let folder: string;
beforeAll(async () => {
  const line = await TestStation.open({ lanes: 1 });
  const group = await line.order('symmetric-group', 3, (index) => index === 2);
  for (const label of group.labels) await line.scan(1, label);
  const sent = await line.order('symmetric-individual', 2);
  for (const label of sent.labels) await line.scan(1, label);
  await line.as('lead', 'sync.run', {});
  line.emulator.switches.offline = true;
  const waiting = await line.order('symmetric-individual', 2);
  await line.scan(1, waiting.labels[0] ?? '');
  await line.stop();
  folder = copyOf(line);
  await line.start();
  await line.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const after = (sql: string, owned = false) => findingsAfter(folder, sql, owned);

test('fsck is content with what a station left behind', async () => {
  expect(await after('SELECT 1')).toEqual([]);
});

const firstSent = `(SELECT id FROM outbox WHERE state = 'done' AND action = 'create' ORDER BY id LIMIT 1)`;
const damages: readonly Damage[] = [
  [
    'an entry with other bytes',
    `UPDATE audit_entry SET bytes = replace(bytes, '"ok"', '"no"') WHERE seq = 5`,
    /damage, audit: audit entry 5/,
  ],
  [
    'an entry that is gone',
    `DELETE FROM audit_entry WHERE seq = 7`,
    /damage, audit: audit entry 7: entry 7 is missing/,
  ],
  [
    'an hour that hides entries from searches',
    `UPDATE audit_hour SET last = last - 1`,
    /damage, lookUps: the hour .*: it has other entries/,
  ],
  [
    'another value behind a commitment',
    `UPDATE disclosure SET value = value || '-' WHERE label = 'serial'`,
    /damage, disclosures: disclosure \d+: its value is not/,
  ],
  ['a salt that is gone alone', `UPDATE disclosure SET salt = NULL WHERE id = 3`, /damage, disclosures: disclosure 3/],
  [
    "another outcome in a run's row",
    `UPDATE run SET outcome = 'failed' WHERE id = 1`,
    /damage, runs: run 1: its row says failed, its journal passed/,
  ],
  [
    'a journal without its end',
    `DELETE FROM journal WHERE run = 1 AND body LIKE '%closed%'`,
    /damage, runs: run 1: its row says passed, its journal open/,
  ],
  [
    'a journal without its beginning',
    `DELETE FROM journal WHERE n = (SELECT min(n) FROM journal WHERE run = 1)`,
    /damage, runs: run 1: its journal begins with/,
  ],
  [
    'an event that says something else than it did',
    `UPDATE journal SET body = replace(body, '"storage":"file"', '"storage":"tee"') WHERE run = 1`,
    /damage, runs: run 1: its events are not those that the audit trail has the hash of/,
  ],
  ['a run without a journal', `DELETE FROM journal WHERE run = 2`, /damage, runs: run 2: it has a row and no event/],
  [
    'a pass with a step that did not end',
    `DELETE FROM journal WHERE run = 1 AND body LIKE '%ended%prove%'`,
    /damage, runs: run 1: it passed although its step prove is running/,
  ],
  [
    'a run that the audit does not know',
    `INSERT INTO run (id, unit, lane, opened_at, closed_at, outcome) VALUES (99, 1, 1, 't', 't', 'failed')`,
    /damage, runs: run 99: the audit trail says 0 times that it was opened/,
  ],
  [
    'a unit that is finished and never passed',
    `UPDATE unit SET state = 'finished' WHERE state = 'waiting'`,
    /damage, units: unit \d+: it is finished and no run of it passed/,
  ],
  [
    'a unit that passed and is not finished',
    `UPDATE unit SET state = 'waiting' WHERE id = 1`,
    /damage, units: unit 1: a run of it passed and it is waiting/,
  ],
  [
    'an order that counts wrongly',
    `UPDATE work_order SET finished = finished + 1 WHERE id = 1`,
    /damage, units: order practice-1: it says 3 finished units and has 2/,
  ],
  [
    'a recipe that was changed',
    `UPDATE recipe SET bytes = replace(bytes, '"lock":false', '"lock":true')`,
    /damage, units: recipe symmetric-group: its bytes/,
  ],
  [
    'a credential that nobody released',
    `UPDATE credential SET operation = randomblob(16) WHERE id = 1`,
    /damage, credentials: credential 1: it is proven and the audit trail has no release/,
  ],
  [
    'a credential with another secret',
    `UPDATE credential SET fingerprint = randomblob(32) WHERE id = 1`,
    /damage, credentials: credential 1/,
  ],
  [
    'a released credential that is gone',
    `DELETE FROM credential WHERE id = 1`,
    /damage, credentials: audit entry \d+: it releases a credential that the store does not have/,
  ],
  [
    'a secret that should be destroyed',
    `UPDATE credential SET sealed = x'00' WHERE state = 'destroyed'`,
    /damage, credentials: credential \d+: its secret is kept although it is destroyed/,
  ],
  [
    'a secret that is lost',
    `UPDATE credential SET sealed = NULL WHERE source = 'random'`,
    /damage, credentials: credential \d+: it is random and not destroyed, and its secret is not kept/,
  ],
  [
    'a derived key that is kept',
    `UPDATE credential SET sealed = x'00' WHERE source = 'derived'`,
    /damage, credentials: credential \d+: it is derived and yet a secret is kept/,
  ],
  [
    'a credential that ended although its unit did not',
    `UPDATE credential SET ended = 'shipped' WHERE id = 1`,
    /damage, ends: credential 1: it is shipped and should be open/,
  ],
  [
    'a unit that left without a word',
    `INSERT INTO shipped (unit, at) VALUES (1, 't')`,
    /damage, ends: unit 1: it was shipped and the audit trail does not say so/,
  ],
  [
    'a unit that nobody let go on',
    `INSERT INTO unit_pass (unit, kind, run, at) VALUES (1, 'rework', 1, 't')`,
    /damage, ends: unit 1: a lead let it go on \(rework\) and the audit trail does not say so/,
  ],
  [
    'a credential that names another one than it took the place of',
    `UPDATE credential SET replaces = 1 WHERE id = 2`,
    /damage, ends: credential 2: it does not name the credential of its unit before it/,
  ],
  [
    'a receipt that is gone',
    `UPDATE outbox SET receipt = NULL WHERE id = ${firstSent}`,
    /damage, outbox: outbox row \d+: it is done without a receipt/,
  ],
  [
    'a row that says that it was sent',
    `UPDATE outbox SET state = 'done', receipt = '{}' WHERE state = 'queued'`,
    /damage, outbox: outbox row \d+: it is done and the audit trail does not say so/,
  ],
  [
    'a receipt that the outbox forgot',
    `UPDATE outbox SET state = 'queued' WHERE id = ${firstSent}`,
    /damage, outbox: audit entry \d+: it tells of a receipt that the outbox does not have/,
  ],
  [
    'a unit that the cloud will never hear of',
    `DELETE FROM outbox WHERE state = 'queued'`,
    /damage, outbox: unit \d+: it is finished and nothing tells the cloud of it/,
  ],
  [
    'a tally that is wrong',
    `UPDATE outbox_tally SET rows = 7 WHERE state = 'done'`,
    /damage, outbox: backlog: the tally says 7 rows done/,
  ],
  [
    'a row that points nowhere',
    `UPDATE unit SET serial = 9999 WHERE id = 1`,
    /damage, database: unit 1: points to a row of disclosure/,
  ],
];
test.each(damages)('%s is found and explained', async (_, sql, finding) => {
  expect(await after(sql)).toEqual(expect.arrayContaining([expect.stringMatching(finding)]));
});

const interrupted = `
  INSERT INTO run (id, unit, lane, opened_at) SELECT 50, id, 1, 't' FROM unit WHERE state = 'waiting' LIMIT 1;
  INSERT INTO journal (run, body) VALUES (50, '{"type":"opened","at":"t","lane":1,"plan":[]}')`;

test('an interrupted run is open, not damaged, and is no finding while a station works on it', async () => {
  expect(await after(interrupted)).toContain('open, runs: run 50: it was interrupted; the next start closes it');
  expect(await after(interrupted, true)).not.toContain(
    'open, runs: run 50: it was interrupted; the next start closes it',
  );
});

test('no finding names a person or a unit in clear', async () => {
  for (const [, sql] of damages)
    expect((await after(sql)).join('\n')).not.toMatch(/P\d-0\d{3}|Tess|(?:[\da-f]{2}:){3}/i);
});
