import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { logKeyOf } from '../../../../../station-core/audit/heads.ts';
import { verifierKeys } from '../../../../../station-core/audit/note.ts';
import { readPins } from '../../../../../station-core/verifier/note.ts';
import { verify } from '../../../../../station-core/verifier/verify.ts';
import { TestStation } from '../../../../suites/station.ts';

// The whole way: a station, the call, the folder that it wrote, and the verifier, which shares no code with it.

async function line(): Promise<TestStation> {
  const station = await TestStation.open();
  onTestFinished(() => station.close());
  return station;
}

/** What the verifier says of an export under the log's own key. */
function verdictOf(station: TestStation, folder: string) {
  const [key] = station.station.heads.keys();
  if (!key) throw new TypeError('the log has no key');
  const pins = readPins(`${verifierKeys(logKeyOf(key)).join('\n')}\n`);
  return verify(join(station.folder, 'exports', folder), pins);
}

test('a report that a station made is sealed by its log', async () => {
  const station = await line();
  const { labels } = await station.order('symmetric-group', 1);
  await station.scan(1, labels[0] ?? '');
  const { folder, proven } = await station.as('auditor', 'audit.export', { format: 'pdf' });
  expect(proven).toBe(true);
  expect(verdictOf(station, folder)).toMatchObject({ ok: true, problems: [], kind: 'pdf', seal: true });
});

test('the birth certificate of a unit that a station made is sealed by its log, without the name of a person', async () => {
  const station = await line();
  const { labels } = await station.order('tpm', 2);
  const { serial } = await station.scan(1, labels[0] ?? '');
  const { folder } = await station.as('auditor', 'audit.export', { format: 'unit', unit: serial });
  expect(verdictOf(station, folder)).toMatchObject({ ok: true, problems: [], kind: 'unit', seal: true });
  const text = execFileSync('pdftotext', ['-layout', join(station.folder, 'exports', folder, 'unit.pdf'), '-']);
  expect(text.toString()).toMatch(/TPM[\s\S]*Endorsement key, SHA-256 +[0-9a-f]{64}/);
  expect(text.toString()).not.toContain('Tess');
  const json = JSON.parse(readFileSync(join(station.folder, 'exports', folder, 'unit.json'), 'utf8')) as object;
  expect(json).toMatchObject({ v: 1, outcome: 'passed', unit: { serial: { value: serial } } });
});

test('two people may have the names in a birth certificate', async () => {
  const station = await line();
  const { labels } = await station.order('symmetric-individual', 1);
  const { serial } = await station.scan(1, labels[0] ?? '');
  const { folder } = await station.agreed('auditor', 'audit.exportNamed', { format: 'unit', unit: serial });
  expect(verdictOf(station, folder)).toMatchObject({ ok: true, problems: [] });
  const text = execFileSync('pdftotext', [join(station.folder, 'exports', folder, 'unit.pdf'), '-']);
  expect(text.toString()).toContain('Tess Technician (technician)');
});

test('a time cannot cut a birth certificate short, and a unit that was never run has none', async () => {
  const station = await line();
  await station.order('symmetric-group', 1);
  const { value: serial } = station.station.records.db
    .prepare<[], { value: string }>(`SELECT value FROM disclosure WHERE label = 'serial'`)
    .get() as { value: string };
  const to = '2030-01-01T00:00:00.000Z';
  const cut = station.as('auditor', 'audit.export', { format: 'unit', unit: serial, to });
  await expect(cut).rejects.toMatchObject({ code: 'input.invalid' });
  const none = station.as('auditor', 'audit.export', { format: 'unit', unit: serial });
  await expect(none).rejects.toMatchObject({ code: 'export.no-entries' });
});
