import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { qrModules } from '../../../../../station-core/audit/report/qr.ts';
import { ReportLog } from '../../../../suites/report-log.ts';

const textOf = (file: string): string => execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
const infoOf = (file: string): string => execFileSync('pdfinfo', [file], { encoding: 'utf8' });

/** A day on the line: units that pass, one that fails and passes, one that stays broken; a refusal; an act of two people. */
function day(): ReportLog {
  const log = new ReportLog();
  const lead = { actor: log.of('person', 'Jürgen Groß'), role: 'lead' };
  const two = { ...lead, approver: log.of('person', '张伟') };
  log.append(
    { ...lead, action: 'order.created', result: 'ok', order: 'O-1', details: { recipe: 'ab'.repeat(32), quantity: 4 } },
    { ...lead, action: 'order.armed', result: 'ok', order: 'O-1', details: { armed: 'accepted' } },
  );
  log.run({ serial: 'GW-1', uploaded: true, kind: 'x509' });
  log.run({ serial: 'GW-2', outcome: 'failed', reason: 'unit.serial-mismatch' });
  log.run({ serial: 'GW-2' });
  log.run({ serial: 'GW-3', outcome: 'indeterminate', reason: 'run.interrupted' });
  log.append(
    {
      ...lead,
      action: 'call.refused',
      result: 'refused',
      reason: 'person.not-allowed',
      details: { method: 'ca.revoke' },
    },
    { ...two, action: 'approval.used', result: 'ok', details: { method: 'clock.confirm' } },
    { ...two, action: 'clock.confirmed', result: 'ok', details: { at: 'a', before: 'b' } },
  );
  log.sign();
  log.append({ action: 'software.stopped', result: 'ok' });
  return log;
}

/** The keys of the log are new each time: what follows from them is not compared. */
const masked = (text: string): string =>
  text
    .replace(/^.*[—–-] birthmark\/line-3.*\n(.*[A-Za-z0-9+/=]{8,}\n)?/gm, '    (signature)\n')
    .replace(/[A-Za-z0-9+/]{43}=/g, '(root)')
    .replace(/\b[0-9a-f]{50,60}\n +[0-9a-f]{4,14}\n/g, '(key)\n');

test('the report of a day reads as it should', async () => {
  const folder = await day().export('pdf', { named: true });
  const text = textOf(join(folder, 'report.pdf'));
  await expect(masked(text)).toMatchFileSnapshot('../../../../golden/report.txt');
});

test('the same log makes the same bytes, and a tagged document with title, language and numbered pages', async () => {
  const log = day();
  const [one, two] = [await log.export('pdf'), await log.export('pdf')].map((folder) => join(folder, 'report.pdf'));
  expect(readFileSync(one as string).equals(readFileSync(two as string))).toBe(true);
  expect(infoOf(one as string)).toMatch(/Title: +Audit report of station line-3[\s\S]*Tagged: +yes/);
  const pages = Number(/Pages: +(\d+)/.exec(infoOf(one as string))?.[1]);
  expect(textOf(one as string).match(/Page \d+ of \d+/g)).toEqual(
    Array.from({ length: pages }, (_, at) => `Page ${at + 1} of ${pages}`),
  );
});

test('without the agreement of two people no name and no serial number is in the report', async () => {
  const file = join(await day().export('pdf'), 'report.pdf');
  expect(textOf(file)).not.toMatch(/GW-1|gw-1|Jürgen|张伟|Tess/);
  expect(textOf(join(await day().export('pdf', { named: true }), 'report.pdf'))).toMatch(/GW-1[\s\S]*/);
});

test('characters that cannot be shown, or would turn the text around, stand as their code points', async () => {
  const log = new ReportLog();
  log.append({
    action: 'operator.signed-in',
    result: 'ok',
    actor: log.of('person', 'Eve\u{202E}exe \u{1F600} عمر Ω Ж'),
  });
  const text = textOf(join(await log.export('pdf', { named: true }), 'report.pdf'));
  expect(text).toMatch(/Eve<U\+202E>exe <U\+1F600>[\s\S]*<U\+0639><U\+0645><U\+0631>\s+Ω\s*Ж/);
});

