import { StationError } from '../../contract/errors.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import { isOfTpm } from '../dps/bodies.ts';
import { refusePrivate } from '../dps/outbound.ts';
import { entryOf } from '../folder/entries.ts';
import { Shelf, type Wanted } from '../folder/shelf.ts';
import type { Carried, Fate, Sent, Target } from './target.ts';

export type FolderTargetNeed = {
  /** Where the files go; made when it is not there. */
  readonly folder: string;
  readonly carriedOf: (row: OutboxRow) => Promise<Carried>;
};

/** What is wrong with one row; everything else concerns the folder or the HSM. */
const ofOneRow: ReadonlySet<string> = new Set([
  'hsm.unsealable',
  'store.damaged',
  'folder.key',
  'folder.changed',
  'cloud.private-key',
]);

/**
 * A folder of files for an operator who enrols by hand (F-143): the same bodies as DPS would get, at most 10 in a JSON array, which a bulk
 * call takes as it is, and a table beside it. The receipt is the file's name and SHA-256: that it was enrolled nobody knows here.
 */
export class FolderTarget implements Target {
  readonly name = 'folder';
  readonly batch = 10;
  /** One after the other: files are written in the order of their rows. */
  readonly abreast = 1;
  readonly #need: FolderTargetNeed;
  #shelf: Shelf | undefined;

  constructor(need: FolderTargetNeed) {
    this.#need = need;
  }

  async reachable(): Promise<boolean> {
    return true;
  }

  async send(rows: readonly OutboxRow[], _signal: AbortSignal, { fates }: Sent): Promise<void> {
    this.#shelf ??= new Shelf(this.#need.folder);
    const shelf = this.#shelf;
    const wanted: Wanted[] = [];
    for (const row of rows) {
      const entry = await fate(fates, row.id, () => this.#entry(row));
      if (entry) wanted.push({ row: row.id, action: row.action, entry });
    }
    const fresh = wanted.filter(({ row }) => !shelf.has(row));
    for (const action of new Set(fresh.map((one) => one.action))) {
      shelf.write(
        action,
        fresh.filter((one) => one.action === action),
      );
    }
    for (const one of wanted) {
      const written = await fate(fates, one.row, async () => shelf.find(one));
      if (written) fates.set(one.row, { done: JSON.stringify({ answer: 'written', ...written }) });
    }
  }

  async #entry(row: OutboxRow): Promise<object> {
    const carried = needsCarried(row) ? await this.#need.carriedOf(row) : undefined;
    if (carried && 'keys' in carried) {
      carried.keys.primary.fill(0);
      carried.keys.secondary.fill(0);
      throw new StationError('folder.key');
    }
    const entry = entryOf(row, carried);
    refusePrivate(Buffer.from(JSON.stringify(entry), 'utf8'));
    return entry;
  }
}

/** Changes say all that can be said without the service; only what is made, or gets a new certificate, needs more. */
const needsCarried = (row: OutboxRow): boolean =>
  isOfTpm(row) || (row.credential !== null && ['create', 'roll', 'reissue'].includes(row.action));

/** What `act` answers, or the row is parked for what is wrong with it alone. */
async function fate<T>(fates: Map<number, Fate>, row: number, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (thrown) {
    if (!(thrown instanceof StationError) || !ofOneRow.has(thrown.code)) throw thrown;
    fates.set(row, { park: thrown.toData() });
    return undefined;
  }
}
