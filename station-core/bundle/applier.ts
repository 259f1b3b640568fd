import type { Clock } from '../clock.ts';
import { isoTime } from '../clock.ts';
import type { ApplierFile, StationFile } from '../contract/bundle.ts';
import { StationError } from '../contract/errors.ts';
import type { Mode } from '../contract/record.ts';
import { applierStore, openStore } from '../store/open.ts';
import { labelOf, type OutboxRow } from '../store/outbox.ts';
import { openRecords, type Records } from '../store/records.ts';
import type { Carried, Fate } from '../sync/targets/target.ts';
import { openIdentity } from './applier-folder.ts';
import { ApplierHeads } from './applier-heads.ts';
import type { ApplierKeys } from './applier-keys.ts';
import { ApplierState, type TakenBundle } from './applier-state.ts';
import { type Content, unpack } from './content.ts';
import { fingerprintOf, type Manifest, type Receipts } from './format.ts';
import { signReceipts } from './receipts.ts';
import { decryptRows, type ReadBundle, readBundle, verifyBundle } from './sealed.ts';

export type ApplierNeed = {
  readonly folder: string;
  readonly mode: Mode;
  readonly clock: Clock;
};

/** What a person decided about a bundle whose predecessor is not here. */
export type TakeHow = { readonly acceptGap: boolean };

const target = 'dps';

/**
 * The connected end of the air gap: takes bundles of trusted stations into an outbox of its own, once each and in order, and answers
 * signed receipts. Keys of units are on its disk only as they were carried, encrypted; opened, they are in memory alone.
 */
export class Applier {
  readonly fingerprint: string;
  readonly records: Records;
  readonly #need: ApplierNeed;
  readonly #keys: ApplierKeys;
  readonly #state: ApplierState;
  readonly #heads: ApplierHeads;
  readonly #opened = new Map<number, { readonly plain: Buffer; readonly content: Content }>();

  private constructor(need: ApplierNeed, keys: ApplierKeys, publicFile: ApplierFile) {
    this.#need = need;
    this.#keys = keys;
    this.fingerprint = fingerprintOf(publicFile);
    this.records = openRecords(openStore(need.folder, 'owner', applierStore));
    this.#state = new ApplierState(this.records.db);
    this.#heads = new ApplierHeads(this.records.db);
  }

  /** Opens the folder; `phrase` opens its keys. Throws `bundle.no-applier-folder`, `input.invalid`. */
  static async open(need: ApplierNeed, phrase: Buffer): Promise<Applier> {
    const { keys, file } = await openIdentity(need.folder, phrase);
    return new Applier(need, keys, file);
  }

