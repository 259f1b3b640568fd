import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fuses } from '../../build/package-fuses.ts';
import { pageAddress } from '../../electron/pages.ts';
import { sources, top } from '../rules/sources.ts';
import { type Desktop, hasSaid, openDesktop, openDisplay, runtime } from './desktop.ts';

// Electron's own security list (https://www.electronjs.org/docs/latest/tutorial/security), item by item, on the running
// program: whatever our page would try if it were not ours any more. Its sandbox as an ordinary user, its connections, and the fuses of
// the packaged program: desktop-sandbox.test.ts,
// desktop-network.test.ts, desktop-package.test.ts.

let display: Awaited<ReturnType<typeof openDisplay>>;
let desktop: Desktop;
const folder = mkdtempSync(join(tmpdir(), 'birthmark-security-'));

/** Runs code in the page's own world, as a script of it would; past its policy, so that the other walls are met. */
const run = (code: string): Promise<unknown> =>
  desktop.app.evaluate(
    ({ BrowserWindow }, source) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(source, true),
    code,
  );

type Told = { getLastWebPreferences(): Record<string, unknown> };

/** What Electron was told about the page. */
const preferences = () =>
  desktop.app.evaluate(({ webContents }) =>
    (webContents.getAllWebContents()[0] as unknown as Told).getLastWebPreferences(),
  );

const where = () => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());
const windows = () => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

/** The directive of our policy that stopped it, or what it came to. */
const violated = (code: string) =>
  run(`new Promise((resolve) => {
    document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true });
    try { ${code} } catch (thrown) { resolve(String(thrown)); }
    setTimeout(() => resolve('nothing stopped it'), 3000);
  })`);

