// Which serial ports are plugged in, and that one came or went: udev keeps a link for each in one folder, named by where
// it is plugged (docs/lessons.md 15). The folder is watched, never polled; udev removes it with its last link, so while it
// is away the nearest folder above it is watched.
import { type FSWatcher, readdirSync, realpathSync, type Stats, statSync, watch } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** A plug by its place, which stays, and the device that sits there now, whose number may change with every plugging. */
export type PluggedPort = { readonly byPath: string; readonly device: string };
export type PlugEvent = PluggedPort & { readonly type: 'attached' | 'detached' };

export const byPathFolder = '/dev/serial/by-path';

export type DiscoveryOptions = {
  /** Another folder of links than the system's. */
  readonly folder?: string;
  /** Called for every change. A port under another number is one that was detached and one that is attached. */
  readonly plugged: (event: PlugEvent) => void;
  /** Called when the system cannot watch or look; what is known stays as it is. */
  readonly failed: (error: unknown) => void;
};

type Watched = { readonly path: string; readonly stats: Stats; readonly watcher: FSWatcher };

export class Discovery {
  readonly #folder: string;
  readonly #plugged: DiscoveryOptions['plugged'];
  readonly #failed: DiscoveryOptions['failed'];
  #known: ReadonlyMap<string, string> = new Map();
  #watched: Watched | undefined;
  #looking: NodeJS.Immediate | undefined;
  #closed = false;

  /** Watches from now on; what is plugged already is in `ports` and is no event. */
  constructor({ folder = byPathFolder, plugged, failed }: DiscoveryOptions) {
    this.#folder = resolve(folder);
    this.#plugged = plugged;
    this.#failed = failed;
    try {
      this.#follow();
      this.#known = portsIn(this.#folder);
    } catch (error) {
      failed(error);
    }
  }

  /** The ports that are plugged in, by their place. */
  ports(): PluggedPort[] {
    return [...this.#known].map(([byPath, device]) => ({ byPath, device }));
  }

  /** Stops watching; no event comes afterwards. Safe to call twice. */
  close(): void {
    this.#closed = true;
    clearImmediate(this.#looking);
    this.#letGo();
  }

  /** Many changes come together when a hub is plugged in; one look sees them all. */
  #lookSoon(): void {
    if (this.#closed || this.#looking !== undefined) return;
    this.#looking = setImmediate(() => {
      this.#looking = undefined;
      try {
        this.#follow();
        this.#tell(portsIn(this.#folder));
      } catch (error) {
        this.#failed(error);
      }
    });
  }

  /** Watches the folder, or the nearest one above it that is there. */
  #follow(): void {
    for (;;) {
      const { path, stats } = nearest(this.#folder);
      if (this.#watched?.path === path && isSame(this.#watched.stats, stats)) return;
      this.#letGo();
      this.#watch(path, stats);
      // Looks again: what came between the look and the watch would tell nobody.
    }
  }

  #watch(path: string, stats: Stats): void {
    try {
      const watcher = watch(path);
      this.#watched = { path, stats, watcher };
      watcher.on('error', (error) => this.#failed(error));
      watcher.on('change', (_, name) => {
        // The folder itself went. One of the same name, even with the same inode, would not be watched.
        if (this.#watched?.watcher === watcher && String(name) === basename(path)) this.#letGo();
        this.#lookSoon();
      });
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  #letGo(): void {
    this.#watched?.watcher.close();
    this.#watched = undefined;
  }

  #tell(found: ReadonlyMap<string, string>): void {
    const before = this.#known;
    this.#known = found;
    for (const [byPath, device] of before) {
      if (found.get(byPath) !== device) this.#plugged({ type: 'detached', byPath, device });
    }
    for (const [byPath, device] of found) {
      if (before.get(byPath) !== device) this.#plugged({ type: 'attached', byPath, device });
    }
  }
}

/** The folder, or the nearest one above it that is there. The root always is. */
function nearest(folder: string): { path: string; stats: Stats } {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory() || dirname(folder) === folder) return { path: folder, stats: stats ?? statSync(folder) };
  return nearest(dirname(folder));
}

const isSame = (a: Stats, b: Stats): boolean => a.ino === b.ino && a.dev === b.dev;

/** Each link with the device that it leads to; one that leads nowhere is no port. */
export function portsIn(folder: string): ReadonlyMap<string, string> {
  const names = unlessGone(() => readdirSync(folder)) ?? [];
  const ports = names.sort().flatMap((name): [string, string][] => {
    const byPath = join(folder, name);
    const device = unlessGone(() => realpathSync(byPath));
    return device === undefined ? [] : [[byPath, device]];
  });
  return new Map(ports);
}

/** What the system says, or nothing for what was unplugged meanwhile. */
function unlessGone<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
