import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { writeExport } from '../../station-core/audit/export/write.ts';
import { Heads, logKeyOf } from '../../station-core/audit/heads.ts';
import { AuditLog, type Entry } from '../../station-core/audit/log.ts';
import { checkpointText, noteOf } from '../../station-core/audit/note.ts';
import { StoredTree } from '../../station-core/audit/tree.ts';
import type { ExportFilter, ExportKind } from '../../station-core/contract/audit.ts';
import { commitmentTo } from '../../station-core/store/disclosure.ts';
import { openStore } from '../../station-core/store/open.ts';
import { temporaryFolder } from './temporary.ts';

export const origin = 'birthmark/line-3/00000000';

/** What a run of the log ends with. */
export type Made = {
  readonly serial: string;
  readonly order?: string;
  readonly outcome?: 'passed' | 'failed' | 'errored' | 'aborted' | 'indeterminate';
  readonly reason?: string;
  readonly by?: string;
  readonly kind?: 'symmetric-key' | 'x509';
  readonly uploaded?: boolean;
};

/**
 * A log that is the same each time but for its keys: times a second apart, salts that follow from the values. The whole path to an
 * export is the station's own.
 */
export class ReportLog {
  readonly folder = temporaryFolder();
  readonly db: Database.Database;
  readonly audit: AuditLog;
  readonly heads: Heads;
  readonly #keys: { readonly p256: KeyObject; readonly ed25519: KeyObject };
  #seconds = 0;
  #runs = 0;
  #exports = 0;

  constructor(mode: 'practice' | 'production' = 'production') {
    this.db = openStore(this.folder, 'owner');
    // Nobody cuts the power in these tests; a transaction an entry would take its time.
    this.db.pragma('synchronous = OFF');
    onTestFinished(() => void this.db.close());
    const at = () => new Date(Date.UTC(2026, 10, 20, 6) + this.#seconds++ * 1_000).toISOString();
    const now = () => ({ at: at(), mono: this.#seconds * 1_000, trust: 'synchronised' as const });
    const writer = { station: 'line-3', origin, boot: 'b1', software: '0.1.0', config: 'c'.repeat(64), now };
    this.audit = new AuditLog(this.db, writer);
    this.heads = new Heads(this.db);
    const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const ed25519 = generateKeyPairSync('ed25519');
    this.#keys = { p256: p256.privateKey, ed25519: ed25519.privateKey };
    this.db
      .prepare('INSERT INTO station (one, mode, station, origin, made_at) VALUES (1, ?, ?, ?, ?)')
      .run(mode, 'line-3', origin, '2026-11-20T06:00:00.000Z');
    this.append({ action: 'station.founded', result: 'ok', details: { mode, madeAt: '2026-11-20T06:00:00.000Z' } });
    this.append({ action: 'software.started', result: 'ok' });
    const spki = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64');
    const publicKey = spki(p256.publicKey);
    const edPublicKey = spki(ed25519.publicKey);
    const names = { label: 'audit', id: '01', edLabel: 'audit-ed', edId: '02' };
    this.heads.addKey({ n: 1, origin, ...names, publicKey, edPublicKey, since: 2 });
    const { label, ...ids } = names;
    const key = { label, hsm: 'HSM-1', checkValue: '8899aabbccddeeff' };
    const details = { n: 1, origin, p256: publicKey, ed25519: edPublicKey, ...ids };
    this.append({ action: 'audit.key-made', result: 'ok', key, details });
  }

  /** The commitment to a value, whose clear row is made with it. */
  of(label: string, value: string): string {
    const salt = createHash('sha256').update(`${label} ${value}`).digest();
    const commitment = commitmentTo(label, value, salt);
    const insert = 'INSERT INTO disclosure (label, value, salt, commitment) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING';
    this.db.prepare(insert).run(label, value, salt, commitment);
    return commitment;
  }

  append(...entries: readonly Entry[]): void {
    this.db.transaction(() => {
      for (const entry of entries) this.audit.append(entry);
    })();
  }

  /** A whole run with its credential, as the station writes it. Answers the run's number. */
  run({
    serial,
    order = 'O-1',
    outcome = 'passed',
    reason,
    by = 'Tess',
    kind = 'symmetric-key',
    ...made
  }: Made): number {
    const run = ++this.#runs;
    const unit = { serial: this.of('serial', serial), registrationId: this.of('registrationId', serial.toLowerCase()) };
    const about = { lane: 1, order, run, unit, actor: this.of('person', by), role: 'technician' };
    const sha256 = createHash('sha256').update(serial).digest('hex');
    const x509 = { sha256, serialNumber: `40${sha256.slice(0, 36)}`, issuer: 'line-3-ca' };
    const details = {
      operation: sha256.slice(0, 32),
      kind,
      source: kind === 'x509' ? 'unit' : 'derived',
      fingerprint: sha256,
      delivery: 'clear',
      ...(kind === 'x509' ? x509 : {}),
    };
    const key = { label: 'group', hsm: 'HSM-1', checkValue: '0011223344556677' };
    this.append(
      { ...about, action: 'run.opened', result: 'ok', details: { recipe: 'ab'.repeat(32) } },
      ...(outcome === 'passed'
        ? [{ ...about, action: 'credential.released', result: 'ok', key, details } as const]
        : []),
      {
        ...about,
        action: 'run.closed',
        result: outcome === 'passed' ? 'ok' : 'failed',
        ...(reason ? { reason } : {}),
        details: { outcome },
      },
    );
    if (made.uploaded) {
      const row = { target: 'dps', action: 'create', version: 1, registrationId: unit.registrationId };
      this.append({ action: 'upload.received', result: 'ok', details: { ...row, receipt: {} } });
    }
    return run;
  }

  /** A signed head over every entry. */
  sign(): void {
    const { entries: size } = this.audit.head();
    const root = new StoredTree(this.db).root(size);
    const [key] = this.heads.keys();
    if (!key) throw new TypeError('the log has no key');
    const { n } = this.heads.intend({ size, root, key: 1, why: 'asked' });
    const text = checkpointText(origin, size, root);
    const bytes = Buffer.from(text, 'utf8');
    const ecdsa = sign('sha256', bytes, this.#keys.p256);
    this.heads.signed(n, noteOf(logKeyOf(key), text, ecdsa, sign(null, bytes, this.#keys.ed25519)));
  }

  /** Writes an export; answers its folder. */
  async export(
    kind: ExportKind,
    asked: { readonly filter?: ExportFilter; readonly named?: boolean } = {},
  ): Promise<string> {
    const out = join(this.folder, `export-${++this.#exports}`);
    const { filter = {}, named = false } = asked;
    await writeExport({
      db: this.db,
      out,
      order: { kind, filter, named, madeAt: '2026-11-20T12:00:01.000Z', problems: [] },
      schema: { expected: '00'.repeat(32), found: '00'.repeat(32) },
      wrongDisclosures: [],
      software: '0.1.0',
      progress: () => undefined,
    });
    return out;
  }
}
