import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { modeOf } from '../../station-core/open-station.ts';
import { isToSetUp } from '../../station-core/setup/setup-host.ts';
import { top } from '../rules/sources.ts';
import { long } from '../suites/seed.ts';
import { temporaryFolder } from '../suites/temporary.ts';

const count = long ? 60 : 3;
/** A kill after so many milliseconds, spread over the making, which takes a few seconds. */
const kills = Array.from({ length: count }, (_, index) => (index * 4_000) / count);
const plan = { mode: 'practice', name: 'bench', lanes: [{ lane: 1, kind: 'simulated' }] };

/** Starts the station process on a folder, and asks it to make a station there. */
async function making(folder: string) {
  const child = fork(join(top, 'station-core', 'host.main.ts'), ['--station', folder], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await once(child, 'message');
  child.send({ channel: 1, message: { id: 1, call: 'setup.create', params: plan } });
  return child;
}

test('a set-up that is killed at any moment leaves no station or a whole one, and the next one makes it', async () => {
  const folder = join(temporaryFolder(), 'line');
  for (const afterMs of kills) {
    if (!isToSetUp(folder)) break;
    const child = await making(folder);
    const done = once(child, 'message');
    await Promise.race([done, new Promise((resolve) => setTimeout(resolve, afterMs))]);
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    if (isToSetUp(folder)) expect(existsSync(folder)).toBe(false);
    else expect(modeOf(folder)).toBe('practice');
  }
  if (!isToSetUp(folder)) return;
  const child = await making(folder);
  expect((await once(child, 'message'))[0]).toMatchObject({ message: { result: { station: 'bench' } } });
  expect(modeOf(folder)).toBe('practice');
  expect(readdirSync(dirname(folder))).toEqual(['line']);
  const exit = once(child, 'exit');
  child.disconnect();
  expect(await exit).toEqual([0, null]);
}, 600_000);
