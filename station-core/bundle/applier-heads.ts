import { parseCheckpoint } from '../audit/note.ts';
import { StationError } from '../contract/errors.ts';
import type { Db } from '../store/open.ts';
import type { Manifest } from './format.ts';

type Head = { readonly origin: string; readonly size: number; readonly root: Buffer };

/** What the applier knows of the audit trails of its stations: whoever sees a station's bundles sees when it became older. */
export class ApplierHeads {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /**
   * Throws `bundle.older-head` for a bundle whose station knew of more entries before, or of others. A station that has had a head has one
   * for good. Throws `input.invalid` for a checkpoint that is none.
   */
  requireNoOlder({ origin: log, station, sequence, checkpoint }: Manifest): void {
    const said = checkpoint === undefined ? undefined : parseCheckpoint(checkpoint);
    const before = said ? this.#of(log, said.origin) : this.#newest(log);
    if (!before) return;
    const size = said?.size ?? 0;
    const grew = size > before.size || (size === before.size && said?.root.equals(before.root) === true);
    if (!grew) throw new StationError('bundle.older-head', { sequence, station, size, last: before.size });
  }

  /** Inside the commit that takes the bundle. */
  saw({ origin: log, checkpoint: note }: Manifest, bundle: number): void {
    if (note === undefined) return;
    const { origin, size, root } = parseCheckpoint(note);
    this.#db
      .prepare(
        `INSERT INTO seen_head (log, origin, size, root, note, bundle) VALUES (@log, @origin, @size, @root, @note, @bundle)
         ON CONFLICT (log, origin) DO UPDATE SET size = @size, root = @root, note = @note, bundle = @bundle`,
      )
      .run({ log, origin, size, root, note, bundle });
  }

  /** The newest checkpoint that came from this station, or none. */
  noteOf(log: string): string | undefined {
    return this.#newest(log)?.note;
  }

  #newest(log: string): (Head & { readonly note: string }) | undefined {
    return this.#db
      .prepare<[string], Head & { readonly note: string }>(
        'SELECT origin, size, root, note FROM seen_head WHERE log = ? ORDER BY bundle DESC LIMIT 1',
      )
      .get(log);
  }

  #of(log: string, origin: string): Head | undefined {
    return this.#db
      .prepare<[string, string], Head>('SELECT origin, size, root FROM seen_head WHERE log = ? AND origin = ?')
      .get(log, origin);
  }
}
