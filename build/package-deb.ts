import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from './package-station.ts';

const top = join(import.meta.dirname, '..');

/** Where the package puts the program. */
const place = '/opt/birthmark';

/** What Electron is linked against; named as Debian 12 does. Later releases call libasound2 and libgtk-3-0 …t64 and provide both. */
const needs = [
  'libnss3',
  'libatk-bridge2.0-0',
  'libgtk-3-0',
  'libgbm1',
  'libasound2',
  'libxss1',
  'libxtst6',
  'libdrm2',
  'libcups2',
];

/** Debian's names of machines. */
const machines: Readonly<Partial<Record<NodeJS.Architecture, string>>> = { x64: 'amd64', arm64: 'arm64', arm: 'armhf' };

/** A Debian package of a packaged folder; none where dpkg-deb is not installed. Throws what dpkg-deb says otherwise. */
export function packageDeb(folder: string, out: string, desktop: string): string | undefined {
  if (spawnSync('dpkg-deb', ['--version']).error) return undefined;
  const machine = machines[process.arch] ?? process.arch;
  const { version = '' } = readManifest(top);
  const root = mkdtempSync(join(tmpdir(), 'birthmark-deb-'));
  try {
    chmodSync(root, 0o755);
    cpSync(folder, join(root, place), { recursive: true, verbatimSymlinks: true });
    // Chromium's own way into its sandbox where the kernel gives ordinary users no namespaces.
    chmodSync(join(root, place, 'chrome-sandbox'), 0o4755);
    link(root, desktop);
    describePackage(root, version, machine);
    const deb = join(out, `birthmark_${version}_${machine}.deb`);
    const made = spawnSync('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', root, deb], {
      encoding: 'utf8',
    });
    if (made.status !== 0) throw new Error(`dpkg-deb failed: ${made.stderr}`);
    return deb;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The commands on everybody's path, and the desktop among the programs. */
function link(root: string, desktop: string): void {
  mkdirSync(join(root, 'usr', 'bin'), { recursive: true });
  symlinkSync(`${place}/${desktop}`, join(root, 'usr', 'bin', desktop));
  for (const command of ['birthmark', 'birthmark-verify']) {
    symlinkSync(`${place}/bin/${command}`, join(root, 'usr', 'bin', command));
  }
  const applications = join(root, 'usr', 'share', 'applications');
  mkdirSync(applications, { recursive: true });
  const entry = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Birthmark',
    `Exec=${place}/${desktop}`,
    'Categories=Utility;',
    '',
  ];
  writeFileSync(join(applications, `${desktop}.desktop`), entry.join('\n'));
}

function describePackage(root: string, version: string, machine: string): void {
  const fields = {
    Package: 'birthmark',
    Version: version,
    Architecture: machine,
    Maintainer: 'Birthmark',
    Depends: needs.join(', '),
    Section: 'utils',
    Priority: 'optional',
    Description: 'factory provisioning station',
  };
  mkdirSync(join(root, 'DEBIAN'));
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  writeFileSync(join(root, 'DEBIAN', 'control'), `${lines.join('\n')}\n`);
}
