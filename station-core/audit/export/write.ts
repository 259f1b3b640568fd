import { hash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { ExportFilter, ExportKind, ExportProblem } from '../../contract/audit.ts';
import { canonical } from '../../contract/canonical.ts';
import { type Head, Heads } from '../heads.ts';
import { membersOf } from '../key-check.ts';
import { sizeOf } from '../rows.ts';
import { stationProblem } from '../station-check.ts';
import type { Finding } from '../tree-check.ts';
import { Disclosures } from './disclosures.ts';
import { ExportFolder } from './folder.ts';
import type { Material } from './format.ts';
import { EntryLines } from './lines.ts';
import { checkedPages } from './pages.ts';
import { Proofs } from './proofs.ts';
import { formats } from './registry.ts';
import { standIn } from './tables.ts';

/** What is to be written. */
export type ExportOrder = {
  readonly kind: ExportKind;
  readonly filter: ExportFilter;
  readonly named: boolean;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  /** What is known to be wrong before the log is read. */
  readonly problems: readonly ExportProblem[];
};

/** SHA-256 of the database's schema in hex, as this version makes it and as it is. */
export type SchemaHashes = { readonly expected: string; readonly found: string };

export type WriteNeed = {
  /** A connection of its own, read-only. */
  readonly db: Database.Database;
  /** A folder that is empty, or not there yet. */
  readonly out: string;
  readonly order: ExportOrder;
  readonly schema: SchemaHashes;
  /** Rows of clear values that their commitments do not speak of, as they are found. */
  readonly wrongDisclosures: Iterable<number>;
  /** The program that writes, where no entry says it. */
  readonly software: string;
  readonly progress: (done: number, total: number) => void;
};

export type WrittenExport = {
  /** SHA-256 of manifest.json in hex. */
  readonly manifest: string;
  readonly entries: number;
  readonly size: number;
  readonly sealed: number;
  readonly problems: readonly ExportProblem[];
};

/** A damaged log may have a problem in every entry: what more would say is in these. */
const mostProblems = 100;

/** Kinds whose files are for people and prove nothing: the entries that name keys stand beside them, and tell whose the heads are. */
const documents: ReadonlySet<string> = new Set(['csv', 'pdf']);

/**
 * Writes an export but for its seal: what the format writes, heads, checkpoint and, last, the manifest over all of them. What is
 * wrong with the log goes into the manifest, and the export goes on. Everything is durable when this answers. Throws what the disk
 * throws.
 */
export async function writeExport(need: WriteNeed): Promise<WrittenExport> {
  const { db, out, order, progress } = need;
  const problems: ExportProblem[] = [...order.problems, ...wrongSchema(need.schema), ...standIn(db)];
  const head = new Heads(db).newest();
  const size = sizeOf(db);
  const report = ({ what, where }: Finding): void => {
    if (problems.length < mostProblems) problems.push({ what, where });
  };
  const station = stationProblem(db);
  if (station) report(station);
  for (const id of need.wrongDisclosures) {
    report({ seq: 0, what: 'its value is not the one that its commitment speaks of', where: `disclosure ${id}` });
  }
  mkdirSync(out, { recursive: true });
  const folder = new ExportFolder(out);
  const proofs = new Proofs(db, size);
  const heads = writeHeads(db, folder, proofs, head, report);
  const proof = (seq: number) => proofOf(proofs, seq, head?.size ?? 0);
  const keys = documents.has(order.kind) ? new EntryLines({ proof, complete: false }, folder) : undefined;
  const pages = () =>
    checkedPages({
      db,
      size,
      head: head?.n ?? 0,
      filter: order.filter,
      complete: isComplete(order.filter),
      keys,
      report,
      progress: (done) => progress(done, size),
    });
  const material = { ...materialOf(need, size, head), pages, proof, problems };
  const entries = await formats[order.kind].write(material, folder);
  keys?.end();
  if (head) folder.write('checkpoint', head.note);
  const manifest = manifestOf(need, material, { entries, heads, problems, folder });
  folder.write('manifest.json', manifest);
  await folder.sync();
  return { manifest: hash('sha256', manifest, 'hex'), entries, size, sealed: head?.size ?? 0, problems };
}

function wrongSchema({ expected, found }: SchemaHashes): ExportProblem[] {
  if (expected === found) return [];
  return [
    { what: 'the schema of the database is not the one that this version of the program makes', where: 'station.db' },
  ];
}

const isComplete = (filter: ExportFilter): boolean => Object.values(filter).every((asked) => asked === undefined);

function materialOf(
  need: WriteNeed,
  size: number,
  head: Head | undefined,
): Omit<Material, 'pages' | 'proof' | 'problems'> {
  const { db, order, software } = need;
  const { filter, named, madeAt } = order;
  const complete = isComplete(filter);
  return {
    db,
    size,
    head,
    filter,
    complete,
    named,
    madeAt,
    ...whoWrote(db, software),
    disclosures: new Disclosures(db),
  };
}

/** Station, origin and software, as the newest entry has them; where it is damaged, as the station's row has them. */
function whoWrote(db: Database.Database, version: string): Pick<Material, 'station' | 'origin' | 'software'> {
  const newest = db
    .prepare<[], Buffer>('SELECT CAST(bytes AS BLOB) FROM audit_entry ORDER BY seq DESC LIMIT 1')
    .pluck()
    .get();
  const row = db.prepare<[], { station: string; origin: string }>('SELECT station, origin FROM station').get();
  const { station, origin, software } = { ...row, software: version, ...(newest ? membersOf(newest) : {}) };
  return { station: String(station), origin: String(origin), software: String(software) };
}

/** `heads.jsonl`: every signed head with the proof that it holds the one before. Answers how many. */
function writeHeads(
  db: Database.Database,
  folder: ExportFolder,
  proofs: Proofs,
  last: Head | undefined,
  report: (finding: Finding) => void,
): number {
  const file = folder.file('heads.jsonl');
  let before: Head | undefined;
  let lines = 0;
  for (const head of headsTo(db, last?.n ?? 0)) {
    const { n, note, why } = head;
    file.write(`${canonical({ consistency: consistencyOf(proofs, before, head, report), n, note, why })}\n`);
    before = head;
    lines++;
  }
  file.end();
  return lines;
}

function* headsTo(db: Database.Database, last: number): Generator<Head> {
  const heads = new Heads(db);
  for (let next = 1; next <= last; ) {
    const some = heads.from(next, 100).filter(({ n }) => n <= last);
    yield* some;
    next = (some.at(-1)?.n ?? last) + 1;
  }
}

function consistencyOf(
  proofs: Proofs,
  before: Head | undefined,
  head: Head,
  report: (finding: Finding) => void,
): string[] {
  if (!before) return [];
  try {
    return proofs.consistency(before.size, head.size).map(base64);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    const what = `that it holds head ${before.n} cannot be proven (${thrown.message})`;
    report({ seq: head.size - 1, what, where: `head ${head.n}` });
    return [];
  }
}

/** None for an entry that no head covers, or that the stored tree does not hold any more: then the walk has reported it. */
function proofOf(proofs: Proofs, seq: number, covered: number): string[] | undefined {
  if (seq >= covered) return undefined;
  try {
    return proofs.inclusion(seq, covered).map(base64);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return undefined;
  }
}

const base64 = (bytes: Buffer): string => bytes.toString('base64');

type Made = {
  readonly entries: number;
  readonly heads: number;
  readonly problems: readonly ExportProblem[];
  readonly folder: ExportFolder;
};

function manifestOf({ order, schema }: WriteNeed, about: Material, { folder, ...counts }: Made): string {
  const { station, origin, software, size, head, complete } = about;
  const { kind, filter, madeAt } = order;
  const files = Object.fromEntries(folder.files);
  const sealed = head?.size ?? 0;
  return `${canonical({
    v: 1,
    kind,
    complete: complete && (kind !== 'tiles' || sealed === size),
    origin,
    station,
    software,
    madeAt,
    size,
    sealed,
    filter,
    schema,
    files,
    ...counts,
  })}\n`;
}
