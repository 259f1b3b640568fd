import { dirname, join, resolve } from 'node:path';
import { readLog } from '../audit/reading.ts';
import { filterOf, refuseUnfit } from '../audit-handlers.ts';
import type { ExportProblem, ExportRequest, ExportView } from '../contract/audit.ts';
import { StationError } from '../contract/errors.ts';
import { ExportPlace, exportsIn } from '../exports-folder.ts';
import { isDiskRefusal } from '../store/commit.ts';
import { Disclosures } from '../store/disclosure.ts';
import { openStore } from '../store/open.ts';
import { type CaOptions, callAgreed, callAs } from './ca-people.ts';
import { moveExport, refuseTaken } from './export-place.ts';
import { open } from './folder.ts';
import { type Owner, ownerOf } from './owner.ts';
import { note, printJson, Reading } from './terminal.ts';

export type ExportOptions = CaOptions & { readonly names: boolean; readonly out?: string | undefined };

/** An export in its place. The entry that names it is missing where the station could not be opened. */
type Made = Omit<ExportView, 'entry' | 'folder'> & { readonly entry?: number; readonly folder: string };

const two = { first: 'security-officer', second: 'lead' } as const;

/**
 * `birthmark audit export`: made by the process that holds the folder, by this one as its owner, or, where neither can, read-only
 * and without a seal. Answers 0 only when the log holds.
 */
export async function auditExport(request: ExportRequest, options: ExportOptions): Promise<number> {
  const { station: folder, out, names, json } = options;
  refuseUnfit(request, names);
  if (out !== undefined) refuseTaken(out);
  const bar = new Reading();
  const made = await make(request, options, bar).finally(bar.end);
  const place = out === undefined ? made.folder : resolve(out);
  if (place !== made.folder) await move(made.folder, place);
  const { problems, entries, size, sealed, manifest, proven } = made;
  if (json) printJson({ schema: 1, ...made, folder: place });
  else process.stdout.write(`${entries} entries of ${size}: ${place}\nmanifest ${manifest}\n`);
  if (sealed < size) note(`${size - sealed} entries are not sealed: no signed head covers them.`);
  if (!proven) note('The export has no seal: no head could be signed over the entry that names it.');
  const [first] = problems;
  if (first) note(`The audit trail of ${folder} does not hold. ${first.where}: ${first.what}.`);
  return first ? 1 : 0;
}

async function move(from: string, to: string): Promise<void> {
  try {
    await moveExport(from, to);
  } catch (thrown) {
    note(`The export is made, and lies in ${from}.`);
    throw thrown;
  }
}

async function make(request: ExportRequest, options: ExportOptions, bar: Reading): Promise<Made> {
  const { station: folder } = options;
  const owner = await ownerOf(folder);
  try {
    const view = owner ? await byOwner(owner, request, options, bar) : await asOwner(request, options, bar);
    return { ...view, folder: join(exportsIn(resolve(folder)), view.folder) };
  } catch (thrown) {
    const why = whyReadOnly(thrown, options);
    note(`Not sealed: ${why.says}`);
    return await readOnly(request, options, bar, why.problems);
  } finally {
    owner?.close();
  }
}

async function byOwner(
  owner: Owner,
  request: ExportRequest,
  options: ExportOptions,
  bar: Reading,
): Promise<ExportView> {
  owner.onProgress((progress) => {
    if (progress.type === 'reading') bar.at(progress.done, progress.total);
  });
  return options.names
    ? owner.call(two, options, 'audit.exportNamed', request)
    : owner.call({ first: 'auditor' }, options, 'audit.export', request);
}

async function asOwner(request: ExportRequest, options: ExportOptions, bar: Reading): Promise<ExportView> {
  const opened = await open(options.station, 'audit export');
  const silence = opened.station.onProgress((progress) => {
    if (progress.type === 'reading') bar.at(progress.done, progress.total);
  });
  try {
    return options.names
      ? await callAgreed(opened, options, 'audit.exportNamed', request)
      : await callAs(opened, 'auditor', options, 'audit.export', request);
  } finally {
    silence();
    await opened.close();
  }
}

/** Errors that are a reason to read the folder without its station, and those of them that are damage of its log. */
const readOnlyFor: ReadonlySet<string> = new Set(['station.held', 'store.failed', 'store.damaged', 'audit.damaged']);
const isDamage: ReadonlySet<string> = new Set(['store.damaged', 'audit.damaged']);

/** Rethrows what is no such reason. Clear names are given by two people whom only the station knows. */
function whyReadOnly(thrown: unknown, { names }: ExportOptions): { says: string; problems: ExportProblem[] } {
  const problem = (what: string): ExportProblem => ({ what, where: 'station.db' });
  if (names) throw thrown;
  if (thrown instanceof StationError) {
    if (!readOnlyFor.has(thrown.code)) throw thrown;
    return { says: thrown.message, problems: isDamage.has(thrown.code) ? [problem(thrown.message)] : [] };
  }
  // The database refuses to be written on, or the stored tree lacks hashes (audit/tree.ts).
  const { code } = thrown as { readonly code?: unknown };
  const isSqlite = typeof code === 'string' && code.startsWith('SQLITE_');
  if (!isSqlite && !(thrown instanceof RangeError)) throw thrown;
  const what = `the audit trail cannot be written on (${isSqlite ? code : (thrown as Error).message})`;
  // A full disk says nothing against the log.
  return { says: what, problems: isDiskRefusal(code) ? [] : [problem(what)] };
}

/** Throws `audit.not-written` where there is no room even to read: SQLite needs a little of it beside the database. */
function filterIn(folder: string, request: ExportRequest): ReturnType<typeof filterOf> {
  try {
    const db = openStore(folder, 'reader');
    try {
      return filterOf(request, new Disclosures(db));
    } finally {
      db.close();
    }
  } catch (thrown) {
    const { code } = thrown as { readonly code?: unknown };
    if (!isDiskRefusal(code)) throw thrown;
    throw new StationError('audit.not-written', { folder, reason: String(code) }, { cause: thrown });
  }
}

/** The same writer, beside whoever holds the folder, and without the entry and the seal that only the station can make. */
async function readOnly(
  request: ExportRequest,
  { station: folder, out }: ExportOptions,
  bar: Reading,
  problems: readonly ExportProblem[],
): Promise<Made> {
  const filter = filterIn(folder, request);
  const order = { kind: request.format, filter, named: false, madeAt: new Date().toISOString(), problems };
  const place = await ExportPlace.take(out === undefined ? exportsIn(resolve(folder)) : dirname(resolve(out)), order);
  try {
    const written = await readLog({ kind: 'export', folder, out: place.path, order }, { progress: bar.at });
    await place.publish();
    return { ...written, folder: place.final, proven: false };
  } catch (thrown) {
    place.discard();
    throw thrown;
  }
}
