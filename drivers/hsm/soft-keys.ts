import { randomBytes } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import { checkKeyId, checkLabel } from './checks.ts';
import type { KeyName } from './hsm.ts';
import { readSoftContents, type SoftContents, type SoftKey, writeSoftContents } from './soft-store.ts';

/** The keys and anchors of a folder, as they are on disk. */
export class SoftKeys {
  readonly #folder: string;
  #contents: SoftContents;
  #lastChange: Promise<void> = Promise.resolve();

  private constructor(folder: string, contents: SoftContents) {
    this.#folder = folder;
    this.#contents = contents;
  }

  /** Reads them, or begins with none. */
  static async open(folder: string): Promise<SoftKeys> {
    const found = await readSoftContents(folder);
    const contents = found ?? { serial: randomBytes(8).toString('hex'), keys: [], anchors: {} };
    if (found === undefined) await writeSoftContents(folder, contents);
    return new SoftKeys(folder, contents);
  }

  get contents(): SoftContents {
    return this.#contents;
  }

  /** The one key of this name. Throws `hsm.key-missing` and `hsm.key-ambiguous`. */
  find(key: KeyName): SoftKey {
    checkLabel(key.label);
    checkKeyId(key.id);
    const found = this.#contents.keys.filter((other) => other.label === key.label && other.id === key.id);
    if (found.length > 1) throw new StationError('hsm.key-ambiguous', { label: key.label });
    if (found[0] === undefined) throw new StationError('hsm.key-missing', { label: key.label });
    return found[0];
  }

  /** Throws `hsm.key-exists`. */
  refuseTaken(label: string): void {
    if (this.#contents.keys.some((key) => key.label === label)) throw new StationError('hsm.key-exists', { label });
  }

  async add(key: SoftKey): Promise<void> {
    return this.change((contents) => {
      this.refuseTaken(key.label);
      return { ...contents, keys: [...contents.keys, key] };
    });
  }

  /** Changes come one after the other, each on what the one before left, and count once they are on disk. */
  async change(next: (contents: SoftContents) => SoftContents): Promise<void> {
    const change = this.#lastChange.then(async () => {
      const contents = next(this.#contents);
      await writeSoftContents(this.#folder, contents);
      this.#contents = contents;
    });
    this.#lastChange = change.catch(() => undefined); // who asked for the change gets its error; the next one goes on
    return change;
  }

  /** Resolves when all changes so far are on disk or were refused. */
  async settled(): Promise<void> {
    await this.#lastChange;
  }
}
