import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decide, type Surroundings } from '../../../build/start.ts';

const around = (change: Partial<Surroundings> = {}): Surroundings => ({
  platform: 'linux',
  env: { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: '/runtime' },
  has: (path) => path.startsWith(join('/runtime')),
  isRoot: false,
  ...change,
});

test('with a runtime and a display the window opens on the practice line', () => {
  const start = decide(['--lanes', '8'], around());
  expect(start).toMatchObject({ in: 'window', electron: join('/runtime', 'electron') });
  expect(start.args.slice(-3)).toEqual(['--practice', '--lanes', '8']);
  expect(start.args).not.toContain('--no-sandbox');
});

test('as root on Linux the sandbox is off, since Chromium would not start', () => {
  expect(decide([], around({ isRoot: true })).args[0]).toBe('--no-sandbox');
  expect(decide([], around({ isRoot: true, platform: 'darwin', has: () => true })).args).not.toContain('--no-sandbox');
});

const browsers: readonly [string, string[], Partial<Surroundings>, RegExp][] = [
  ['when asked', ['--browser', '--lanes', '2'], {}, /as asked/],
  ['with options that only the browser line has', ['--port', '8080'], {}, /no such options/],
  ['with an option that there is not', ['--lane', '8'], {}, /no such options/],
  ['without a display', [], { env: { ELECTRON_OVERRIDE_DIST_PATH: '/runtime' } }, /no display/],
  ['without a runtime', [], { has: () => false }, /no Electron runtime/],
];
test.each(browsers)('%s the browser opens', (_, asked, change, why) => {
  const start = decide(asked, around(change));
  expect(start).toMatchObject({ in: 'browser', why: expect.stringMatching(why) as string });
  expect(start.args).not.toContain('--browser');
});

test('a display of Wayland counts, and so does a runtime that the npm package downloaded', () => {
  const env = { WAYLAND_DISPLAY: 'wayland-0' };
  expect(decide([], around({ env, has: (path) => path.includes(join('node_modules', 'electron', 'dist')) })).in).toBe(
    'window',
  );
});
