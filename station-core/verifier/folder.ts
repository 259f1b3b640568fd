import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type Findings, Wrong } from './findings.ts';

const chunk = 1 << 20;

export type Expected = { readonly bytes: number; readonly sha256: string };

/**
 * The folder of an export. A file is read once, from its first byte to its last, and compared with the manifest on the way:
 * what was checked is what was hashed.
 */
export class Folder {
  readonly #top: string;
  readonly #findings: Findings;
  readonly #read = new Set<string>();
  readonly #room = Buffer.allocUnsafe(chunk);
  readonly #beside = new Set<string>();
  #missing = new Set<string>();
  #expected: ReadonlyMap<string, Expected> = new Map();

  constructor(top: string, findings: Findings) {
    this.#top = top;
    this.#findings = findings;
  }

  /** What every other file has to be. */
  expect(files: ReadonlyMap<string, Expected>): void {
    this.#expected = files;
  }

  /** Files and folders that don't belong, and files that are missing. `beside` are the files that no manifest lists. */
  compare(beside: ReadonlySet<string>): void {
    const missing = new Set(this.#expected.keys());
    this.#missing = missing;
    const folders = new Set([...missing].flatMap((name) => foldersOf(name)));
    const found = new Set<string>();
    const odd = (file: string) => {
      found.add(file);
      this.#findings.add('it does not belong here: it is no file', { file });
    };
    const look = (within: string) => {
      for (const entry of readdirSync(join(this.#top, within), { withFileTypes: true })) {
        const name = within === '' ? entry.name : `${within}/${entry.name}`;
        if (entry.isDirectory() && folders.has(name)) look(name);
        else if (!entry.isFile()) odd(name);
        else if (beside.has(name)) this.#beside.add(name);
        else if (!missing.delete(name))
          this.#findings.add('it does not belong here: the manifest does not list it', { file: name });
      }
    };
    look('');
    for (const file of missing) if (!found.has(file)) this.#findings.add('it is missing', { file });
  }

  /** Whether it is there and belongs there. */
  has(name: string): boolean {
    return this.#beside.has(name) || (this.#expected.has(name) && !this.#missing.has(name));
  }

  /** A file of at most `limit` bytes. Throws Wrong. */
  whole(name: string, limit: number): Buffer {
    const parts: Buffer[] = [];
    let length = 0;
    for (const bytes of this.#chunks(name, () => this.#room)) {
      length += bytes.length;
      if (length > limit) throw new Wrong(`it is longer than ${limit} bytes`);
      parts.push(Buffer.from(bytes));
    }
    return Buffer.concat(parts);
  }

  /**
   * The lines of a file, each with a byte 00 in front, which stands where the line feed before it was: the bytes that a leaf hash is
   * taken over, without a copy. A line is good until the next one is asked for. Throws Wrong.
   */
  *lines(name: string, limit: number): Generator<Buffer, void> {
    const held = Buffer.allocUnsafe(1 + limit + chunk);
    let [start, end] = [1, 1];
    const room = () => {
      held.copy(held, 1, start, end);
      [start, end] = [1, 1 + end - start];
      return held.subarray(end, end + chunk);
    };
    for (const bytes of this.#chunks(name, room)) {
      let searched = end;
      end += bytes.length;
      for (let at = held.indexOf(10, searched); at >= 0 && at < end; at = held.indexOf(10, searched)) {
        if (at - start > limit) break;
        held[start - 1] = 0;
        yield held.subarray(start - 1, at);
        start = searched = at + 1;
      }
      if (end - start > limit) throw new Wrong(`it is longer than ${limit} bytes`);
    }
    if (end > start) throw new Wrong('it is cut: its last line does not end');
  }

  /** Reads what nobody has read so far, for its hash. */
  rest(): void {
    for (const file of this.#expected.keys()) {
      if (this.#read.has(file) || this.#missing.has(file)) continue;
      this.#findings.attempt({ file }, () => {
        for (const _ of this.#chunks(file, () => this.#room));
      });
    }
  }

  *#chunks(name: string, room: () => Buffer): Generator<Buffer, void> {
    this.#read.add(name);
    const fd = openFile(join(this.#top, name));
    try {
      const all = createHash('sha256');
      let length = 0;
      for (;;) {
        const into = room();
        const bytes = into.subarray(0, readSync(fd, into, 0, into.length, null));
        if (bytes.length === 0) break;
        all.update(bytes);
        length += bytes.length;
        yield bytes;
      }
      this.#match(name, { bytes: length, sha256: all.digest('hex') });
    } finally {
      closeSync(fd);
    }
  }

  #match(file: string, { bytes, sha256 }: Expected): void {
    const expected = this.#expected.get(file);
    if (expected && expected.bytes !== bytes)
      this.#findings.add(`it has ${bytes} bytes, and the manifest says ${expected.bytes}`, { file });
    else if (expected && expected.sha256 !== sha256)
      this.#findings.add(`its SHA-256 is ${sha256}, and the manifest says ${expected.sha256}`, { file });
  }
}

const foldersOf = (name: string) => [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index));

/** Never through a link, and never a device or a pipe, which might not end. */
function openFile(path: string): number {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new Wrong('it is missing');
    if (code === 'ELOOP') throw new Wrong('it does not belong here: it is no file');
    throw thrown;
  }
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new Wrong('it does not belong here: it is no file');
}
