import { join } from 'node:path';
import { app, BrowserWindow, type IpcMainEvent, type Session, type WebContents } from 'electron';
import { pageAddress } from './pages.ts';
import { retry } from './restarts.ts';
import type { WindowPlace } from './window-place.ts';

/** Where the window opens when nobody moved it yet. */
const firstSize = { width: 1280, height: 800 } as const;

/** The station's window, with a page that can do nothing but show the screens and talk to the station. */
export function openWindow(here: string, place: WindowPlace | undefined, kiosk: boolean): BrowserWindow {
  const window = new BrowserWindow({
    ...(place?.bounds ?? firstSize),
    kiosk,
    show: false,
    title: 'Birthmark',
    webPreferences: {
      preload: join(here, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      devTools: !app.isPackaged,
      // Dictionaries would be fetched from the network; serials are no words.
      spellcheck: false,
      // Lanes go on while the window is behind another one.
      backgroundThrottling: false,
    },
  });
  // Hidden for good, not until Alt is pressed: scanners type with Alt. Its shortcuts work all the same.
  window.setMenuBarVisibility(false);
  window.once('ready-to-show', () => {
    if (place?.maximized) window.maximize();
    window.show();
  });
  return window;
}

/** No page leaves its place, opens another, or embeds one, whoever made it. */
export function confine(contents: WebContents): void {
  const stay = (event: { preventDefault(): void; url: string }) => {
    if (event.url !== pageAddress) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** What our page made itself, to be saved; nothing else is. */
const madeByPage = `blob:${pageAddress}`;

/** No page may use a device, be told a place, or reach any network, whatever its policy says. */
export function shut(session: Session): void {
  // Else it fetches a dictionary from Google at the start, whatever a window's own preferences say.
  session.setSpellCheckerEnabled(false);
  session.setSpellCheckerLanguages([]);
  session.setPermissionRequestHandler((_, __, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(madeByPage)) return event.preventDefault();
    // Chromium made the name safe; where to is asked by the system's dialog, since no path is set.
    item.setSaveDialogOptions({ defaultPath: join(app.getPath('downloads'), item.getFilename()) });
  });
  // Every https request is answered by the program itself (pages.ts).
  const urls = ['http://*/*', 'ws://*/*', 'wss://*/*', 'file:///*'];
  session.webRequest.onBeforeRequest({ urls }, (_, answer) => answer({ cancel: true }));
}

/** Whether a message comes from our own page, and not from a frame or another place in the window. */
export function isOurs({ sender, senderFrame }: IpcMainEvent, window: BrowserWindow): boolean {
  return (
    sender === window.webContents &&
    senderFrame !== null &&
    senderFrame === sender.mainFrame &&
    senderFrame.url === pageAddress
  );
}

/** A page whose process died is loaded again; the station goes on meanwhile and knows what the page showed. */
export function bringBack(window: BrowserWindow, note: (text: string) => void): void {
  const { webContents } = window;
  let loadedAt = performance.now();
  let tries = 0;
  webContents.on('did-finish-load', () => {
    loadedAt = performance.now();
  });
  webContents.on('render-process-gone', (_, { reason }) => {
    const next = retry(performance.now() - loadedAt, tries);
    tries = next.tries;
    note(`the page's process ended (${reason}); loading it again in ${next.afterMs} ms`);
    setTimeout(() => {
      if (!window.isDestroyed()) webContents.reload();
    }, next.afterMs);
  });
}
