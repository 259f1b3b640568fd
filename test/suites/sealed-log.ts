import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { Heads, type KeyRow } from '../../station-core/audit/heads.ts';
import { AuditLog, type Entry } from '../../station-core/audit/log.ts';
import { type HeadSigner, Sealing } from '../../station-core/audit/sealing.ts';
import { Stop } from '../../station-core/audit/stop.ts';
import { Commits } from '../../station-core/store/commit.ts';
import { Disclosures } from '../../station-core/store/disclosure.ts';
import { type Db, openStore, writeStationRow } from '../../station-core/store/open.ts';

const spkiOf = (key: KeyObject): string => key.export({ format: 'der', type: 'spki' }).toString('base64');

/** A log with signed heads in a folder, by the station's own writer; its keys are in this process. */
export class SealedLog {
  readonly db: Db;
  readonly heads: Heads;
  readonly sealing: Sealing;
  readonly #audit: AuditLog;
  readonly #commits: Commits;
  readonly #names: Disclosures;
  readonly #p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #ed25519 = generateKeyPairSync('ed25519');
  #written = 0;
  readonly signer: HeadSigner = async (_, text) => ({
    ecdsa: sign('sha256', text, this.#p256.privateKey),
    ed25519: sign(null, text, this.#ed25519.privateKey),
  });

  constructor(folder: string) {
    this.db = openStore(folder, 'owner');
    this.heads = new Heads(this.db);
    this.#commits = new Commits(this.db);
    this.#names = new Disclosures(this.db);
    const station = { mode: 'practice', station: 'line 3', origin: 'birthmark/line%203/0a0b0c0d', madeAt } as const;
    writeStationRow(this.db, station);
    this.#audit = new AuditLog(this.db, {
      station: station.station,
      origin: station.origin,
      boot: '0011223344556677',
      software: '0.1.0',
      config: '0'.repeat(64),
      now: () => ({
        at: new Date(Date.parse(madeAt) + this.#written * 1_000).toISOString(),
        mono: 0,
        trust: 'unknown',
      }),
    });
    this.sealing = new Sealing({
      db: this.db,
      commit: (write) => this.#commits.commit(write),
      log: this.#audit,
      heads: this.heads,
      stop: new Stop(this.db),
      sign: this.signer,
      now: () => madeAt,
      timer: () => () => undefined,
      incident: (thrown) => {
        throw thrown;
      },
    });
  }

  /** The log's key as its row has it; `since`: the entry that names it. */
  keyRow(since: number | null): KeyRow {
    return {
      n: 1,
      origin: 'birthmark/line%203/0a0b0c0d',
      label: 'birthmark-audit-aabbcc',
      id: '0102',
      publicKey: this.key,
      edLabel: 'birthmark-audit-ed25519-aabbcc',
      edId: '0304',
      edPublicKey: spkiOf(this.#ed25519.publicKey),
      since,
    };
  }

  /** The P-256 key that an auditor would have been given, base64 of its SubjectPublicKeyInfo. */
  get key(): string {
    return spkiOf(this.#p256.publicKey);
  }

  /** The founding entries: who the station is, and the log's key. */
  found(): Promise<void> {
    return this.#commits.commit(() => {
      this.#append({ action: 'station.founded', result: 'ok', details: { mode: 'practice', madeAt } });
      this.#append({ action: 'software.started', result: 'ok' });
      const row = this.keyRow(2);
      this.heads.addKey(row);
      const { n, origin, id, publicKey: p256, edPublicKey: ed25519, edLabel, edId } = row;
      const key = { label: row.label, hsm: 'hsm-1', checkValue: '0011223344556677' };
      this.#append({
        action: 'audit.key-made',
        result: 'ok',
        key,
        details: { n, origin, id, p256, ed25519, edLabel, edId },
      });
    });
  }

  /** So many entries about units. */
  write(entries: number): Promise<void> {
    return this.#commits.commit(() => {
      for (let i = 0; i < entries; i++) this.#append(this.#aboutUnit(this.#written));
    });
  }

  append(entries: Iterable<Entry>): Promise<void> {
    return this.#commits.commit(() => {
      for (const entry of entries) this.#append(entry);
    });
  }

  close(): void {
    this.db.pragma('wal_checkpoint(TRUNCATE)');
    this.db.pragma('journal_mode = DELETE');
    this.db.close();
  }

  #append(entry: Entry): void {
    this.#audit.append(entry);
    this.#written++;
  }

  #aboutUnit(n: number): Entry {
    const unit = Math.floor(n / 3);
    const serial = this.#names.put('serial', `SN-${unit}`).commitment;
    const registrationId = this.#names.put('registrationId', `sn-${unit}`).commitment;
    const about = { run: unit, lane: 1 + (unit % 4), order: 'spring', unit: { serial, registrationId } };
    const actions = ['run.opened', 'credential.released', 'run.closed'] as const;
    return { action: actions[n % 3] ?? 'run.opened', result: 'ok', ...about, details: { n } };
  }
}

const madeAt = '2026-11-27T08:00:00.000Z';
