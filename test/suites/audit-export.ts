import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { jcs, type MadeLog, newPair, type Pair, type Value } from './audit-log.ts';

export type Files = Map<string, Buffer>;
export type Kind = 'jsonl' | 'csv' | 'pdf' | 'unit' | 'tiles';
export type Asked = {
  readonly kind?: Kind;
  readonly filter?: { from?: string; to?: string; order?: string; unit?: string };
  readonly named?: boolean;
  /** Without an HSM nothing is signed before or after. */
  readonly sealed?: boolean;
  /** What the manifest is to say instead. */
  readonly says?: { [name: string]: Value };
};

const hex = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const base64s = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('base64'));
const linesOf = (values: readonly (string | Buffer)[]) =>
  Buffer.concat(values.flatMap((value) => [Buffer.from(value), Buffer.from('\n')]));

/** An export of a log as docs/audit.md says, every file by its name. The log goes on: the export is an entry. */
export function makeExport(log: MadeLog, asked: Asked = {}): Files {
  const { kind = 'jsonl', filter = {}, named = kind === 'unit', sealed = true, says = {} } = asked;
  if (sealed) log.head('export');
  const newest = log.heads.at(-1);
  const size = log.entries.length;
  const complete = kind !== 'unit' && Object.keys(filter).length === 0;
  const files: Files = new Map();
  files.set('heads.jsonl', linesOf(log.heads.map((_, at) => headLine(log, at))));
  if (newest) files.set('checkpoint', Buffer.from(newest.note));
  const held = kind === 'tiles' ? writeTiles(log, newest?.size ?? 0, files) : writeEntries(log, kind, filter, files);
  if (named) files.set('disclosures.jsonl', disclosures(log, held));
  writeDocuments(kind, files);
  if (kind === 'unit' && newest) files.set('unit.tlog-proof', tlogProof(log, held.at(-1) ?? 0));
  const manifest = {
    v: 1,
    kind,
    complete,
    origin: log.origin,
    station: log.station,
    software: log.software,
    madeAt: '2026-11-27T10:00:00.000Z',
    size,
    sealed: newest?.size ?? 0,
    entries: kind === 'csv' || kind === 'pdf' ? size : held.length,
    heads: log.heads.length,
    filter,
    problems: [],
    schema: { expected: '5'.repeat(64), found: '5'.repeat(64) },
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, { bytes: bytes.length, sha256: hex(bytes) }])),
    ...says,
  };
  files.set('manifest.json', Buffer.from(`${jcs(manifest)}\n`));
  if (sealed) files.set('seal.json', seal(log, kind, size, files));
  return files;
}

function headLine(log: MadeLog, at: number): string {
  const head = log.heads[at];
  const before = log.heads[at - 1];
  if (!head) return '';
  const consistency = before ? base64s(log.tree.consistency(before.size, head.size)) : [];
  return jcs({ consistency, n: head.n, note: head.note, why: head.why });
}

type Said = { action: string; at: string; order?: string; unit?: { serial: string } };
const saidBy = (entry: Buffer) => JSON.parse(entry.toString()) as Said;
const isKey = ({ action }: Said) => /^audit\.(key-made|key-rotated|origin-begun)$/.test(action);

/** Which entries stand in the export, by number. */
function writeEntries(log: MadeLog, kind: Kind, filter: Asked['filter'] = {}, files: Files): number[] {
  const documents = kind === 'csv' || kind === 'pdf';
  const isPartial = documents || kind === 'unit' || Object.keys(filter).length > 0;
  const isAsked = ({ at, order, unit }: Said) =>
    !documents &&
    (filter.from === undefined || at >= filter.from) &&
    (filter.to === undefined || at < filter.to) &&
    (filter.order === undefined || order === filter.order) &&
    (filter.unit === undefined || unit?.serial === filter.unit);
  const held = [...log.entries.keys()].filter((seq) => {
    const said = saidBy(log.entries[seq] as Buffer);
    return isKey(said) || isAsked(said);
  });
  files.set('entries.jsonl', linesOf(held.map((seq) => log.entries[seq] as Buffer)));
  const sealed = log.heads.at(-1)?.size ?? 0;
  const proof = (index: number) =>
    jcs(index < sealed ? { hashes: base64s(log.tree.inclusion(index, sealed)), index } : { index });
  if (isPartial) files.set('proofs.jsonl', linesOf(held.map(proof)));
  return held;
}

function disclosures(log: MadeLog, held: readonly number[]): Buffer {
  const text = held.map((seq) => log.entries[seq]?.toString()).join('\n');
  const some = log.disclosed.filter(({ commitment }) => text.includes(commitment));
  return linesOf(some.sort((a, b) => (a.commitment < b.commitment ? -1 : 1)).map((one) => jcs(one)));
}

