import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, type FileHandle, mkdtemp, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** f_type of tmpfs and of ramfs (statfs(2)). */
const inMemory: ReadonlySet<number> = new Set([0x0102_1994, 0x8584_58f6]);
const candidates = ['/dev/shm'] as const;

/**
 * An image with a key in it as a file, for a program that takes a path and nothing else: its owner's alone, in a folder that lives in memory
 * where there is one. `await using` zeroes and removes it, whatever happened.
 */
export class ImageFile implements AsyncDisposable {
  readonly path: string;
  /** Whether it is in memory, as far as the system says: a swap may still write it. */
  readonly inMemory: boolean;
  readonly #folder: string;
  readonly #length: number;

  private constructor(folder: string, path: string, isInMemory: boolean, length: number) {
    this.#folder = folder;
    this.path = path;
    this.inMemory = isInMemory;
    this.#length = length;
  }

  /**
   * Writes the image; the caller zeroes `bytes`. `owner` is whoever sweeps up what a process that was killed left (`sweepImages`). Throws
   * the file system's errors, and leaves nothing behind then.
   */
  static async write(bytes: Buffer, owner: string): Promise<ImageFile> {
    const memory = await memoryFolder();
    const folder = await mkdtemp(join(memory ?? tmpdir(), prefixOf(owner)));
    const file = new ImageFile(folder, join(folder, imageName), memory !== undefined, bytes.length);
    try {
      await chmod(folder, 0o700);
      const { O_WRONLY, O_CREAT, O_EXCL } = constants;
      await overwrite(await open(file.path, O_WRONLY | O_CREAT | O_EXCL, 0o600), bytes);
      return file;
    } catch (error) {
      await file[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await wipe(this.#folder, this.#length);
  }
}

/** Removes the images of an owner who has none now: those that a process left that was killed. Throws the file system's errors. */
export async function sweepImages(owner: string): Promise<void> {
  const parent = (await memoryFolder()) ?? tmpdir();
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefixOf(owner))) continue;
    const folder = join(parent, name);
    await wipe(folder, await sizeOf(join(folder, imageName)));
  }
}

const imageName = 'image.bin';
const prefixOf = (owner: string): string =>
  `birthmark-image-${createHash('sha256').update(owner).digest('hex').slice(0, 16)}-`;

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    // Killed before it was written.
    return 0;
  }
}

async function wipe(folder: string, length: number): Promise<void> {
  try {
    await overwrite(await open(join(folder, imageName), constants.O_WRONLY), Buffer.alloc(length));
  } catch {
    // A program that took the file away left nothing to zero.
  }
  await rm(folder, { recursive: true, force: true });
}

async function overwrite(file: FileHandle, bytes: Buffer): Promise<void> {
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function memoryFolder(): Promise<string | undefined> {
  for (const folder of candidates) {
    try {
      if (inMemory.has((await statfs(folder)).type)) return folder;
    } catch {
      // Not every system has it.
    }
  }
  return undefined;
}
