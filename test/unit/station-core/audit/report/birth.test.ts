import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeExport } from '../../../../../station-core/audit/export/write.ts';
import { leafHash, verifyInclusion } from '../../../../../station-core/audit/merkle.ts';
import { parseCheckpoint } from '../../../../../station-core/audit/note.ts';
import { ReportLog } from '../../../../suites/report-log.ts';
import { TestStation } from '../../../../suites/station.ts';

const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');
const linesOf = (folder: string, name: string) => read(folder, name).split('\n').slice(0, -1);
const textOf = (folder: string): string =>
  execFileSync('pdftotext', ['-layout', join(folder, 'unit.pdf'), '-'], { encoding: 'utf8' });

type Unit = {
  readonly outcome: string;
  readonly entry: number;
  readonly unit: { readonly serial: { readonly value: string } };
  readonly runs: readonly { readonly outcome: string }[];
  readonly certificate?: { readonly subject: string; readonly sha256: string };
  readonly recipe?: { readonly name: string };
};
const unitOf = (folder: string): Unit => JSON.parse(read(folder, 'unit.json')) as Unit;

/** A log with three units; GW-2 failed and passed. */
function log(): ReportLog {
  const made = new ReportLog();
  made.run({ serial: 'GW-1' });
  made.run({ serial: 'GW-2', outcome: 'failed', reason: 'unit.silent', by: 'Jürgen' });
  made.run({ serial: 'GW-2', kind: 'x509' });
  made.run({ serial: 'GW-3', outcome: 'indeterminate', reason: 'run.interrupted' });
  made.sign();
  return made;
}

const certificateOf = (made: ReportLog, serial: string, named = false, order?: string): Promise<string> =>
  made.export('unit', { named, filter: { unit: made.of('serial', serial), ...(order ? { order } : {}) } });

test('a unit that failed and passed is born of the run that passed, on one page', async () => {
  const folder = await certificateOf(log(), 'GW-2');
  const { outcome, entry, runs, unit } = unitOf(folder);
  expect(unit.serial.value).toBe('GW-2');
  expect(runs.map((run) => run.outcome)).toEqual(['failed', 'passed']);
  expect({ outcome, entry }).toEqual({ outcome: 'passed', entry: 10 });
  expect(textOf(folder)).toMatch(/Birth certificate[\s\S]*GW-2[\s\S]*Passed[\s\S]*Page 1 of 1/);
});

test('the tlog-proof shows that the entry with the outcome is under the checkpoint (C2SP tlog-proof)', async () => {
  const folder = await certificateOf(log(), 'GW-2');
  const [proof = '', note = ''] = read(folder, 'unit.tlog-proof').split(/\n\n(.*)/s);
  const [magic, index, ...hashes] = proof.split('\n');
  expect([magic, index]).toEqual(['c2sp.org/tlog-proof@v1', 'index 10']);
  expect(note).toBe(read(folder, 'checkpoint'));
  const { size, root } = parseCheckpoint(note);
  const entry = linesOf(folder, 'entries.jsonl').find((line) => line.includes('"seq":10,')) ?? '';
  const path = hashes.map((hash) => Buffer.from(hash, 'base64'));
  expect(verifyInclusion(10, size, leafHash(entry), path, root)).toBe(true);
});

test('the values of the unit open their commitments; people are named only where two people agreed', async () => {
  const made = log();
  const [plain, named] = [await certificateOf(made, 'GW-2'), await certificateOf(made, 'GW-2', true)];
  type Opened = { commitment: string; label: string; salt: string; value: string };
  const opened = (folder: string) => linesOf(folder, 'disclosures.jsonl').map((line) => JSON.parse(line) as Opened);
  for (const { commitment, label, salt, value } of opened(named)) {
    const mac = createHmac('sha256', Buffer.from(salt, 'base64')).update(JSON.stringify({ [label]: value }));
    expect(commitment).toBe(`hmac-sha256:${mac.digest('base64')}`);
  }
  expect(
    opened(plain)
      .map(({ value }) => value)
      .sort(),
  ).toEqual(['GW-2', 'gw-2']);
  expect(
    opened(named)
      .map(({ value }) => value)
      .sort(),
  ).toEqual(['GW-2', 'Jürgen', 'Tess', 'gw-2']);
  expect(opened(named).map(({ commitment }) => commitment)).toEqual(
    opened(named)
      .map(({ commitment }) => commitment)
      .sort(),
  );
  expect(textOf(plain)).not.toContain('Jürgen');
  expect(textOf(named)).toContain('Jürgen');
});

