import { url as inspectorUrl } from 'node:inspector';
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, ipcMain, protocol, screen, session } from 'electron';
import { asStationError, type ErrorData, sentence } from '../station-core/contract/errors.ts';
import { connectWord, tellWord } from './bridge.ts';
import { firstDifference } from './hashes.ts';
import { languageOf } from './menu.ts';
import { readOptions } from './options.ts';
import { answerPage, pageAddress, scheme } from './pages.ts';
import { type Delivered, packagedPlaces, sourcePlaces } from './places.ts';
import { Relay } from './relay.ts';
import { Shell } from './shell.ts';
import { Supervisor } from './supervisor.ts';
import { bringBack, confine, isOurs, openWindow, shut } from './window.ts';
import { keepPlace, placeOn, readPlace } from './window-place.ts';

// The desktop program: one window, one station process, and messages between them. No domain code: whatever concerns
// units, people or records is the station's (docs/design.md, Processes).

const note = (text: string) => process.stderr.write(`birthmark window: ${text}\n`);

let station: Supervisor | undefined;
let window: BrowserWindow | undefined;
let quitting = false;
let exitCode = 0;

async function open(): Promise<void> {
  // This file is bundled as CommonJS: into build/out/electron, or into the packaged program's ASAR.
  const places = app.isPackaged
    ? packagedPlaces(__dirname, process.resourcesPath)
    : sourcePlaces(join(__dirname, '..', '..', '..'));
  const profile = app.getPath('userData');
  const options = readOptions(process.argv.slice(1), profile);
  const { delivered } = places;
  protocol.handle(scheme, (request) =>
    answerPage({ folder: places.pages, delivered: delivered?.pages }, request, (file) => giveUp(altered(file))),
  );
  protocol.handle('file', () => new Response(null, { status: 404 }));
  shut(session.defaultSession);
  station = new Supervisor({
    node: options.node ?? places.node,
    program: places.program,
    args: options.station,
    ...(delivered ? { check: () => checkFiles(delivered) } : {}),
    note,
  });
  const relay = new Relay(station);
  station.start();
  const file = join(profile, 'window.json');
  const opened = openWindow(__dirname, placeOn(screen.getAllDisplays(), readPlace(file)), options.kiosk);
  window = opened;
  keepPlace(opened, file, (bounds) => screen.getDisplayMatching(bounds));
  const shell = new Shell(opened, {
    kiosk: options.kiosk,
    language: languageOf(app.getLocale()),
    mac: process.platform === 'darwin',
    note,
  });
  listen(opened, relay, shell);
  bringBack(opened, note);
  await opened.loadURL(pageAddress);
}

/** Hears our own page, and nobody else. */
function listen(opened: BrowserWindow, relay: Relay, shell: Shell): void {
  const dropped = () => note('a message from elsewhere than our own page was dropped');
  ipcMain.on(connectWord, (event) => {
    const [port] = event.ports;
    if (port && isOurs(event, opened)) relay.connect(port);
    else dropped();
  });
  ipcMain.on(tellWord, (event, said: unknown) => {
    if (isOurs(event, opened)) shell.take(said);
    else dropped();
  });
  opened.on('close', (event) => {
    if (shell.kiosk && !quitting) event.preventDefault();
  });
}

const altered = (file: string): ErrorData => ({ code: 'station.altered', details: { file } });

/** Why a packaged station may not start: one of its files is not as it was delivered. */
async function checkFiles({ folder, hashes }: Delivered): Promise<ErrorData | undefined> {
  const began = performance.now();
  const found = await firstDifference(folder, hashes);
  if (!found) {
    note(`${Object.keys(hashes).length} files are as delivered (${Math.round(performance.now() - began)} ms)`);
    return undefined;
  }
  note(`${found.file} is ${found.is}`);
  return altered(found.file);
}

/** Says in a window of the system why there is no page, and ends the program. */
function giveUp(error: ErrorData): void {
  if (exitCode !== 0 || quitting) return; // said already, or closed while its page was on the way
  exitCode = 2;
  const message = sentence(error);
  note(`cannot open: ${message} [${error.code}]`);
  const shown = app.isReady() ? dialog.showMessageBox({ type: 'error', message, detail: error.code }) : undefined;
  void Promise.resolve(shown).finally(() => app.quit());
}

/** Ends the station before the program, so that it can close its files in order. */
function stopStation(event: { preventDefault(): void }): void {
  if (!station || station.state.is === 'stopped') {
    if (exitCode !== 0) app.exit(exitCode);
    return;
  }
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

/**
 * Chromium's debugging gives whoever opens its port the page and what is typed there, and no fuse of Electron closes it. A
 * packaged program drops it unless the fuse for Node's debugging is open as well, as in a copy for tests.
 */
function dropDebugging(): void {
  for (const name of ['remote-debugging-port', 'remote-debugging-pipe']) {
    if (!app.commandLine.hasSwitch(name)) continue;
    app.commandLine.removeSwitch(name);
    note(`--${name} is not for the packaged program`);
  }
}

app.setName('Birthmark');
if (app.isPackaged && inspectorUrl() === undefined) dropDebugging();
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
      note(`cannot open: ${String(thrown)}`);
      giveUp(asStationError(thrown, () => 'at the start').toData());
    });
} else {
  note('Birthmark is open already; its window was brought to the front');
  app.exit(0);
}