describe.skipIf(runtime === undefined)(
  "Electron's security list, on the running program (ELECTRON_OVERRIDE_DIST_PATH)",
  { timeout: 90_000 },
  () => {
    beforeAll(async () => {
      display = await openDisplay();
      desktop = await openDesktop(display.name, join(folder, 'station'), 1);
      await desktop.page.getByText('Scan a unit').waitFor();
    });
    afterAll(async () => {
      await desktop?.app.close();
      display?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    test('1, 8, 18: nothing comes from a network or from a file: only our own name, answered by the program itself', async () => {
      const loaded = (await run(`performance.getEntriesByType('resource').map(({ name }) => name)`)) as string[];
      expect(loaded.length).toBeGreaterThan(1);
      expect(loaded.filter((url) => !url.startsWith(pageAddress))).toEqual([]);
      expect(await where()).toBe(pageAddress);
      // Past the page's policy, from the session itself.
      const reached = await desktop.app.evaluate(async ({ session }) => {
        const urls = [
          'http://127.0.0.1:1/',
          'https://example.com/',
          'file:///etc/passwd',
          'https://birthmark.invalid/',
        ];
        const answers = urls.map(async (url) => {
          const answer = await session.defaultSession.fetch(url).catch(() => undefined);
          return answer?.ok === true;
        });
        return Promise.all(answers);
      });
      expect(reached).toEqual([false, false, false, true]);
      expect(await preferences()).not.toMatchObject({ allowRunningInsecureContent: true });
    });

    test('2, 3, 4, 6, 9, 10: no Node anywhere, isolated, sandboxed, same origin kept, nothing experimental', async () => {
      const set = await preferences();
      expect(set).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true });
      for (const on of ['nodeIntegrationInWorker', 'nodeIntegrationInSubFrames', 'experimentalFeatures', 'webviewTag'])
        expect([on, set[on] ?? false]).toEqual([on, false]);
      expect([set.enableBlinkFeatures ?? '', set.disableBlinkFeatures ?? '']).toEqual(['', '']);
      const node = `[typeof require, typeof process, typeof module, typeof Buffer, typeof global].join()`;
      expect(await run(node)).toBe('undefined,undefined,undefined,undefined,undefined');
      // What the page does to its own world does not reach the preload's.
      const tampered = `(() => {
        const kept = globalThis.MessageChannel;
        globalThis.MessageChannel = class { constructor() { throw new Error('tampered'); } };
        try { return Object.keys(window.birthmark.connect()).join(); } finally { globalThis.MessageChannel = kept; }
      })()`;
      expect(await run(tampered)).toBe('send,onMessage,onClose,close');
    });

    test('5: no permission is given, and no device can be asked for', async () => {
      const names = [
        'geolocation',
        'notifications',
        'camera',
        'microphone',
        'midi',
        'clipboard-read',
        'storage-access',
      ];
      const asked = await run(
        `Promise.all(${JSON.stringify(names)}.map((name) => navigator.permissions.query({ name }).then(({ state }) => state, () => 'unknown')))`,
      );
      expect((asked as string[]).filter((state) => state === 'granted' || state === 'prompt')).toEqual([]);
      const devices = await run(`(async () => {
        const given = (asking) => asking.then(() => 'given', () => 'denied');
        return Promise.all([
          given(navigator.mediaDevices.getUserMedia({ audio: true })),
          given(navigator.mediaDevices.getDisplayMedia({ video: true })),
          Notification.requestPermission(),
          given(navigator.serial.requestPort()),
          given(navigator.usb.requestDevice({ filters: [] })),
          given(navigator.hid.requestDevice({ filters: [] }).then((found) => found[0] ?? Promise.reject())),
        ]);
      })()`);
      expect((devices as string[]).filter((one) => one !== 'denied')).toEqual([]);
    });

    test('7: the policy lets no script, style, frame, worker, image, form or connection in but our own files', async () => {
      const policy = await desktop.app.evaluate(
        async ({ session }, url) => (await session.defaultSession.fetch(url)).headers.get('content-security-policy'),
        pageAddress,
      );
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; .*connect-src 'none';.*frame-ancestors 'none'/);
      expect(policy).not.toMatch(/unsafe/);
      const inline = `const s = document.createElement('script'); s.append('window.pwned = 1'); document.head.append(s);`;
      expect(await violated(inline)).toMatch(/script-src|trusted/i);
      expect(await run(`typeof window.pwned`)).toBe('undefined');
      expect(await violated(`eval('1')`)).toMatch(/script-src|trusted|EvalError/i);
      const frame = `const f = document.createElement('iframe'); f.src = 'https://example.com/'; document.body.append(f);`;
      expect(await violated(frame)).toBe('frame-src');
      expect(await violated(`fetch('https://example.com/').catch(() => 0);`)).toBe('connect-src');
      expect(await violated(`new WebSocket('wss://example.com/');`)).toMatch(/connect-src|SecurityError/);
      expect(await violated(`new Worker(URL.createObjectURL(new Blob(['1'])));`)).toMatch(/worker-src|trusted/i);
      const image = `const i = new Image(); i.src = 'http://127.0.0.1:1/x.png'; document.body.append(i);`;
      expect(await violated(image)).toBe('img-src');
      const form = `const f = document.createElement('form'); f.action = 'https://example.com/'; document.body.append(f); f.submit();`;
      expect(await violated(form)).toBe('form-action');
    });

    test('11, 12: there is no webview to put anything into', async () => {
      const made = `(() => { const view = document.createElement('webview'); view.src = 'https://example.com/'; document.body.append(view);
        return [view.constructor.name, view.shadowRoot === null].join(); })()`;
      expect(await run(made)).toBe('HTMLElement,true');
      expect(await desktop.app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
    });

    test('13: the page leaves its place by no way', async () => {
      const ways = [
        `location.href = 'https://example.com/'`,
        `location.replace('file:///etc/passwd')`,
        `location.assign('/assets/')`,
        `const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = '0;url=https://example.com/'; document.head.append(m)`,
        `const a = document.createElement('a'); a.href = 'http://127.0.0.1:1/'; document.body.append(a); a.click()`,
      ];
      for (const way of ways) await run(`try { ${way} } catch {}; 1`).catch(() => undefined);
      await desktop.page.waitForTimeout(500);
      expect(await where()).toBe(pageAddress);
      expect(await run(`document.body.textContent.includes('Scan a unit')`)).toBe(true);
    });

    test('14: nothing opens another window', async () => {
      for (const url of ['https://example.com/', '/', 'about:blank', 'javascript:1', `blob:${pageAddress}x`])
        expect([url, await run(`window.open(${JSON.stringify(url)}) === null`)]).toEqual([url, true]);
      await run(
        `const a = document.createElement('a'); a.href = '/'; a.target = '_blank'; document.body.append(a); a.click(); 1`,
      );
      expect(await windows()).toBe(1);
    });

    test('15: nothing is handed to the system to open: the shell of Electron is in no source of the window', () => {
      const window = sources().filter((path) => path.startsWith('electron/'));
      expect(window.length).toBeGreaterThan(8);
      expect(
        window.filter((path) =>
          /import [^;]*\bshell\b[^;]* from 'electron'|openExternal/.test(readFileSync(join(top, path), 'utf8')),
        ),
      ).toEqual([]);
    });

    test('16: the Electron that is shipped is a pinned one; the code keeps to what this runtime has, too', async () => {
      const { devDependencies } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as {
        devDependencies: Record<string, string>;
      };
      expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
      const here = await desktop.app.evaluate(() => Number(process.versions.electron?.split('.')[0]));
      expect(here).toBeGreaterThanOrEqual(33);
    });

    test('17: a message from elsewhere than our own page is dropped, though it has the same preload', async () => {
      const dropped = hasSaid(desktop.app, /a message from elsewhere than our own page was dropped/);
      const kiosk = await desktop.app.evaluate(
        async ({ BrowserWindow }, [preload, url]) => {
          const [ours] = BrowserWindow.getAllWindows();
          const other = new BrowserWindow({
            show: false,
            webPreferences: { preload, sandbox: true, contextIsolation: true },
          });
          await other.loadURL(url as string);
          await other.webContents.executeJavaScript(
            `window.birthmark.tell({ kiosk: true }); window.birthmark.connect(); 1`,
          );
          other.destroy();
          return ours?.isKiosk();
        },
        [join(top, 'build', 'out', 'electron', 'preload.cjs'), pageAddress] as const,
      );
      await dropped;
      expect(kiosk).toBe(false);
    });

    test('19: every fuse of the list is set where Electron says so (desktop-package.test.ts reads them back)', () => {
      expect(fuses).toMatchObject({
        RunAsNode: false,
        EnableNodeOptionsEnvironmentVariable: false,
        EnableNodeCliInspectArguments: false,
        GrantFileProtocolExtraPrivileges: false,
        EnableCookieEncryption: true,
        EnableEmbeddedAsarIntegrityValidation: true,
        OnlyLoadAppFromAsar: true,
      });
    });

    test('20: the page is given two functions of ours, and nothing of Electron', async () => {
      expect(await run(`Object.keys(window.birthmark).sort().join()`)).toBe('connect,tell');
      expect(
        await run(
          `Object.isFrozen(window.birthmark) || Object.getOwnPropertyDescriptor(window, 'birthmark').writable === false`,
        ),
      ).toBe(true);
      const found = await run(
        `Object.getOwnPropertyNames(window).filter((name) => /electron|ipc|^process$|^require$/i.test(name))`,
      );
      expect(found).toEqual([]);
    });
  },
);
