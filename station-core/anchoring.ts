import { anchorLabel } from './anchors/anchor.ts';
import { judge, type Own, readHead, type Seen, type Verdict } from './anchors/compare.ts';
import { Keeper } from './anchors/keeper.ts';
import { anchors } from './anchors/registry.ts';
import { logKeyOf } from './audit/heads.ts';
import { StoredTree } from './audit/tree.ts';
import { auditHsm } from './audit-keys.ts';
import { isoTime } from './clock.ts';
import { queueAnchor } from './cloud-anchor.ts';
import type { AnchorView } from './contract/audit-anchors.ts';
import { StationError } from './contract/errors.ts';
import type { Station } from './station.ts';

/** A head that was seen outside and that this log does not hold. */
type Found = { readonly seen: Seen; readonly anchor: string; readonly verdict: 'older' | 'forked' };

/**
 * Compares the log with copies of its heads outside of the database, and keeps them at the newest head. What is older than one of
 * them, or another log than theirs, stops until two people reconcile.
 */
export class Anchoring {
  /** By what anchors tell the logs of several stations apart. */
  readonly label: string;
  readonly #station: Station;
  readonly #tree: StoredTree;
  readonly #keepers: readonly Keeper[];
  #looking: Promise<void> = Promise.resolve();
  #queueing: Promise<void> = Promise.resolve();

  constructor(station: Station) {
    const { row, parts, records, stop, sealing } = station;
    this.#station = station;
    this.#tree = new StoredTree(records.db);
    this.label = anchorLabel(row.station, row.origin);
    const [own, ...others] = parts.anchorFolders ?? [];
    const kept = [
      ...(own === undefined ? [] : [anchors.token({ hsm: auditHsm(parts), label: this.label })]),
      ...(own === undefined ? [] : [anchors.folder({ folder: own, label: this.label, own: true })]),
      ...others.map((folder) => anchors.folder({ folder, label: this.label, own: false })),
    ];
    this.#keepers = kept.map(
      (anchor) =>
        new Keeper({
          anchor,
          compare: async (note, name) => (await this.compareNote(note, name)) === undefined,
          mayWrite: () => stop.error() === undefined,
          told: (name, problem) => this.#told(name, problem),
        }),
    );
    sealing.onSigned(({ note }) => this.#keep(note));
  }

  /**
   * Compares the log with every anchor that was not read since the station started. Nothing is signed and no unit is made before it ended.
   * An anchor that does not answer is told and passed over. Never throws, but for a disk that does not take the record of a stop.
   */
  look(): Promise<void> {
    const look = () => this.#lookNow();
    // A look whose record the disk did not take is no reason not to look again.
    this.#looking = this.#looking.then(look, look);
    return this.#looking;
  }

  /** Throws why lanes, certificates and lists are stopped, once a look that is on its way has ended. */
  async require(): Promise<void> {
    await this.#looking;
    this.#station.stop.refuse();
  }

  /**
   * Compares the log with a note from outside: the error that it stopped for, or none. What is no head of this log, or was changed, is told
   * and counts as none. `anchor` says for people where it was.
   */
  async compareNote(note: string, anchor: string): Promise<StationError | undefined> {
    const found = this.#find(note, anchor);
    return found && this.#stopFor(found);
  }

  /** As `compareNote`, for what a person shows: throws `input.invalid` for what is no head of this log, `audit.older`, `audit.forked`. */
  async requireSame(seen: Seen, anchor: string): Promise<Extract<Verdict, 'same' | 'left'>> {
    const verdict = judge(this.own(), seen);
    if (verdict === 'same' || verdict === 'left') return verdict;
    throw await this.#stopFor({ seen, anchor, verdict });
  }

  /** Brings every anchor to the newest head, the cloud too. */
  keepNewest(): void {
    const newest = this.#station.heads.newest();
    if (newest) this.#keep(newest.note);
  }

  /** Resolves when nothing is being written any more. */
  async idle(): Promise<void> {
    await Promise.all([this.#queueing, ...this.#keepers.map((keeper) => keeper.idle())]);
  }

  view(): AnchorView[] {
    return this.#keepers.map(({ name, problem }) => ({ name, ...(problem === undefined ? {} : { problem }) }));
  }

  /** The log as this station has it. */
  own(): Own {
    const { audit, heads, records } = this.#station;
    const left = records.db.prepare<[], { origin: string; size: number }>('SELECT origin, size FROM audit_left').all();
    return {
      entries: audit.head().entries,
      sealed: heads.newest()?.size ?? 0,
      root: (size) => this.#tree.root(size),
      keys: heads.keys().map(logKeyOf),
      left: new Map(left.map(({ origin, size }) => [origin, size])),
    };
  }

  async #lookNow(): Promise<void> {
    const unseen = this.#keepers.filter(({ seen }) => !seen);
    const found = await Promise.all(
      unseen.map(async (keeper) => {
        const note = await keeper.read();
        return note === undefined ? undefined : this.#find(note, keeper.name);
      }),
    );
    // The one that knows most: two people agree to leave that one behind.
    const [worst] = found.filter((one) => one !== undefined).toSorted((one, other) => other.seen.size - one.seen.size);
    if (worst) await this.#stopFor(worst);
  }

  #find(note: string, anchor: string): Found | undefined {
    const own = this.own();
    try {
      const { size, root, origin } = readHead(note, own.keys).head;
      const seen = { size, root, origin };
      const verdict = judge(own, seen);
      return verdict === 'same' || verdict === 'left' ? undefined : { seen, anchor, verdict };
    } catch (thrown) {
      if (!(thrown instanceof StationError)) throw thrown;
      this.#told(anchor, thrown.message);
      return undefined;
    }
  }

  /** The stop and its entry, in one transaction. A head that knows more than the one it stopped for takes its place. */
  async #stopFor({ seen, anchor, verdict }: Found): Promise<StationError> {
    const { records, stop, audit, parts, lanes } = this.#station;
    const { entries } = audit.head();
    const root = seen.root.toString('base64');
    const { size, origin } = seen;
    const about = { anchor, size, root, here: entries, ...(origin === undefined ? {} : { origin }) };
    const error = new StationError(`audit.${verdict}`, about);
    await records.commits.commit(() => {
      const before = stop.error();
      if (before?.code === 'audit.damaged' || Number(before?.details.size ?? -1) >= size) return;
      stop.clear();
      stop.set(error.toData(), isoTime(parts.clock));
      const details = { anchor, ourSize: entries, itsSize: size, itsRoot: root };
      audit.append({ action: 'audit.rollback-found', result: 'failed', reason: error.code, details });
      records.commits.afterwards(() => lanes.changed());
    });
    return error;
  }

  #keep(note: string): void {
    const { parts, stop } = this.#station;
    if (stop.error()) return;
    for (const keeper of this.#keepers) keeper.write(note);
    if (!parts.anchorFolders) return;
    this.#queueing = queueAnchor(this.#station).catch((thrown: unknown) => {
      parts.log.incident(thrown);
    });
  }

  #told(anchor: string, problem: string | undefined): void {
    const { logger } = this.#station.parts.log;
    if (problem === undefined) logger.info('{anchor} answers again', { anchor });
    else logger.warn('{anchor}: {problem}', { anchor, problem });
  }
}
