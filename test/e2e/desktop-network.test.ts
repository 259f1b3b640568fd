import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { top } from '../rules/sources.ts';
import { asRoot, openDisplay, openProgram, practiceArgs, runtime } from './desktop.ts';
import { scan } from './hosts.ts';

// No surprise connections: every connect() of the desktop program, of Chromium's processes and of the station, while a unit is
// made on the practice line. Left to itself, Electron asks for a dictionary at Google's.

test.skipIf(runtime === undefined)(
  'the desktop program speaks to nobody but this computer, and asks no name server (ELECTRON_OVERRIDE_DIST_PATH)',
  { timeout: 240_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'birthmark-network-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const display = await openDisplay();
    onTestFinished(() => display.close());
    const [trace, program] = [join(folder, 'trace'), join(folder, 'traced')];
    const strace = `exec strace -f --seccomp-bpf -qq -e trace=connect -o ${trace}`;
    writeFileSync(program, `#!/bin/sh\n${strace} ${join(runtime ?? '', 'electron')} "$@"\n`, { mode: 0o755 });
    const main = join(top, 'build', 'out', 'electron', 'main.cjs');
    const line = practiceArgs(join(folder, 'line'), 1);
    const { app, page } = await openProgram(display.name, program, [
      ...asRoot,
      main,
      ...line,
      '--node',
      process.execPath,
    ]);
    await page.getByText('Scan a unit').waitFor({ timeout: 60_000 });
    await scan(page, 'P1-0001');
    // Whatever becomes of it: under the tracer a unit may well be too slow.
    await page
      .locator('[data-lane="1"]:is([data-look="passed"], [data-look="failed"], [data-look="errored"])')
      .waitFor();
    await app.close();
    const calls = readFileSync(trace, 'utf8').split('\n');
    expect(calls.filter((call) => call.includes('AF_UNIX')).length).toBeGreaterThan(0);
    // The emulator of the practice line is on this computer.
    const away = calls.filter((call) => call.includes('AF_INET') && !call.includes('inet_addr("127.0.0.1")'));
    expect(away).toEqual([]);
  },
);
