import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What the manifest says of a file. */
export type FileFacts = { readonly bytes: number; readonly sha256: string };

const syncedAtOnce = 16;

/** Small writes are gathered to this many bytes: a system call for each entry would take longer than the entry. */
const gathered = 256 * 1_024;

/** A file of an export, hashed while it is written. */
export class ExportFile {
  readonly #descriptor: number;
  readonly #hash: Hash = createHash('sha256');
  readonly #ended: (facts: FileFacts) => void;
  readonly #buffer: Buffer;
  #held = 0;
  #bytes = 0;

  /** `gather`: up to how many bytes small writes are gathered. */
  constructor(path: string, gather: number, ended: (facts: FileFacts) => void) {
    this.#descriptor = openSync(path, 'wx', 0o644);
    this.#buffer = Buffer.allocUnsafe(gather);
    this.#ended = ended;
  }

  write(content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    this.#bytes += bytes.length;
    if (this.#held + bytes.length > this.#buffer.length) this.#flush();
    if (bytes.length > this.#buffer.length) this.#out(bytes);
    else this.#hold(bytes);
  }

  /** Whole from now on; durable once its folder is synced. */
  end(): void {
    this.#flush();
    closeSync(this.#descriptor);
    this.#ended({ bytes: this.#bytes, sha256: this.#hash.digest('hex') });
  }

  #hold(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#held);
    this.#held += bytes.length;
  }

  #flush(): void {
    this.#out(this.#buffer.subarray(0, this.#held));
    this.#held = 0;
  }

  #out(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
  }
}

/** The folder that an export is written into: every file once, and none over another. */
export class ExportFolder {
  readonly path: string;
  readonly #files = new Map<string, FileFacts>();
  readonly #folders = new Set<string>(['.']);

  constructor(path: string) {
    this.path = path;
  }

  /** Begins a file; the caller ends it. A name may have folders in it, with slashes. */
  file(name: string): ExportFile {
    return this.#begin(name, gathered);
  }

  /** Writes a whole small file. */
  write(name: string, content: string | Uint8Array): void {
    const file = this.#begin(name, 0);
    file.write(content);
    file.end();
  }

  /** Every file that ended, by its name: what the manifest lists. */
  get files(): ReadonlyMap<string, FileFacts> {
    return this.#files;
  }

  /**
   * Everything is durable when this answers: the files, some at a time, since a disk that syncs thousands of tiles one by one takes
   * longer over it than over writing them; then their names, which are in the folders.
   */
  async sync(): Promise<void> {
    const names = this.#files.keys();
    const work = async () => {
      for (const name of names) await syncFile(join(this.path, name));
    };
    await Promise.all(Array.from({ length: syncedAtOnce }, work));
    for (const folder of this.#folders) syncFolder(join(this.path, folder));
  }

  #begin(name: string, gather: number): ExportFile {
    this.#makeFolder(dirname(name));
    return new ExportFile(join(this.path, name), gather, (facts) => this.#files.set(name, facts));
  }

  #makeFolder(folder: string): void {
    if (this.#folders.has(folder)) return;
    this.#makeFolder(dirname(folder));
    mkdirSync(join(this.path, folder));
    this.#folders.add(folder);
  }
}

/** Makes a file that was written durable. Windows syncs only what is open for writing. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the names in a folder durable. Windows opens no folders, and keeps names with the file itself. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
