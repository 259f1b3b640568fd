import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { StationError } from '../contract/errors.ts';
import { type Anchor, mostOfNote } from './anchor.ts';

export type FolderNeed = {
  readonly folder: string;
  readonly label: string;
  /** Whether the folder is the station's own, and made when it is not there. A share or a stick that is not there is another thing. */
  readonly own: boolean;
};

/** A file in a folder: on a share of the network, a stick, or beside the database. */
export class FolderAnchor implements Anchor {
  readonly name: string;
  readonly #need: FolderNeed;

  constructor(need: FolderNeed) {
    this.#need = need;
    this.name = `the folder ${need.folder}`;
  }

  async read(): Promise<string | undefined> {
    return this.#attempt(async () => {
      await this.#requireFolder();
      try {
        return await readSome(this.#file);
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw thrown;
      }
    });
  }

  /** The file is synced before it gets its name, and the folder after: it holds the note before or this one, also after a power cut. */
  async write(note: string): Promise<void> {
    await this.#attempt(async () => {
      const part = `${this.#file}.${randomBytes(4).toString('hex')}.part`;
      try {
        await synced(part, 'wx', (file) => file.writeFile(note, 'utf8'));
        await rename(part, this.#file);
      } finally {
        await rm(part, { force: true });
      }
      // Windows opens no folder.
      if (platform() !== 'win32') await synced(this.#need.folder, 'r', async () => undefined);
    });
  }

  get #file(): string {
    return join(this.#need.folder, `${this.#need.label}.checkpoint`);
  }

  /** A stick that was pulled out leaves an empty mount point at worst, and never a file of the station's somewhere else. */
  async #requireFolder(): Promise<void> {
    const { folder, own } = this.#need;
    if (own) await mkdir(folder, { recursive: true });
    await stat(folder);
  }

  async #attempt<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? 'an error';
      throw new StationError('folder.failed', { folder: this.#need.folder, reason }, { cause });
    }
  }
}

type Opened = Awaited<ReturnType<typeof open>>;

/** At most one byte more than a note may have: what is longer is no note, and is not read whole. */
async function readSome(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(mostOfNote + 1);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function synced(path: string, flags: 'wx' | 'r', act: (file: Opened) => Promise<void>): Promise<void> {
  const file = await open(path, flags, 0o644);
  try {
    await act(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
