// `npm run package`: the desktop program as a folder that runs anywhere, and a Debian package where dpkg-deb is there
// (docs/desktop.md). `-- --out DIR` says where, else build/out/package.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { packager } from '@electron/packager';
import { hashFolder } from '../electron/hashes.ts';
import { packageDeb } from './package-deb.ts';
import { setFuses } from './package-fuses.ts';
import { findRuntime } from './package-runtime.ts';
import { packageStation, readManifest } from './package-station.ts';

const top = join(import.meta.dirname, '..');
const { platform, arch } = process;

/** The desktop's own program; `birthmark` is the command line. */
export const desktopName = 'birthmark-desktop';

const say = (text: string) => process.stderr.write(`package: ${text}\n`);

/** Makes the program's folder below `out` and gives its path. Throws what a step of it throws. */
export async function packageDesktop(out: string): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'birthmark-package-'));
  try {
    const station = join(scratch, 'station');
    await packageStation(station, platform, arch);
    say('the station is bundled');
    const made = await wrap(await inside(scratch, station), station, scratch);
    if (platform === 'linux') addCommands(made);
    const folder = join(out, `${desktopName}-${platform}-${arch}`);
    mkdirSync(out, { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    cpSync(made, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    return folder;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What goes into the ASAR: the window's two files, and what the files outside are. */
async function inside(scratch: string, station: string): Promise<string> {
  const app = join(scratch, 'app');
  mkdirSync(app);
  for (const file of ['main.cjs', 'preload.cjs']) cpSync(join(top, 'build', 'out', 'electron', file), join(app, file));
  const { version, license } = readManifest(top);
  const manifest = { name: desktopName, productName: 'Birthmark', version, license, main: 'main.cjs' };
  writeFileSync(join(app, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(app, 'hashes.json'), JSON.stringify(await hashFolder(station)));
  return app;
}

/** Electron around it, with its fuses set. */
async function wrap(app: string, station: string, scratch: string): Promise<string> {
  const { version, zips } = findRuntime(join(scratch, 'zips'), `${platform}-${arch}`);
  say(`Electron ${version}, ${zips === undefined ? 'downloaded' : 'from this machine'}`);
  const [made] = await packager({
    dir: app,
    name: desktopName,
    executableName: desktopName,
    electronVersion: version,
    ...(zips === undefined ? {} : { electronZipDir: zips }),
    asar: true,
    prune: false,
    extraResource: [station],
    out: join(scratch, 'out'),
    tmpdir: join(scratch, 'tmp'),
    quiet: true,
  });
  if (made === undefined) throw new Error('the packager made nothing');
  await setFuses(electronProgram(made));
  return made;
}

/** The program in a packaged folder that starts the desktop. */
export function electronProgram(folder: string): string {
  if (platform === 'darwin') return join(folder, `${desktopName}.app`, 'Contents', 'MacOS', desktopName);
  return join(folder, platform === 'win32' ? `${desktopName}.exe` : desktopName);
}

/** The command line on the plain Node that came along, wherever the folder lies and whoever links to it. */
function addCommands(folder: string): void {
  const programs = { birthmark: 'cli.main.js', 'birthmark-verify': 'verifier/verify.main.js' };
  mkdirSync(join(folder, 'bin'));
  for (const [name, program] of Object.entries(programs)) {
    const lines = [
      '#!/bin/sh',
      'station=$(dirname "$(dirname "$(readlink -f "$0")")")/resources/station',
      `exec "$station/node" "$station/station-core/${program}" "$@"`,
    ];
    writeFileSync(join(folder, 'bin', name), `${lines.join('\n')}\n`, { mode: 0o755 });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join(top, 'build', 'out', 'package') } } });
  const out = resolve(values.out);
  await import('./renderer.ts');
  await import('./electron.ts');
  const folder = await packageDesktop(out);
  process.stdout.write(`${folder}\n`);
  const deb = platform === 'linux' ? packageDeb(folder, out, desktopName) : undefined;
  if (deb !== undefined) process.stdout.write(`${deb}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