test('a part of the log says what was asked for, and counts nothing else', async () => {
  const log = day();
  log.run({ serial: 'GW-9', order: 'O-2' });
  const text = textOf(join(await log.export('pdf', { filter: { order: 'O-2' } }), 'report.pdf'));
  expect(text).toMatch(/Asked for +order O-2/);
  expect(text).toMatch(/Entries +3 of /);
  expect(text.replace(/\s+/g, ' ')).toContain('4 entries after it not yet');
});

test('more units than fit are counted, and the report says where the others are', async () => {
  const log = new ReportLog();
  log.db.transaction(() => {
    for (let n = 0; n < 2_003; n++) {
      const unit = { serial: log.of('serial', `U${n}`) };
      log.audit.append({ action: 'run.opened', result: 'ok', run: n, order: 'O', unit });
    }
  })();
  const text = textOf(join(await log.export('pdf'), 'report.pdf'));
  expect(text).toContain('The first 2,000 of 2,003 units are listed; the CSV and JSONL exports hold all of them.');
});

test('a log that is damaged says so on its first page', async () => {
  const log = day();
  log.db.exec('DROP TRIGGER audit_is_append_only_u');
  log.db.exec(`UPDATE audit_entry SET bytes = 'nonsense' WHERE seq = 5`);
  const text = textOf(join(await log.export('pdf'), 'report.pdf'));
  expect(text).toMatch(/The log is damaged\. entry 5: its bytes are not those of its hash/);
  expect(text).toMatch(/Damaged entries: 5\./);
});

test.each([
  ['cut', `substr(note, 1, 40)`],
  ['of another size', `replace(note, char(10) || '19' || char(10), char(10) || '18' || char(10))`],
  ['no text at all', `'' || zeroblob(3000)`],
])('a head that is damaged (%s) is shown as what it is', async (_, note) => {
  const log = day();
  log.db.exec('DROP TRIGGER audit_head_is_signed_once');
  log.db.exec(`UPDATE audit_head SET note = ${note}`);
  const text = textOf(join(await log.export('pdf'), 'report.pdf'));
  expect(text).toMatch(/The newest head is not signed by the key that the log names/);
  expect(text).toMatch(/Signature +DOES NOT HOLD/);
});

test('the code on the paper is the one of the signed checkpoint, module for module', async () => {
  const log = day();
  const folder = await log.export('pdf');
  const modules = qrModules(readFileSync(join(folder, 'checkpoint'), 'utf8'));
  const rows = (code: readonly (readonly boolean[])[]) => code.map((row) => row.map((on) => (on ? '#' : '.')).join(''));
  expect(rows(pictureOf(join(folder, 'report.pdf'), modules.length))).toEqual(rows(modules));
});

/** Looks at the page as a camera would: what is dark and what is white, in the middle of each module. */
function pictureOf(file: string, modules: number): boolean[][] {
  const page = String(
    textOf(file)
      .split('\f')
      .findIndex((text) => text.includes('7 Checkpoint')) + 1,
  );
  const points = 288 / 72;
  const shot = execFileSync('pdftoppm', ['-gray', '-r', '288', '-f', page, '-l', page, file], { maxBuffer: 2 ** 26 });
  const [header, width] = /^P5\s+(\d+)\s+\d+\s+255\s/.exec(shot.subarray(0, 40).toString('latin1')) ?? ['', '0'];
  const dark = (x: number, y: number) =>
    (shot[header.length + Math.round(y * points) * Number(width) + Math.round(x * points)] ?? 255) < 128;
  // The code stands at the right edge of the text, 126 points wide with its quiet zone of four modules. Its top is where the
  // finder pattern, seven dark modules, goes down from.
  const module = 126 / (modules + 8);
  const left = 595.28 - 51 - 126 + 4 * module;
  let top = 64;
  const finder = () => [0, 1, 2, 3, 4, 5, 6].every((row) => dark(left + module / 2, top + (row + 0.05) * module));
  while (top < 800 && !finder()) top += 0.05;
  const all = Array.from({ length: modules }, (_, at) => at + 0.5);
  return all.map((row) => all.map((column) => dark(left + column * module, top + row * module)));
}
