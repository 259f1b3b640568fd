import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exportOf, logOf, reworded } from '../../../suites/audit-edits.ts';
import { pairs } from '../../../suites/audit-export.ts';
import { newPair, type Pair, verifierKeys } from '../../../suites/audit-log.ts';
import { written } from '../../../suites/audit-verified.ts';

const launcher = join(import.meta.dirname, '../../../../build/birthmark-verify.mjs');
const elsewhere = mkdtempSync(join(tmpdir(), 'birthmark-auditor-'));
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

/** As an auditor would: from an empty folder, with nothing in the environment. */
function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], {
    cwd: elsewhere,
    env: {},
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function keyFile(text: string): string {
  const path = join(elsewhere, 'key');
  writeFileSync(path, text);
  return path;
}

const [first] = pairs as [Pair];
const { origin } = logOf({ entries: 2 });

test('an export that holds ends with 0 and says what was checked, and under which key', () => {
  const folder = written(exportOf());
  const { status, stdout, stderr } = run('--key', keyFile(verifierKeys(origin, first)), folder);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Everything that was checked holds\.\n/);
  expect(stdout).toMatch(/40 entries of the log by the newest head; not yet sealed: 0\n/);
  expect(stdout).toMatch(/key +SHA-256 [0-9a-f]{64}\n +the key that you gave vouches for it/);
  expect(run(folder).stdout).toContain('self-consistent only');
});

test('an export that does not hold ends with 1 and names the entry', () => {
  const folder = written(reworded(exportOf(), 'entries.jsonl', 17, (line) => line.replace('autumn', 'summer')));
  const { status, stdout } = run(folder);
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /^THIS EXPORT DOES NOT HOLD\. 2 problems:\n {2}entry 17 \(entries\.jsonl, line 18\): entry 17 is not/,
  );
  const json = run('--json', folder);
  expect([json.status, json.stdout.split('\n').length]).toEqual([1, 2]);
  expect(JSON.parse(json.stdout)).toMatchObject({ schema: 1, ok: false, kind: 'jsonl', problems: [{ entry: 17 }, {}] });
});

test.each([
  ['no folder', [], /give one folder/],
  ['two folders', ['a', 'b'], /give one folder/],
  ['a folder that is not there', ['nowhere'], /ENOENT/],
  ['an option that there is not', ['--force', 'nowhere'], /--force/],
  ['a key file that is not there', ['--key', 'nowhere', '.'], /key file nowhere/],
  ['a key file that is none', ['--key', launcher, '.'], /no verifier key/],
])('%s ends with 2 and a sentence', (_, args, why) => {
  const { status, stdout, stderr } = run(...args);
  expect([status, stdout, stderr]).toEqual([2, '', expect.stringMatching(/^birthmark-verify: could not look: .+\n$/)]);
  expect(stderr).toMatch(why);
  expect(JSON.parse(run('--json', ...args).stdout)).toMatchObject({ schema: 1, ok: false });
});

test('another key ends with 1, and --help with 0', () => {
  const folder = written(exportOf());
  const { status, stdout } = run('--key', keyFile(verifierKeys(origin, newPair())), folder);
  expect([status, stdout]).toEqual([1, expect.stringContaining('signed by another key')]);
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('birthmark-verify [--key FILE]') });
  expect(run('.')).toMatchObject({ status: 1, stdout: expect.stringContaining('manifest.json: it is missing') });
});
