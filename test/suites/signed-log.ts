import { logKeyOf } from '../../station-core/audit/heads.ts';
import type { Entry } from '../../station-core/audit/log.ts';
import { leafHash } from '../../station-core/audit/merkle.ts';
import { checkpointText, noteOf, verifierKeys } from '../../station-core/audit/note.ts';
import { StoredTree } from '../../station-core/audit/tree.ts';
import { SealedLog } from './sealed-log.ts';

/** A log with signed heads of any size, for exports: its first three entries found it and name its key. */
export class SignedLog extends SealedLog {
  readonly folder: string;

  constructor(folder: string) {
    super(folder);
    this.folder = folder;
    this.db.pragma('synchronous = OFF');
  }

  static async found(folder: string): Promise<SignedLog> {
    const log = new SignedLog(folder);
    await log.found();
    return log;
  }

  /** A head over everything, by the product's own way, which looks at every entry before. */
  async seal(): Promise<void> {
    if (!(await this.sealing.sign('entries'))) throw new TypeError('no head was signed');
  }

  /** In a log that was not founded: entries of these bytes, which no station writes, for vectors of others; and a head over them. */
  async raw(entries: Iterable<string>): Promise<void> {
    const insert = this.db.prepare('INSERT INTO audit_entry (seq, bytes, leaf) VALUES (?, ?, ?)');
    const tree = new StoredTree(this.db);
    const key = this.keyRow(null);
    let size = 0;
    this.db.transaction(() => {
      this.heads.addKey(key);
      for (const bytes of entries) {
        insert.run(size, bytes, leafHash(bytes));
        tree.append(size++);
      }
    })();
    const root = tree.root(size);
    const { n } = this.heads.intend({ size, root, key: 1, why: 'entries' });
    const text = checkpointText(key.origin, size, root);
    const { ecdsa, ed25519 } = await this.signer(key, Buffer.from(text));
    this.heads.signed(n, noteOf(logKeyOf(key), text, ecdsa, ed25519));
  }

  /** What verifiers are given of its key. */
  get verifierKeys(): string {
    return `${verifierKeys(logKeyOf(this.keyRow(null))).join('\n')}\n`;
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
