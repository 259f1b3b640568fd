import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import * as z from 'zod/mini';

const entry = z.strictObject({ tag: z.int(), type: z.int(), content: z.base64() });
const entriesSchema = z.array(entry).check(z.maxLength(64));

export type Entry = { readonly tag: number; readonly type: number; readonly content: Buffer };

/** What lies under a module's security tags, in a file that is either as it was or as it is to be. */
export class TagMemory {
  readonly #path: string;
  #entries: readonly Entry[];

  /** Throws for a file that is none of a module's. */
  constructor(path: string) {
    this.#path = path;
    const kept: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
    this.#entries = entriesSchema.parse(kept).map((one) => ({ ...one, content: Buffer.from(one.content, 'base64') }));
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get isFull(): boolean {
    return this.#entries.length >= 64;
  }

  at(tag: number, type: number): Entry | undefined {
    return this.#entries.find((one) => one.tag === tag && one.type === type);
  }

  put(entry: Entry): void {
    this.#keep([...this.#entries, entry]);
  }

  forget(tag: number, type: number): void {
    this.#keep(this.#entries.filter((one) => one.tag !== tag || one.type !== type));
  }

  #keep(entries: readonly Entry[]): void {
    const next = `${this.#path}.next`;
    // Only its owner may read it: there are keys inside.
    const file = openSync(next, 'w', 0o600);
    writeSync(file, JSON.stringify(entries.map((one) => ({ ...one, content: one.content.toString('base64') }))));
    fsyncSync(file);
    closeSync(file);
    renameSync(next, this.#path);
    this.#entries = entries;
  }
}
