import { closeSync, existsSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs';

/** Non-volatile memory of fixed size: it can be cut off after any byte of any write, and keeps what was written. */
export interface Flash {
  read(offset: number, length: number): Buffer;
  /** The one way to change it. Returns when the bytes are kept. */
  write(offset: number, bytes: Uint8Array): void;
}

/** Flash in a file; new flash reads as FF, like erased flash. Throws the file system's errors. */
export class FileFlash implements Flash {
  readonly #file: number;

  constructor(path: string, size: number) {
    const isNew = !existsSync(path);
    // Only its owner may read it: there is a key inside.
    this.#file = openSync(path, isNew ? 'wx+' : 'r+', 0o600);
    if (isNew) this.write(0, Buffer.alloc(size, 0xff));
  }

  read(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length, 0xff);
    readSync(this.#file, bytes, 0, length, offset);
    return bytes;
  }

  write(offset: number, bytes: Uint8Array): void {
    writeSync(this.#file, bytes, 0, bytes.length, offset);
    fdatasyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}
