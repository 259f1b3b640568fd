import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Hashes, hashOf } from '../../../electron/hashes.ts';
import { answerPage, pageAddress } from '../../../electron/pages.ts';
import { afterEnd, retry } from '../../../electron/restarts.ts';
import { temporaryFolder } from '../../suites/temporary.ts';

function pages(): string {
  const folder = join(temporaryFolder(), 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'a.js'), '1');
  writeFileSync(join(folder, '..', 'secret.html'), 'no');
  return folder;
}

const answer = (folder: string, url: string, method = 'GET', delivered?: Hashes, altered: string[] = []) =>
  answerPage({ folder, delivered }, { url, method }, (file) => altered.push(file));
const ask = async (folder: string, url: string, method?: string) => (await answer(folder, url, method)).status;

test('the window gets its own page and files, under a policy that lets it reach nothing', async () => {
  const folder = pages();
  expect(await ask(folder, pageAddress)).toBe(200);
  expect(await ask(folder, `${pageAddress}assets/a.js`)).toBe(200);
  const { headers } = await answer(folder, pageAddress);
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*connect-src 'none'/);
});

test.each([
  'https://example.com/',
  'https://birthmark.invalid.example/',
  'http://birthmark.invalid/',
  'file:///etc/passwd',
  `${pageAddress}../secret.html`,
  `${pageAddress}..%2fsecret.html`,
  `${pageAddress}assets/../../secret.html`,
  `${pageAddress}none.html`,
  `${pageAddress}assets/`,
  'no address',
])('%s has no file', async (url) => {
  expect(await ask(pages(), url)).toBe(404);
});

test('nothing but reading is answered', async () => {
  expect(await ask(pages(), pageAddress, 'POST')).toBe(404);
});

test('a screen that is not as it was delivered is told by name and not shown, and neither is one that was added', async () => {
  const folder = pages();
  const delivered = { 'index.html': hashOf(Buffer.from('<!doctype html>')), 'assets/a.js': hashOf(Buffer.from('2')) };
  const altered: string[] = [];
  writeFileSync(join(folder, 'assets', 'b.js'), '1');
  expect((await answer(folder, pageAddress, 'GET', delivered, altered)).status).toBe(200);
  expect(altered).toEqual([]);
  expect((await answer(folder, `${pageAddress}assets/a.js`, 'GET', delivered, altered)).status).toBe(404);
  expect((await answer(folder, `${pageAddress}assets/b.js`, 'GET', delivered, altered)).status).toBe(404);
  expect(altered).toEqual(['assets/a.js', 'assets/b.js']);
});

test('a station that died is started at once, then with growing pauses, and soon again once it was well', () => {
  const pauses: number[] = [];
  let tries = 0;
  for (let death = 0; death < 8; death++) {
    const next = afterEnd({ upForMs: 1_000, problem: undefined }, tries);
    if (next.do !== 'restart') throw new Error('a death without a reason is tried again');
    pauses.push(next.afterMs);
    tries = next.tries;
  }
  expect(pauses[0]).toBe(0);
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(pauses.at(-1)).toBe(10_000);
  expect(retry(60_000, tries)).toEqual({ afterMs: 0, tries: 1 });
});

test('a station that says why it cannot start is shown, not tried in a loop', () => {
  const problem = { code: 'station.held', details: { holder: 'another' } } as const;
  expect(afterEnd({ upForMs: undefined, problem }, 0)).toEqual({ do: 'show', problem });
});
