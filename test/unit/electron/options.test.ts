import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readOptions } from '../../../electron/options.ts';
import { temporaryFolder } from '../../suites/temporary.ts';

const settings = (text: string): string => {
  const profile = temporaryFolder();
  writeFileSync(join(profile, 'desktop.json'), text);
  return profile;
};

test("the station is told what is the station's, and Chromium's own switches are let pass", () => {
  const args = [
    '--no-sandbox',
    '--inspect=0',
    'main.cjs',
    '--practice',
    '--station',
    '/s',
    '--lanes',
    '8',
    '--node',
    '/n',
  ];
  expect(readOptions(args, temporaryFolder())).toEqual({
    kiosk: false,
    node: '/n',
    station: ['--practice', '--station', '/s', '--lanes', '8'],
  });
});

test('practice without a folder gets a fresh one; a station without one has the default', () => {
  const { station } = readOptions(['--practice'], temporaryFolder());
  expect(station.slice(0, 2)).toEqual(['--practice', '--station']);
  const [, , folder = ''] = station;
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(folder).toMatch(/birthmark-practice-/);
  expect(readOptions([], temporaryFolder()).station).toEqual([]);
});

test('a kiosk is asked for by an argument or by the settings', () => {
  expect(readOptions(['--kiosk'], temporaryFolder()).kiosk).toBe(true);
  expect(readOptions([], settings('{"kiosk":true}')).kiosk).toBe(true);
  expect(readOptions([], settings('{}')).kiosk).toBe(false);
});

test.each([
  ['{"kiosk":1}', 'desktop.json.kiosk'],
  ['{"kiosk":true,"full":1}', 'desktop.json'],
  ['{"kiosk":tru', 'desktop.json'],
  ['[]', 'desktop.json'],
])('settings that hold %s are refused at their place', (text, place) => {
  const profile = settings(text);
  expect(() => readOptions([], profile)).toThrow(
    expect.objectContaining({ code: 'input.invalid', details: expect.objectContaining({ place }) as object }),
  );
});