function writeDocuments(kind: Kind, files: Files): void {
  if (kind === 'csv') files.set('entries.csv', Buffer.from('seq,action\r\n0,station.founded\r\n'));
  if (kind === 'pdf') files.set('report.pdf', Buffer.from('%PDF-1.7\nnot really\n%%EOF\n'));
  if (kind !== 'unit') return;
  files.set('unit.json', Buffer.from('{"unit":"sn-1"}\n'));
  files.set('unit.pdf', Buffer.from('%PDF-1.7\nnot really\n%%EOF\n'));
}

function tlogProof(log: MadeLog, index: number): Buffer {
  const head = log.heads.at(-1);
  const hashes = base64s(log.tree.inclusion(index, head?.size ?? 0)).map((hash) => `${hash}\n`);
  return Buffer.from(`c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes.join('')}\n${head?.note}`);
}

/** tlog-tiles: full and partial tiles of every eighth level, and the bundles. */
function writeTiles(log: MadeLog, size: number, files: Files): number[] {
  const name = (level: number | string, n: number, width: number) => {
    const groups =
      String(n)
        .padStart(n > 999 ? 6 : 3, '0')
        .match(/\d{3}/g) ?? [];
    const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
    return `tile/${level}/${path}${width < 256 ? `.p/${width}` : ''}`;
  };
  for (let first = 0; first < size; first += 256) {
    const some = log.entries.slice(first, Math.min(first + 256, size));
    const parts = some.flatMap((entry) => [Buffer.of(entry.length >> 8, entry.length & 255), entry]);
    files.set(name('entries', first / 256, some.length), Buffer.concat(parts));
  }
  for (let level = 0, span = 1; span <= size; level++, span *= 256) {
    const hashes: Buffer[] = [];
    for (let at = 0; at + span <= size; at += span) hashes.push(log.tree.root(at + span, at));
    for (let first = 0; first < hashes.length; first += 256) {
      const some = hashes.slice(first, first + 256);
      files.set(name(level, first / 256, some.length), Buffer.concat(some));
    }
  }
  return [...log.entries.keys()].slice(0, size);
}

function seal(log: MadeLog, kind: Kind, size: number, files: Files): Buffer {
  const newest = log.heads.at(-1);
  const manifest = hex(files.get('manifest.json') as Buffer);
  const index = log.add('audit.exported', { details: { kind, manifest, entries: size, size } });
  const head = log.head('export');
  const said = {
    consistency: base64s(log.tree.consistency(newest?.size ?? 0, head.size)),
    entry: log.entries[index]?.toString() ?? '',
    inclusion: base64s(log.tree.inclusion(index, head.size)),
    index,
    note: head.note,
  };
  return Buffer.from(`${jcs(said)}\n`);
}

/** Pairs are slow to make: the tests share these. */
export const pairs: readonly Pair[] = Array.from({ length: 4 }, () => newPair());

export type Plan = {
  readonly station?: string;
  readonly pair?: Pair;
  /** How many entries there are to be, key entries among them. */
  readonly entries: number;
  /** A head after so many entries. */
  readonly headEvery?: number;
  readonly rotateAt?: number;
  readonly beginAt?: number;
};

/** A log as a station would write it: units with commitments, a key that may be rotated or lost. */
export function makeLog(log: MadeLog, { entries, headEvery = 10, rotateAt, beginAt, pair }: Plan): MadeLog {
  const [first, second, third] = pairs as [Pair, Pair, Pair];
  log.add('station.founded', { details: { note: 'Größe 10 µm' } });
  log.makeKey(pair ?? first);
  for (let seq = log.entries.length; seq < entries; seq = log.entries.length) {
    if (seq === rotateAt) log.rotate(second);
    else if (seq === beginAt) log.begin(`${log.origin}-again`, third, 'key-lost');
    else {
      const unit = { serial: log.commit('serial', `sn-${seq}`), mac: log.commit('mac', `02:00:00:00:00:${seq % 90}`) };
      log.add(seq % 3 === 0 ? 'run.opened' : 'run.closed', {
        unit,
        order: seq % 2 === 0 ? 'spring' : 'autumn',
        run: seq,
      });
    }
    if (log.entries.length % headEvery === 0) log.head('entries');
  }
  return log;
}

/** A folder of these files; `remove` ends it. */
export function folderOf(files: Files): { readonly path: string; readonly remove: () => void } {
  // A disk would only make it slow.
  const path = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'birthmark-export-'));
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
