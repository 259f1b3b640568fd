import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../suites/temporary.ts';

// A station whose disk is full, as people at a terminal meet it: a sentence that says what to do, and no alarm about the log.

const birthmark = join(import.meta.dirname, '..', '..', 'station-core', 'cli.main.ts');
const run = (...args: string[]) => spawnSync(process.execPath, [birthmark, ...args], { encoding: 'utf8' });

const mount = (folder: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder]).status === 0;
/** A file system of its own needs root. */
const mayMount = process.getuid?.() === 0;

/** Takes every byte that is left. */
function fill(file: string): void {
  const into = openSync(file, 'w');
  try {
    for (const size of [65_536, 4_096, 1]) {
      for (const some = Buffer.alloc(size); writeSync(into, some) === size; );
    }
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== 'ENOSPC') throw thrown;
  } finally {
    closeSync(into);
  }
}

test.skipIf(!mayMount)(
  'a full disk is told as such by commands, leaves nothing half made, and is no damage',
  { timeout: 120_000 },
  () => {
    const folder = temporaryFolder();
    expect(mount(folder)).toBe(true);
    onTestFinished(() => void spawnSync('umount', ['--lazy', folder]));
    expect(run('practice', '--units', '2', '--lanes', '1', '--station', folder).status).toBe(0);
    fill(join(folder, 'fill'));
    const listed = run('orders', 'list', '--station', folder);
    expect([listed.status, listed.stderr]).toEqual([2, expect.stringContaining('[store.failed]')]);
    const exported = run('audit', 'export', '--station', folder);
    expect([exported.status, exported.stderr]).toEqual([2, expect.stringContaining('[audit.not-written]')]);
    expect(exported.stderr).not.toMatch(/ at |does not hold/);
    expect(existsSync(join(folder, 'exports')) ? readdirSync(join(folder, 'exports')) : []).toEqual([]);
    rmSync(join(folder, 'fill'));
    const again = run('audit', 'export', '--station', folder, '--json');
    expect([again.status, JSON.parse(again.stdout)]).toEqual([
      0,
      expect.objectContaining({ problems: [], proven: true }),
    ]);
  },
);
