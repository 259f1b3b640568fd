import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { canonical, type Json } from '../../contract/canonical.ts';
import { StationError } from '../../contract/errors.ts';
import { parse } from '../../contract/parse.ts';
import { type Entry, entrySchema, idOf, tableOf } from './entries.ts';

/** A file's name says what is asked for and for which rows of the outbox. */
const nameOf = (action: string, rows: readonly number[]): string => `${action}-${rows.join('_')}.json`;
const form = /^([a-z-]+)-(\d+(?:_\d+)*)\.json$/;

/** A row that is to be written. */
export type Wanted = { readonly row: number; readonly action: string; readonly entry: object };

/** Where a row stands. */
export type Written = { readonly file: string; readonly sha256: string };

/**
 * The files in the folder. A JSON file is whole or absent and never written over; its table follows from it. Which rows are written is
 * read from the names, so that a start after a crash finds what was written and not yet noted, and writes no row twice.
 */
export class Shelf {
  readonly #folder: string;
  readonly #files = new Map<number, string>();

  /** Throws `folder.failed`. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#attempt(() => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const name of readdirSync(folder)) {
        if (name.endsWith('.part')) rmSync(join(folder, name));
        for (const row of form.exec(name)?.[2]?.split('_') ?? []) this.#files.set(Number(row), name);
      }
    });
  }

  /** Whether a row stands in a file already. */
  has(row: number): boolean {
    return this.#files.has(row);
  }

  /** Writes rows of one action into a new file and its table. Throws `folder.failed`. */
  write(action: string, wanted: readonly Wanted[]): void {
    const rows = wanted.map(({ row }) => row);
    const name = nameOf(action, rows);
    this.#publish(
      name,
      `${JSON.stringify(
        wanted.map(({ entry }) => entry),
        null,
        2,
      )}\n`,
    );
    for (const row of rows) this.#files.set(row, name);
  }

  /** Where a row stands, checked: throws `folder.changed` when the file does not say of it what was to be written, and `folder.failed`. */
  find({ row, action, entry }: Wanted): Written {
    const file = this.#files.get(row) ?? '';
    const bytes = this.#attempt(() => readFileSync(join(this.#folder, file)));
    const entries = read(bytes, file);
    const found = entries.find((one) => idOf(one) === idOf(entry as Entry));
    if (found === undefined || canonical(found as Json) !== canonical(entry as Json)) {
      throw new StationError('folder.changed', { file });
    }
    const table = file.replace(/\.json$/, '.csv');
    if (!existsSync(join(this.#folder, table))) this.#publish(table, tableOf(action, entries));
    return { file, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  /** Whole at its name or not there, also after a power cut: the file is synced before it gets its name, the folder after. */
  #publish(name: string, text: string): void {
    const part = join(this.#folder, `${name}.${randomBytes(4).toString('hex')}.part`);
    this.#attempt(() => {
      const descriptor = openSync(part, 'wx', 0o600);
      try {
        const bytes = Buffer.from(text, 'utf8');
        for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
        fsyncSync(descriptor);
        // A link fails where there is a file of that name, and a rename would write over it.
        linkSync(part, join(this.#folder, name));
      } finally {
        closeSync(descriptor);
        rmSync(part, { force: true });
      }
      const folder = openSync(this.#folder, 'r');
      fsyncSync(folder);
      closeSync(folder);
    });
  }

  #attempt<T>(act: () => T): T {
    try {
      return act();
    } catch (cause) {
      if (cause instanceof StationError) throw cause;
      const reason = (cause as NodeJS.ErrnoException).code ?? 'an error';
      throw new StationError('folder.failed', { folder: this.#folder, reason }, { cause });
    }
  }
}

function read(bytes: Buffer, file: string): Entry[] {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    return (Array.isArray(json) ? json : []).map((entry: unknown) => parse(entrySchema, entry, file));
  } catch (cause) {
    throw new StationError('folder.changed', { file }, { cause });
  }
}