test('no other unit is in the folder of a unit', async () => {
  const folder = await certificateOf(log(), 'GW-2', true);
  const all = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  expect(all.filter((text) => /GW-[13]|gw-[13]/.test(text))).toEqual([]);
});

test('a unit that did not pass has the certificate of how its last run ended', async () => {
  const folder = await certificateOf(log(), 'GW-3');
  expect(unitOf(folder)).toMatchObject({ outcome: 'indeterminate' });
  expect(textOf(folder)).toMatch(/Indeterminate[\s\S]*nothing was released to it/);
});

test('what came after the run that passed stands where nobody overlooks it', async () => {
  const made = log();
  made.run({ serial: 'GW-2', outcome: 'indeterminate', reason: 'run.interrupted' });
  const unit = { serial: made.of('serial', 'GW-2') };
  made.append({ action: 'unit.scrapped', result: 'ok', order: 'O-1', unit, details: { why: 'broken' } });
  made.sign();
  const folder = await certificateOf(made, 'GW-2');
  expect(unitOf(folder)).toMatchObject({ outcome: 'passed', entry: 10, after: [{ action: 'unit.scrapped' }] });
  expect(textOf(folder)).toMatch(/After it was made: run 5 ended indeterminate[\s\S]*unit\.scrapped/);
});

test('a certificate that no head covers is refused', async () => {
  const made = log();
  made.run({ serial: 'GW-4' });
  await expect(certificateOf(made, 'GW-4')).rejects.toMatchObject({ code: 'audit.unsigned' });
});

test('a serial number of two orders is refused until an order is named, one that was never run always', async () => {
  const made = log();
  made.run({ serial: 'GW-1', order: 'O-2' });
  made.sign();
  made.of('serial', 'GW-7');
  await expect(certificateOf(made, 'GW-1')).rejects.toMatchObject({ code: 'unit.ambiguous' });
  await expect(certificateOf(made, 'GW-7')).rejects.toMatchObject({ code: 'export.no-entries' });
  expect(unitOf(await certificateOf(made, 'GW-1', false, 'O-2'))).toMatchObject({ order: 'O-2', outcome: 'passed' });
});

test('of a real unit the certificate is the one of the station, and another in its place is not taken', async () => {
  const station = await TestStation.open();
  onTestFinished(() => station.close());
  const { labels } = await station.order('x509-individual', 1);
  const run = await station.scan(1, labels[0] ?? '');
  expect(run.outcome).toBe('passed');
  await station.station.sealing.sign('asked');
  const { db } = station.station.records;
  const exported = async (name: string): Promise<string> => {
    const out = join(station.folder, name);
    const unit = station.station.records.disclosures.put('serial', run.serial).commitment;
    const order = {
      kind: 'unit',
      filter: { unit },
      named: false,
      madeAt: '2026-11-27T12:00:00.000Z',
      problems: [],
    } as const;
    const schema = { expected: '', found: '' };
    await writeExport({ db, out, order, schema, wrongDisclosures: [], software: '0', progress: () => undefined });
    return out;
  };
  const { certificate } = unitOf(await exported('good'));
  const der = db.prepare<[], Buffer>(`SELECT der FROM certificate WHERE purpose = 'leaf'`).pluck().get() as Buffer;
  expect(certificate?.sha256).toBe(createHash('sha256').update(der).digest('hex'));
  expect(certificate?.subject).toBe(`CN=${run.registrationId}`);
  db.exec('DROP TRIGGER certificate_der_is_kept');
  const other = db
    .prepare<[], Buffer>(`SELECT der FROM certificate WHERE purpose <> 'leaf' AND der IS NOT NULL`)
    .pluck();
  db.prepare(`UPDATE certificate SET der = ? WHERE purpose = 'leaf'`).run(other.get());
  expect(unitOf(await exported('bad')).certificate).toBeUndefined();
});
