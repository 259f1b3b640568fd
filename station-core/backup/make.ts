import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { Heads } from '../audit/heads.ts';
import { verifyLog } from '../audit/verify.ts';
import { StationError } from '../contract/errors.ts';
import { fsck } from '../fsck/fsck.ts';
import { type Db, openStore, stationRow } from '../store/open.ts';
import { damaged, digestOf, filesIn, type Manifest, manifestBytes, manifestFile } from './manifest.ts';

/** What is copied beside the database: what a station is made of. Not its log, not the ledger of erasures, not files for others. */
const beside = ['station.json'] as const;
/** Certificates of TPM makers that recipes pin. */
const folders = ['tpm-roots'] as const;

/** Pages of one step: the copy's own process works, the owner's does not. */
const pagesPerStep = 4_096;

export type BackupNeed = {
  readonly folder: string;
  readonly out: string;
  /** How long it may be put back, in days; for good without it. */
  readonly days?: number | undefined;
  readonly software: string;
  readonly now: () => number;
  /** What goes on, and how much of it is done. */
  readonly progress: (what: string, done: number, total: number) => void;
};

/**
 * Copies a station that may be running, at one moment of it, checks the copy as `fsck` and `audit verify` do, and only then gives it
 * its name. Throws `backup.exists`, `backup.damaged` when the copy (so the station) is not sound, `station.no-folder`, `backup.failed`.
 */
export async function makeBackup(need: BackupNeed): Promise<Manifest> {
  const { folder, out } = need;
  if (existsSync(out)) throw new StationError('backup.exists', { folder: out });
  const part = join(dirname(resolve(out)), `.${randomBytes(6).toString('hex')}.part`);
  try {
    mkdirSync(part, { recursive: true, mode: 0o700 });
    await copyDatabase(folder, part, need.progress);
    for (const name of beside) copyFileSync(join(folder, name), join(part, name));
    for (const name of folders) copyFolder(join(folder, name), join(part, name));
    const manifest = await describe(part, need);
    await requireSound(part, need.progress);
    rmSync(join(part, 'station.db-shm'), { force: true });
    rmSync(join(part, 'station.db-wal'), { force: true });
    writeFileSync(join(part, manifestFile), manifestBytes(manifest), { mode: 0o600, flag: 'wx' });
    settleFiles(part);
    renameSync(part, out);
    syncPath(dirname(resolve(out)));
    return manifest;
  } catch (thrown) {
    rmSync(part, { recursive: true, force: true });
    throw asFailure(thrown, out);
  }
}

/** What the disk refuses is told as such; everything else stays what it is. */
function asFailure(thrown: unknown, out: string): unknown {
  const { code } = thrown as { code?: unknown };
  const ofDisk = typeof code === 'string' && /^(E[A-Z]+|SQLITE_(FULL|IOERR|CANTOPEN|BUSY)\w*)$/.test(code);
  return ofDisk ? new StationError('backup.failed', { folder: out, reason: code }, { cause: thrown }) : thrown;
}

/**
 * SQLite's online backup, within one read transaction: every step sees the same moment, however much the owner writes meanwhile
 * (without it a write by another process makes the copy begin anew; SQLite, Online Backup API).
 */
async function copyDatabase(folder: string, part: string, progress: BackupNeed['progress']): Promise<void> {
  const db = openStore(folder, 'reader');
  try {
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    await db.backup(join(part, 'station.db'), {
      progress: ({ totalPages, remainingPages }) => {
        progress('copying', totalPages - remainingPages, totalPages);
        return pagesPerStep;
      },
    });
  } finally {
    db.close();
  }
  // One file, that any SQLite reads without a write-ahead log beside it.
  const copy = new Database(join(part, 'station.db'));
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

function copyFolder(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { mode: 0o700 });
  for (const name of readdirSync(from)) {
    if (statSync(join(from, name)).isFile()) copyFileSync(join(from, name), join(to, name));
  }
}

async function describe(part: string, { days, software, now, progress }: BackupNeed): Promise<Manifest> {
  const db = openStore(part, 'reader');
  try {
    const row = stationRow(db);
    if (!row) throw damaged('station.db', 'it says of no station');
    const names = filesIn(part).filter((name) => !/^station\.db-/.test(name));
    const files: Record<string, Manifest['files'][string]> = {};
    for (const name of names) {
      const { size: bytes } = statSync(join(part, name));
      files[name] = { bytes, sha256: await digestOf(join(part, name)) };
      progress('reading it back', Object.keys(files).length, names.length);
    }
    const at = now();
    const expires = days === undefined ? {} : { expires: new Date(at + days * 86_400_000).toISOString() };
    const { station, origin, mode } = row;
    return {
      schema: 1,
      kind: 'birthmark-backup',
      madeAt: new Date(at).toISOString(),
      ...expires,
      station,
      origin,
      mode,
      software,
      ...sizeOf(db),
      files,
    };
  } finally {
    db.close();
  }
}

function sizeOf(db: Db): Pick<Manifest, 'entries' | 'sealed'> {
  const entries = db.prepare<[], number>('SELECT count(*) FROM audit_entry').pluck().get() ?? 0;
  return { entries, sealed: new Heads(db).newest()?.size ?? 0 };
}

/** As `fsck` and `audit verify` do; a run or an upload that went on right then is no damage. Throws `backup.damaged`. */
export async function requireSound(folder: string, progress: BackupNeed['progress']): Promise<void> {
  let checks = 0;
  const findings = await fsck(folder, (about) => progress(`checking ${about}`, checks++, 0));
  const damage = findings.find(({ kind }) => kind === 'damage');
  if (damage) throw damaged('station.db', `${damage.what}: ${damage.says}`);
  const db = openStore(folder, 'reader');
  try {
    const entries = db.prepare<[], number>('SELECT count(*) FROM audit_entry').pluck().get() ?? 0;
    const { problem } = await verifyLog(db, (done) => progress('verifying the audit trail', done, entries));
    if (problem) throw damaged('station.db', `audit entry ${problem.seq}: ${problem.reason}`);
  } finally {
    db.close();
  }
}

/** Only for its owner, and on the disk. */
function settleFiles(folder: string): void {
  for (const name of filesIn(folder)) {
    chmodSync(join(folder, name), 0o600);
    syncPath(join(folder, name));
  }
  syncPath(folder);
}

/** A folder is synced, too, so that the names in it are there after a power cut. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