  /** Pins a station's key. Throws `bundle.trusted-otherwise` when another key is pinned for it. */
  async trust(station: StationFile): Promise<void> {
    const known = this.#state.station(station.origin);
    const { origin } = station;
    if (known && known.key !== station.key) throw new StationError('bundle.trusted-otherwise', { station: origin });
    if (known) return;
    await this.records.commits.commit(() => this.#state.trust(station, isoTime(this.#need.clock)));
  }

  /**
   * Takes a bundle, or finds that it was taken. Everything is checked before anything of it is stored: signature, whom it is for, its
   * place in the sequence, its time, every row. Throws `bundle.*` and `input.invalid`; then nothing has changed.
   */
  async take(text: string, how: TakeHow): Promise<TakenBundle> {
    const read = readBundle(text);
    const station = this.#state.station(read.manifest.origin);
    if (!station) throw new StationError('bundle.unknown-station', { station: read.manifest.origin });
    const { lastSequence, lastSha256, ...file } = station;
    const jwe = await verifyBundle(read, file);
    const { manifest } = read;
    if (manifest.applier !== this.fingerprint) {
      throw new StationError('bundle.foreign', { what: 'bundle', whom: `the applier ${manifest.applier}` });
    }
    if (manifest.mode !== this.#need.mode) {
      throw new StationError('station.mode', { what: `A bundle of a ${manifest.mode} station`, mode: this.#need.mode });
    }
    const known = this.#state.byHash(read.sha256);
    if (known) return known;
    this.#requireNext(manifest, { sequence: lastSequence, sha256: lastSha256 }, how);
    this.#heads.requireNoOlder(manifest);
    const plain = await decryptRows(jwe, manifest, this.#keys.decryption);
    try {
      return await this.#store(read, plain);
    } finally {
      plain.fill(0);
    }
  }

  /** Nothing older, nothing twice with another content, nothing out of its chain, nothing late. */
  #requireNext(manifest: Manifest, last: { sequence: number; sha256: Buffer | null }, { acceptGap }: TakeHow): void {
    const { sequence, station, previous, expiresAt } = manifest;
    if (sequence <= last.sequence) {
      throw new StationError('bundle.replayed', { sequence, station, last: last.sequence });
    }
    if (Date.parse(expiresAt) <= this.#need.clock.now()) {
      throw new StationError('bundle.expired', { sequence, at: expiresAt });
    }
    const follows =
      (previous?.sequence ?? 0) === last.sequence &&
      (previous?.sha256 ?? null) === (last.sha256?.toString('hex') ?? null);
    if (follows || acceptGap) return;
    throw new StationError('bundle.gap', {
      sequence,
      station,
      previous: previous?.sequence ?? 'none',
      last: last.sequence,
    });
  }

  async #store({ manifest, sha256, jws }: ReadBundle, plain: Buffer): Promise<TakenBundle> {
    const { rows } = unpack(plain);
    if (rows.size !== manifest.rows) {
      const expected = `${manifest.rows} rows`;
      throw new StationError('input.invalid', { place: 'bundle, rows', expected, found: `${rows.size}` });
    }
    const { commits, outbox, disclosures } = this.records;
    return commits.commit(() => {
      const id = this.#state.take(manifest, sha256, jws, isoTime(this.#need.clock));
      this.#heads.saw(manifest, id);
      const taken = new Map<number, number>();
      for (const { registrationId, action, body, after, id: row } of rows.values()) {
        const { id: registration } = disclosures.put(labelOf(action), registrationId);
        // Parked rows went back to their station, which sends what follows from it now.
        for (const parked of this.#state.parkedOf(target, registration)) outbox.done(parked, '{"answer":"given back"}');
        const before = after === null ? undefined : taken.get(after);
        const made = outbox.queue({
          target,
          registrationId,
          action,
          body,
          credential: null,
          dueMs: this.#need.clock.now(),
          ...(before === undefined ? {} : { after: before }),
        });
        this.#state.addRow(id, row, made);
        taken.set(row, made);
      }
      const stored = this.#state.byId(id);
      if (!stored) throw new TypeError('a bundle that was just stored');
      return stored;
    });
  }

  /** What a row of the outbox carries, out of its bundle; keys are copies, which the target zeroes. */
  async carriedOf({ id }: Pick<OutboxRow, 'id'>): Promise<Carried> {
    const row = this.#state.rowOf(id);
    const carried = row && (await this.#open(row.bundle)).content.carried.get(row.row);
    if (!carried)
      throw new StationError('store.damaged', { what: `outbox row ${id}`, reason: 'its bundle has no key for it' });
    if (!('keys' in carried)) return carried;
    const { primary, secondary } = carried.keys;
    return { keys: { primary: Buffer.from(primary), secondary: Buffer.from(secondary) } };
  }

  /**
   * A row as its station would send it itself. What it carries is asked for by its number, whatever its credential is called here; the
   * etag that it may replace came with it.
   */
  async asCarried(row: OutboxRow): Promise<OutboxRow> {
    const taken = this.#state.rowOf(row.id);
    if (!taken)
      throw new StationError('store.damaged', { what: `outbox row ${row.id}`, reason: 'it came in no bundle' });
    const { content } = await this.#open(taken.bundle);
    const { replaces = null } = content.rows.get(taken.row) ?? {};
    return { ...row, replaces, credential: content.carried.has(taken.row) ? row.id : null };
  }

  /** Whether a row's bundle has expired: its station may send the row itself by now. */
  isLate(id: number): boolean {
    return (this.#state.rowOf(id)?.expiresMs ?? 0) <= this.#need.clock.now();
  }

  async #open(bundle: number): Promise<{ readonly plain: Buffer; readonly content: Content }> {
    const known = this.#opened.get(bundle);
    if (known) return known;
    const { bytes, origin } = this.#state.byId(bundle) ?? { bytes: null, origin: '' };
    const station = this.#state.station(origin);
    if (bytes === null || !station)
      throw new StationError('store.damaged', { what: `bundle ${bundle}`, reason: 'it is gone' });
    const read = readBundle(bytes);
    const { lastSequence: _, lastSha256: __, ...file } = station;
    const plain = await decryptRows(await verifyBundle(read, file), read.manifest, this.#keys.decryption);
    const opened = { plain, content: unpack(plain) };
    this.#opened.set(bundle, opened);
    return opened;
  }

  /** Inside the commit that settles a row: what the receipts will say of it. */
  settled(row: OutboxRow, fate: Fate): void {
    if ('done' in fate) this.#state.done(row.id, fate.done);
    else if ('park' in fate && fate.park.code === 'bundle.expired') this.#state.giveBack(row.id);
    else if ('park' in fate) this.#state.park(row.id, fate.park);
  }

  /** Inside the same commit: operations of a call with these rows, shared among their bundles. */
  billed(rows: readonly OutboxRow[], operations: number): void {
    for (const { id } of rows) {
      const taken = this.#state.rowOf(id);
      if (taken) this.#state.bill(taken.bundle, operations / rows.length);
    }
  }

  /** Ends rows that will not be sent from here: late ones, and those behind one that has no way on. */
  async giveBack(): Promise<void> {
    const { commits, outbox } = this.records;
    await commits.commit(() => {
      let rows = [...this.#state.late(this.#need.clock.now()), ...this.#state.stuck()];
      while (rows.length > 0) {
        for (const row of rows) {
          this.#state.giveBack(row);
          outbox.done(row, '{"answer":"given back"}');
        }
        rows = this.#state.stuck();
      }
    });
  }

  /** The receipts of a bundle as it stands now; once every row has its end, the same text for ever. */
  async receiptsOf({ id }: Pick<TakenBundle, 'id'>): Promise<{ readonly text: string; readonly receipts: Receipts }> {
    const bundle = this.#state.byId(id);
    if (!bundle) throw new StationError('store.damaged', { what: `bundle ${id}`, reason: 'it is gone' });
    const rows = this.#state.results(id);
    const number = bundle.receiptsNumber + (bundle.receipts === null ? 1 : 0);
    const checkpoint = this.#heads.noteOf(bundle.origin);
    const receipts: Receipts = {
      v: 1,
      bundle: bundle.sha256.toString('hex'),
      origin: bundle.origin,
      sequence: bundle.sequence,
      applier: this.fingerprint,
      number,
      madeAt: isoTime(this.#need.clock),
      ...(checkpoint === undefined ? {} : { checkpoint }),
      // Shares of a call are thirds and sevenths; nobody counts finer than this.
      operations: Math.round(bundle.operations * 1_000) / 1_000,
      rows,
    };
    if (bundle.receipts !== null) return { text: bundle.receipts, receipts };
    const text = await signReceipts(receipts, this.#keys.receipts);
    const complete = rows.every(({ result }) => result !== 'open');
    await this.records.commits.commit(() => this.#state.noteReceipts(id, number, complete ? text : null));
    if (complete) this.#forget(id);
    return { text, receipts };
  }

  #forget(bundle: number): void {
    this.#opened.get(bundle)?.plain.fill(0);
    this.#opened.delete(bundle);
  }

  close(): void {
    for (const bundle of [...this.#opened.keys()]) this.#forget(bundle);
    this.records.db.close();
  }
}
