import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Clock } from '../clock.ts';
import { StationError } from '../contract/errors.ts';
import type { Db } from '../store/open.ts';
import { type NamedValue, Names } from './names.ts';

/** How often, and how long, the write-ahead log is tried to be emptied while another program reads. */
const again = { everyMs: 250, forMs: 20_000 } as const;

/**
 * Empties what the database file keeps beside its tables. secure_delete overwrote what was deleted; the index over clear values is
 * made anew, so that no page split left a copy; and the write-ahead log, which has the pages of before, is cut to nothing (SQLite,
 * PRAGMA wal_checkpoint). Throws `privacy.still-read` while another program keeps the log.
 */
export async function emptyPages(db: Db, clock: Clock): Promise<void> {
  db.exec('REINDEX disclosure_value');
  const until = clock.monotonic() + again.forMs;
  while (!truncated(db)) {
    if (clock.monotonic() >= until) throw new StationError('privacy.still-read');
    await new Promise<void>((resolve) => clock.timer(again.everyMs, resolve));
  }
}

/** One try, without waiting: the event loop is the line's. */
function truncated(db: Db): boolean {
  const before = db.pragma('busy_timeout', { simple: true });
  db.pragma('busy_timeout = 0');
  try {
    const [answer] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    return answer?.busy === 0;
  } finally {
    db.pragma(`busy_timeout = ${Number(before)}`);
  }
}

/** Removes the lines of the station's log that a name stands in; they are written for whoever mends the program. Answers how many. */
export function clearLogs(folder: string, values: readonly NamedValue[]): number {
  const names = new Names(values, 4);
  return linesOf(folder, (line) => !names.mentionedIn(line));
}

/** Removes lines that are older than a time, Unix milliseconds. */
export function dropOldLines(folder: string, before: number): number {
  return linesOf(folder, (line) => {
    const at = /"@timestamp":"([^"]+)"/.exec(line)?.[1];
    return at === undefined || Date.parse(at) >= before;
  });
}

/** In place, in one turn: the log is open for appending while the station runs, and goes on at the file's new end. */
function linesOf(folder: string, keep: (line: string) => boolean): number {
  let removed = 0;
  for (const file of logFiles(folder)) {
    const lines = readFileSync(file, 'utf8').split('\n');
    const kept = lines.filter((line) => line === '' || keep(line));
    if (kept.length === lines.length) continue;
    removed += lines.length - kept.length;
    rewrite(file, Buffer.from(kept.join('\n'), 'utf8'));
  }
  return removed;
}

function rewrite(file: string, bytes: Buffer): void {
  const descriptor = openSync(file, 'r+');
  try {
    ftruncateSync(descriptor, 0);
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, at);
  } finally {
    closeSync(descriptor);
  }
}

const logFiles = (folder: string): string[] => filesIn(join(folder, 'logs'));

function filesIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code === 'ENOENT') return [];
    throw thrown;
  }
  return names.flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}

/** Lines of the log that a name stands in. */
export function linesWith(folder: string, values: readonly NamedValue[]): string[] {
  const names = new Names(values, 4);
  return logFiles(folder).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => names.mentionedIn(line)),
  );
}

/** Folders below the station's in which it leaves files for others; they are theirs to delete. */
const left = ['exports', 'enrollments', 'central'] as const;
const chunk = 1 << 20;

/** Files that the station made for others, lie in its folder still, and name one of the values in clear. Compressed ones hide names. */
export async function filesNaming(folder: string, values: readonly NamedValue[]): Promise<string[]> {
  const forms = values.filter(({ value }) => value.length >= 4).map(({ value }) => value.toLowerCase());
  const found: string[] = [];
  for (const file of left.flatMap((name) => filesIn(join(folder, name)))) {
    if (await holds(file, forms)) found.push(relative(folder, file));
  }
  return found;
}

async function holds(path: string, forms: readonly string[]): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const overlap = Math.max(0, ...forms.map((form) => Buffer.byteLength(form)));
    let tail = '';
    for await (const bytes of file.createReadStream({
      highWaterMark: chunk,
      autoClose: false,
    }) as AsyncIterable<Buffer>) {
      const text = tail + bytes.toString('latin1').toLowerCase();
      if (forms.some((form) => text.includes(Buffer.from(form, 'utf8').toString('latin1')))) return true;
      tail = text.slice(-overlap);
    }
    return false;
  } finally {
    await file.close();
  }
}
