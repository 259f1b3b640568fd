import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { top } from '../rules/sources.ts';
import { axeInBoth } from './axe.ts';
import { asRoot, type Desktop, openDesktop, openDisplay, runtime } from './desktop.ts';
import { becomePerson, laneLooks, openPlace, scan } from './hosts.ts';
import { shoot, stickingOut } from './screens.ts';

// What the desktop program does beside its page, in a real Electron: place, kiosk, menus, staying awake, files, paper.

let display: Awaited<ReturnType<typeof openDisplay>>;
const folder = mkdtempSync(join(tmpdir(), 'birthmark-window-'));

const open = (name: string, ...more: string[]) =>
  openDesktop(display.name, join(folder, name), 1, 'symmetric-group', more);

/** What the native menu says, a line for each menu. */
const menuOf = ({ app }: Desktop) =>
  app.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()?.items.map(({ label, submenu }) =>
      [label, ...(submenu?.items.map((item) => item.label) ?? [])].join(' | '),
    ),
  );

const state = ({ app }: Desktop) =>
  app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    return window && { kiosk: window.isKiosk(), bounds: window.getBounds(), menu: window.isMenuBarVisible() };
  });

describe.skipIf(runtime === undefined)(
  'the desktop window, beside its page (ELECTRON_OVERRIDE_DIST_PATH)',
  { timeout: 240_000 },
  () => {
    beforeAll(async () => {
      display = await openDisplay();
    });
    afterAll(() => {
      display?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    describe('one that is open', () => {
      let desktop: Desktop;
      beforeAll(async () => {
        desktop = await open('line');
        await desktop.page.getByText('Scan a unit').waitFor();
      });
      afterAll(() => desktop?.app.close());

      test('keeps the computer awake while a lane works, and no longer', async () => {
        await desktop.app.evaluate(({ powerSaveBlocker }) => {
          const calls: string[] = [];
          Object.assign(globalThis, { calls });
          const { start, stop } = powerSaveBlocker;
          powerSaveBlocker.start = (kind) => {
            calls.push(`start ${kind}`);
            return start.call(powerSaveBlocker, kind);
          };
          powerSaveBlocker.stop = (id) => {
            calls.push(`stop ${powerSaveBlocker.isStarted(id)}`);
            return stop.call(powerSaveBlocker, id);
          };
        });
        await scan(desktop.page, 'P1-0001');
        await laneLooks(desktop.page, 1, 'passed');
        const calls = () => desktop.app.evaluate(() => (globalThis as unknown as { calls: string[] }).calls);
        await expect.poll(calls).toEqual(['start prevent-display-sleep', 'stop true']);
      });

      test('saves what its page made, where a person says, and nothing else', async () => {
        const to = join(folder, 'units.csv');
        const saved = desktop.app.evaluate(
          ({ session }, path) =>
            new Promise((resolve) => {
              session.defaultSession.once('will-download', (event, item) => {
                item.setSavePath(path); // in place of the system's dialog
                item.once('done', (_, how) => resolve([how, item.getFilename(), event.defaultPrevented]));
              });
            }),
          to,
        );
        const save = (href: string) =>
          desktop.page.evaluate((url) => {
            const link = document.createElement('a');
            Object.assign(link, { href: url ?? URL.createObjectURL(new Blob(['serial\n'])), download: 'units.csv' });
            link.click();
          }, href || null);
        await save('');
        expect(await saved).toEqual(['completed', 'units.csv', false]);
        expect(readFileSync(to, 'utf8')).toBe('serial\n');
        const prevented = desktop.app.evaluate(
          ({ session }) =>
            new Promise((resolve) => {
              session.defaultSession.once('will-download', (event) => resolve(event.defaultPrevented));
            }),
        );
        await save('data:text/csv,serial');
        expect(await prevented).toBe(true);
      });

      test('puts its page on paper', async () => {
        const pdf = await desktop.app.evaluate(async ({ BrowserWindow }) =>
          (await BrowserWindow.getAllWindows()[0]?.webContents.printToPDF({}))?.toString('latin1').slice(0, 5),
        );
        expect(pdf).toBe('%PDF-');
      });

      test('has its menus in the language of the person, hidden from scanners that type Alt', async () => {
        expect(await menuOf(desktop)).toEqual([
          'File | Print… | Quit Birthmark',
          'View | Reload | Full screen',
          'Help | About Birthmark',
        ]);
        await desktop.page.evaluate(() => window.birthmark?.tell({ language: 'zh' }));
        await expect.poll(() => menuOf(desktop)).toContain('查看 | 重新加载 | 全屏');
        await desktop.page.evaluate(() => window.birthmark?.tell({ language: 'en' }));
        expect(await state(desktop)).toMatchObject({ menu: false, kiosk: false });
      });

      test('drops a word that is none, and goes on', async () => {
        const words: unknown[] = [{ kiosk: 'yes' }, { quit: true }, { kiosk: true, working: true }, null, 'kiosk', []];
        for (const word of words) {
          await desktop.page.evaluate((said) => window.birthmark?.tell(said as never), word);
        }
        await desktop.page.evaluate(() => window.birthmark?.tell({ language: 'es' }));
        await expect.poll(() => menuOf(desktop)).toContain('Ayuda | Acerca de Birthmark');
        expect(await state(desktop)).toMatchObject({ kiosk: false });
      });
    });

    test('comes back where it was, and not where no display is any more', async () => {
      const bounds = { x: 310, y: 120, width: 1300, height: 850 };
      const first = await open('place');
      await first.app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to), bounds);
      await first.app.close();
      const second = await open('place');
      expect((await state(second))?.bounds).toEqual(bounds);
      await second.app.close();
      const file = join(folder, 'place-profile', 'window.json');
      const kept = JSON.parse(readFileSync(file, 'utf8')) as { display: number };
      writeFileSync(file, JSON.stringify({ ...kept, display: kept.display + 1 }));
      const third = await open('place');
      expect((await state(third))?.bounds).toMatchObject({ width: 1280, height: 800 });
      await third.app.close();
    });

    test('as a kiosk it fills the screen and is not closed, until a lead leaves it; its settings may say so', async () => {
      mkdirSync(join(folder, 'kiosk-profile'));
      writeFileSync(join(folder, 'kiosk-profile', 'desktop.json'), '{ "kiosk": true }');
      const desktop = await open('kiosk');
      const close = () => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
      await desktop.page.getByText('Scan a unit').waitFor();
      expect(await state(desktop)).toMatchObject({ kiosk: true, bounds: { x: 0, y: 0, width: 1920, height: 1080 } });
      expect((await menuOf(desktop))?.slice(0, 2)).toEqual(['File | Print…', 'View | Reload']);
      await close();
      expect(await state(desktop)).toMatchObject({ kiosk: true });
      await openPlace(desktop.page, 'This screen');
      expect(await desktop.page.getByRole('button', { name: 'Leave the kiosk' }).count()).toBe(0);
      await becomePerson(desktop.page, 'Lee');
      await openPlace(desktop.page, 'This screen');
      expect(await axeInBoth(desktop.page)).toEqual([]);
      for (const language of ['de', 'zh', 'es', 'en']) {
        await desktop.page.locator('main select').last().selectOption(language);
        await desktop.page.locator(`html[lang="${language}"]`).waitFor();
        await shoot(desktop.page, `desktop-kiosk-${language}`);
        expect(await stickingOut(desktop.page)).toEqual([]);
      }
      await desktop.page.getByRole('button', { name: 'Leave the kiosk' }).press('Enter');
      await expect.poll(() => state(desktop)).toMatchObject({ kiosk: false });
      const gone = desktop.app.waitForEvent('close');
      await close().catch(() => undefined); // the answer may not come any more
      await gone;
    });

    test('settings that are none end it with a sentence that names the place, instead of a desktop where a kiosk was meant', async () => {
      const profile = join(folder, 'mistyped-profile');
      mkdirSync(profile);
      writeFileSync(join(profile, 'desktop.json'), '{ "kiosk": "yes" }');
      const main = join(top, 'build', 'out', 'electron', 'main.cjs');
      const program = spawn(join(runtime ?? '', 'electron'), [...asRoot, `--user-data-dir=${profile}`, main], {
        env: { ...process.env, DISPLAY: display.name },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      for await (const bytes of program.stderr) {
        said += String(bytes);
        if (said.includes('[input.invalid]')) break;
      }
      expect(said).toMatch(/cannot open: .*desktop\.json\.kiosk.*boolean.* \[input\.invalid\]/);
      const ended = once(program, 'exit');
      program.kill('SIGTERM');
      await ended;
    });
  },
);
