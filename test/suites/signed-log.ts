import { generateKeyPairSync, sign } from 'node:crypto';
import { Heads, logKeyOf } from '../../station-core/audit/heads.ts';
import { AuditLog, type Entry } from '../../station-core/audit/log.ts';
import { leafHash } from '../../station-core/audit/merkle.ts';
import { checkpointText, noteOf, verifierKeys } from '../../station-core/audit/note.ts';
import { type HeadSigner, Sealing } from '../../station-core/audit/sealing.ts';
import { Stop } from '../../station-core/audit/stop.ts';
import { StoredTree } from '../../station-core/audit/tree.ts';
import { systemClock } from '../../station-core/clock.ts';
import { type Db, openStore, writeStationRow } from '../../station-core/store/open.ts';

const origin = 'birthmark/test/00000000';
const at = '2026-01-02T03:04:05.006Z';

/** A log in a folder with the product's own writer, whose heads are signed with keys of node:crypto instead of an HSM's. */
export class SignedLog {
  readonly folder: string;
  readonly db: Db;
  readonly log: AuditLog;
  readonly heads: Heads;
  readonly #sealing: Sealing;
  readonly #sign: HeadSigner;

  /** `named`: its first entry names its key, as a station's does. */
  constructor(folder: string, named = true) {
    this.folder = folder;
    this.db = openStore(folder, 'owner');
    this.db.pragma('synchronous = OFF');
    writeStationRow(this.db, { mode: 'practice', station: 'test', origin, madeAt: at });
    const now = () => ({ at, mono: 123_456, trust: 'synchronised' as const });
    const about = { boot: '0123456789abcdef', software: '0.1.0', config: '42'.repeat(32) };
    this.log = new AuditLog(this.db, { station: 'test', origin, ...about, now });
    this.heads = new Heads(this.db);
    this.#sign = this.#makeKey(named);
    this.#sealing = this.#makeSealing();
  }

  append(entries: Iterable<Entry>): void {
    this.db.transaction(() => {
      for (const entry of entries) this.log.append(entry);
    })();
  }

  /** A head over everything, by the product's own way, which looks at every entry before. */
  async seal(): Promise<void> {
    if (!(await this.#sealing.sign('entries'))) throw new TypeError('no head was signed');
  }

  /** Entries of these bytes, which no station would write, for vectors that others published; and a head over them. */
  async raw(entries: Iterable<string>): Promise<void> {
    const insert = this.db.prepare('INSERT INTO audit_entry (seq, bytes, leaf) VALUES (?, ?, ?)');
    const tree = new StoredTree(this.db);
    let size = 0;
    this.db.transaction(() => {
      for (const bytes of entries) {
        insert.run(size, bytes, leafHash(bytes));
        tree.append(size++);
      }
    })();
    const root = tree.root(size);
    const { n } = this.heads.intend({ size, root, key: 1, why: 'entries' });
    const [row] = this.heads.keys();
    if (!row) throw new TypeError('no key');
    const text = checkpointText(origin, size, root);
    const { ecdsa, ed25519 } = await this.#sign(row, Buffer.from(text));
    this.heads.signed(n, noteOf(logKeyOf(row), text, ecdsa, ed25519));
  }

  /** What verifiers are given of its key. */
  get verifierKeys(): string {
    return this.heads
      .keys()
      .flatMap((row) => verifierKeys(logKeyOf(row)))
      .join('\n')
      .concat('\n');
  }

  #makeKey(inLog: boolean): HeadSigner {
    const p256 = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const ed25519 = generateKeyPairSync('ed25519');
    const spki = (key: typeof p256.publicKey) => key.export({ type: 'spki', format: 'der' }).toString('base64');
    const halves = { p256: spki(p256.publicKey), ed25519: spki(ed25519.publicKey) };
    this.db.transaction(() => {
      const named = { id: '0102', edLabel: 'birthmark-audit-ed25519-aabbcc', edId: '0304' };
      const label = 'birthmark-audit-aabbcc';
      const key = { label, hsm: '3494e2d84941b51e', checkValue: '20c3120efb8d7199' };
      const details = { n: 1, origin, ...halves, ...named };
      const since = inLog ? this.log.append({ action: 'audit.key-made', result: 'ok', key, details }) : null;
      const pair = { publicKey: halves.p256, edPublicKey: halves.ed25519 };
      this.heads.addKey({ n: 1, origin, label, ...named, ...pair, since });
    })();
    return async (_, text) => ({
      ecdsa: sign('sha256', text, p256.privateKey),
      ed25519: sign(null, text, ed25519.privateKey),
    });
  }

  #makeSealing(): Sealing {
    const { db, log, heads } = this;
    return new Sealing({
      db,
      commit: async (write) => db.transaction(write)(),
      log,
      heads,
      stop: new Stop(db),
      sign: this.#sign,
      now: () => at,
      timer: (ms, ring) => systemClock.timer(ms, ring),
      incident: () => undefined,
    });
  }
}

/** The entries of a line, some 700 bytes each: a run is opened, a credential goes out, the run is closed. */
export function* lineEntries(from: number, to: number): Generator<Entry> {
  for (let n = from; n < to; n++) yield entryOf(n);
}

function entryOf(n: number): Entry {
  const run = Math.floor(n / 3);
  const commitment = (label: string) =>
    `hmac-sha256:${Buffer.from(`${label} ${run}`.padEnd(32, '.')).toString('base64')}`;
  const unit = { serial: commitment('serial'), registrationId: commitment('registration') };
  const about = { lane: (run % 8) + 1, order: `order-${run % 2}`, run, unit };
  const who = { actor: commitment('person'), role: 'technician' };
  const key = { label: 'line-3-group', hsm: '3494e2d84941b51e', checkValue: '20c3120efb8d7199' };
  const fingerprint = '10dc80c3510c6c8c5968377e4b4eecc3324860aa29c8694df029916d3473dfce';
  const kinds: readonly Entry[] = [
    { action: 'run.opened', result: 'ok', ...who, ...about },
    { action: 'credential.released', result: 'ok', ...about, key, details: { fingerprint, kind: 'symmetricKey' } },
    { action: 'run.closed', result: 'ok', ...who, ...about, details: { outcome: 'passed' } },
  ];
  return kinds[n % 3] as Entry;
}
