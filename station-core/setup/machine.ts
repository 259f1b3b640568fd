import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { askTheSystem, output } from '../clock-trust.ts';
import type { MachineFound } from '../contract/setup.ts';

// What can be found out about the machine without special rights. What cannot is said to be unknown: nobody should read a guess.

/** Looks at the machine that a station in `folder` would stand on. */
export async function lookAtMachine(folder: string): Promise<MachineFound> {
  const [disk, clock] = await Promise.all([diskOf(folder), askTheSystem()]);
  return { disk, clock, swap: swapNow(), coreDumps: coreDumpsNow() };
}

async function diskOf(folder: string): Promise<MachineFound['disk']> {
  const place = nearest(folder);
  if (process.platform === 'linux') {
    const source = mountedFrom(readFileSync('/proc/self/mountinfo', 'utf8'), place);
    return source === undefined ? 'unknown' : encryptedDevice(source);
  }
  if (process.platform === 'darwin') return readFileVault(await output('fdesetup', ['status']));
  if (process.platform === 'win32') return readBitLocker(await output('powershell', bitLockerQuestion(place)));
  return 'unknown';
}

/** The folder, or the nearest one above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? realpathSync(folder) : nearest(dirname(folder));
}

/** The device that a path's file system is mounted from, as proc(5) has it; none where it is no device (overlay, ZFS, NFS). Pure. */
export function mountedFrom(mountinfo: string, path: string): string | undefined {
  const mounts = mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const point = before
      .split(' ')[4]
      ?.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    const source = after.split(' ')[1];
    return point === undefined || source === undefined ? [] : [{ point, source }];
  });
  const over = mounts.filter(({ point }) => path === point || path.startsWith(point === '/' ? '/' : `${point}/`));
  // Of several mounts at one point, the last one is what is seen.
  const nearestMount = over.reduce((best, one) => (one.point.length >= best.point.length ? one : best), {
    point: '',
    source: '',
  });
  return nearestMount.source.startsWith('/dev/') ? nearestMount.source : undefined;
}

/** Whether dm-crypt stands anywhere under a device; other layers that encrypt are not known, and a file system's own is not seen. */
function encryptedDevice(device: string): 'encrypted' | 'clear' | 'unknown' {
  const name = existsSync(device) ? basename(realpathSync(device)) : '';
  if (!existsSync(join('/sys/class/block', name)) || name === '') return 'unknown';
  return isEncrypted(name) ? 'encrypted' : 'clear';
}

/** Device mapper's UUID begins with the name of its user: CRYPT- is cryptsetup's (LUKS, plain dm-crypt). */
function isEncrypted(name: string): boolean {
  const here = join('/sys/class/block', name);
  const uuid = join(here, 'dm', 'uuid');
  if (existsSync(uuid) && readFileSync(uuid, 'utf8').startsWith('CRYPT-')) return true;
  const under = existsSync(join(here, 'slaves')) ? readdirSync(join(here, 'slaves')) : [];
  return under.length > 0 && under.every(isEncrypted);
}

/** `fdesetup status`, whose first words are the same in every language. Pure. */
export function readFileVault(said: string | undefined): MachineFound['disk'] {
  if (said === undefined) return 'unknown';
  return /FileVault is On/.test(said) ? 'encrypted' : /FileVault is Off/.test(said) ? 'clear' : 'unknown';
}

/** The shell's own property needs no administrator: 1 protected, 2 not (System.Volume.BitLockerProtection). */
const bitLockerQuestion = (place: string): readonly string[] => [
  '-NoProfile',
  '-Command',
  `(New-Object -ComObject Shell.Application).NameSpace('${place.slice(0, 2)}').Self.ExtendedProperty('System.Volume.BitLockerProtection')`,
];

/** Pure. */
export function readBitLocker(said: string | undefined): MachineFound['disk'] {
  const answer = said?.trim();
  return answer === '1' ? 'encrypted' : answer === '2' ? 'clear' : 'unknown';
}

function swapNow(): MachineFound['swap'] {
  if (!existsSync('/proc/swaps')) return 'unknown';
  const areas = swapAreas(readFileSync('/proc/swaps', 'utf8'));
  if (areas.length === 0) return 'none';
  const found = areas.map(({ path, isFile }) => {
    const source = isFile ? mountedFrom(readFileSync('/proc/self/mountinfo', 'utf8'), path) : path;
    return source === undefined ? 'unknown' : encryptedDevice(source);
  });
  return found.find((one) => one !== 'encrypted') ?? 'encrypted';
}

/** The lines of /proc/swaps that lead to a disk: zram stays in memory. Pure. */
export function swapAreas(text: string): { readonly path: string; readonly isFile: boolean }[] {
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .flatMap(([path = '', kind]) =>
      path === '' || /\/zram\d+$/.test(path) ? [] : [{ path, isFile: kind === 'file' }],
    );
}

function coreDumpsNow(): MachineFound['coreDumps'] {
  if (!existsSync('/proc/self/limits')) return 'unknown';
  return readCoreDumps(
    readFileSync('/proc/self/limits', 'utf8'),
    readFileSync('/proc/sys/kernel/core_pattern', 'utf8'),
  );
}

/** A limit of 0 holds for files; a program that the kernel pipes dumps to is not bound by it (core(5)). Pure. */
export function readCoreDumps(limits: string, pattern: string): MachineFound['coreDumps'] {
  const soft = /^Max core file size\s+(\S+)/m.exec(limits)?.[1];
  if (soft === undefined) return 'unknown';
  if (pattern.trim() === '') return 'off';
  if (soft !== '0') return 'on';
  return pattern.startsWith('|') ? 'unknown' : 'off';
}
