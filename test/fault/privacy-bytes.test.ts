import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLog } from '../../station-core/audit/verify.ts';
import { fsck } from '../../station-core/fsck/fsck.ts';
import { openLog } from '../../station-core/log.ts';
import type { RecipeName } from '../../station-core/practice.ts';
import { unitOf } from '../../station-core/privacy/subject.ts';
import { top } from '../rules/sources.ts';
import { TestStation } from '../suites/station.ts';
import { tracesOf } from '../suites/traces.ts';

// Units and people are erased from a station with history, and their names are looked for in every byte of its folder.

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ log: openLog });
});
afterAll(() => line.close());

/** Makes units of a recipe, one of them with the wrong label, and answers what names the first one. */
async function made(recipe: RecipeName, units: number): Promise<{ serial: string; values: string[] }> {
  const { labels } = await line.order(recipe, units, (index) => index === 1);
  for (const [index, label] of labels.entries()) await line.scan(1 + (index % 2), label);
  await line.as('technician', 'sync.run', {});
  const [serial = ''] = labels;
  const values = unitOf(line.station.records.db, serial).values.map(({ value }) => value);
  return { serial, values };
}

async function content(): Promise<void> {
  expect(await fsck(line.folder)).toEqual([]);
  expect(await verifyLog(line.station.records.db)).toMatchObject({ ok: true });
}

test.each(['symmetric-group', 'symmetric-individual', 'tpm', 'symmetric-sealed', 'symmetric-channel'] as const)(
  'no byte of a unit that was made by %s is left after it was erased',
  async (recipe) => {
    const { serial, values } = await made(recipe, 4);
    expect(values.length).toBeGreaterThan(1);
    expect(tracesOf(line.folder, [serial]).length).toBeGreaterThan(0);
    await line.agreed('security-officer', 'privacy.erase', { subject: { unit: serial }, reason: 'asked by its owner' });
    expect(tracesOf(line.folder, values)).toEqual([]);
    await content();
  },
);

test('exports that were made after an erasure name nobody who was erased, and a verifier is content with them', async () => {
  const { serial, values } = await made('symmetric-individual', 2);
  const pin = Buffer.from('7777');
  await line.station.operators.add('Jo Example', 'technician', pin);
  for (const subject of [{ unit: serial }, { person: 'Jo Example' }]) {
    await line.agreed('security-officer', 'privacy.erase', { subject, reason: 'asked' });
  }
  for (const format of ['jsonl', 'csv', 'tiles'] as const) {
    const made = await (format === 'tiles'
      ? line.as('auditor', 'audit.export', { format })
      : line.agreed('security-officer', 'audit.exportNamed', { format }));
    const { folder } = made;
    const verifier = join(top, 'station-core', 'verifier', 'verify.main.ts');
    const { status, stdout } = spawnSync(process.execPath, [verifier, '--json', join(line.folder, 'exports', folder)]);
    expect([format, status, status === 0 ? '' : String(stdout)]).toEqual([format, 0, '']);
  }
  expect(tracesOf(line.folder, [...values, 'Jo Example'])).toEqual([]);
});

test('of a unit with a certificate only that is left, and it was said before', async () => {
  const { serial, values } = await made('x509-individual', 2);
  const subject = { unit: serial };
  const { kept } = await line.agreed('security-officer', 'privacy.erase', { subject, reason: 'asked' });
  expect(kept.map(({ what }) => what)).toContain(
    'certificates of this station, with what was to be signed and their requests',
  );
  const traces = tracesOf(line.folder, values);
  expect(traces.filter((trace) => !trace.startsWith('station.db: '))).toEqual([]);
  // The CN alone, which is the registration ID and holds the serial here, in DER: of the certificate, of its TBS and of its request.
  const { db } = line.station.records;
  const columns = db
    .prepare<[], { name: string; columns: string }>(
      `SELECT m.name, group_concat(p.name) AS columns FROM sqlite_schema m, pragma_table_info(m.name) p
       WHERE m.type = 'table' GROUP BY m.name`,
    )
    .all();
  const named = columns.flatMap(({ name, columns: all }) =>
    all
      .split(',')
      .filter((column) => {
        const sql = `SELECT count(*) FROM "${name}" WHERE instr(lower(CAST("${column}" AS BLOB)), lower(?)) > 0`;
        return db.prepare<[string], number>(sql).pluck().get(serial) !== 0;
      })
      .map((column) => `${name}.${column}`),
  );
  expect(named.sort()).toEqual(['certificate.csr', 'certificate.der', 'certificate.tbs']);
  await content();
});
