import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, type BrowserWindow, ipcMain, Menu, type MenuItemConstructorOptions, protocol, session } from 'electron';
import { connectWord } from './bridge.ts';
import { answerPage, pageAddress, scheme } from './pages.ts';
import { Relay } from './relay.ts';
import { Supervisor } from './supervisor.ts';
import { bringBack, confine, isOurs, openWindow, shut } from './window.ts';

// The desktop program: one window, one station process, and messages between them. No domain code: whatever concerns
// units, people or records is the station's (docs/design.md, Processes).

// This file is bundled into build/out/electron as CommonJS.
const top = join(__dirname, '..', '..', '..');

// Chromium's and Electron's own switches stand among our options, so others are let pass.
const { values: options } = parseArgs({
  args: process.argv.slice(1),
  strict: false,
  allowPositionals: true,
  options: {
    node: { type: 'string' },
    station: { type: 'string' },
    practice: { type: 'boolean' },
    lanes: { type: 'string' },
    recipe: { type: 'string' },
  },
});

const note = (text: string) => process.stderr.write(`birthmark window: ${text}\n`);

/** What the station process is told. A practice folder is made here, so that a station that is started again finds it. */
function stationArgs(): string[] {
  const { station, practice, lanes, recipe } = options;
  const folder = station ?? (practice ? mkdtempSync(join(tmpdir(), 'birthmark-practice-')) : undefined);
  const named = { station: folder, lanes, recipe };
  return [
    ...(practice ? ['--practice'] : []),
    ...Object.entries(named).flatMap(([name, value]) => (typeof value === 'string' ? [`--${name}`, value] : [])),
  ];
}

const station = new Supervisor({
  node: typeof options.node === 'string' ? options.node : join(top, 'node_modules', '.bin', 'node'),
  program: join(top, 'station-core', 'host.main.ts'),
  args: stationArgs(),
  note,
});
const relay = new Relay(station);
let window: BrowserWindow | undefined;
let quitting = false;
let exitCode = 0;

async function open(): Promise<void> {
  const pages = join(top, 'build', 'out', 'renderer');
  protocol.handle(scheme, (request) => answerPage(pages, request));
  shut(session.defaultSession);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menu));
  station.start();
  const opened = openWindow(__dirname);
  window = opened;
  ipcMain.on(connectWord, (event) => {
    const [port] = event.ports;
    if (port && isOurs(event, opened)) relay.connect(port);
    else note('a message from elsewhere than our own page was dropped');
  });
  bringBack(opened, note);
  await opened.loadURL(pageAddress);
}

/** What the hidden menu's shortcuts do. Reloading also has a station tried again that could not start. */
const menu: MenuItemConstructorOptions[] = [
  ...(process.platform === 'darwin' ? [{ role: 'editMenu' } as const] : []),
  { label: 'Birthmark', submenu: [{ role: 'reload' }, { role: 'togglefullscreen' }, { role: 'quit' }] },
];

/** Ends the station before the program, so that it can close its files in order. */
function stopStation(event: { preventDefault(): void }): void {
  if (station.state.is === 'stopped') return;
  event.preventDefault();
  station
    .stop()
    .catch((thrown: unknown) => note(`the station did not end in order: ${String(thrown)}`))
    .finally(() => app.exit(exitCode));
}

function showFirst(): void {
  if (!window || window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.focus();
}

app.setName('Birthmark');
if (app.requestSingleInstanceLock()) {
  app.on('web-contents-created', (_, contents) => confine(contents));
  app.on('second-instance', showFirst);
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', () => {
    quitting = true;
  });
  app.on('will-quit', stopStation);
  app
    .whenReady()
    .then(open)
    .catch((thrown: unknown) => {
      if (quitting) return; // closed while its page was on the way
      note(`cannot open: ${String(thrown)}`);
      exitCode = 2;
      app.quit();
    });
} else {
  note('Birthmark is open already; its window was brought to the front');
  app.exit(0);
}
