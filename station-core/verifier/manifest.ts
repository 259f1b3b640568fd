import { hash } from 'node:crypto';
import { type Findings, Newer, Wrong } from './findings.ts';
import type { Expected, Folder } from './folder.ts';
import {
  isCommitment,
  isCount,
  isFlag,
  isList,
  isObject,
  isOneOf,
  isSha256,
  isText,
  isTime,
  jsonFile,
  type Members,
  members,
} from './strict.ts';
import { tileNames } from './tiles.ts';

const limit = 16 << 20;
const known = 1;
/** How many of the station's own problems are repeated. */
const shown = 5;

const kinds = ['jsonl', 'csv', 'pdf', 'unit', 'tiles'] as const;
const shape = {
  v: isCount,
  kind: isOneOf(kinds),
  complete: isFlag,
  origin: isText,
  station: isText,
  software: isText,
  madeAt: isTime,
  size: isCount,
  sealed: isCount,
  entries: isCount,
  heads: isCount,
  filter: isObject,
  problems: isList(isObject),
  schema: isObject,
  files: isObject,
};
const filterShape = { from: isTime, to: isTime, order: isText, unit: isCommitment };

export type Kind = (typeof kinds)[number];
type Said = Omit<Members<typeof shape>, 'v' | 'filter' | 'problems' | 'schema' | 'files'>;
export type Manifest = Said & {
  readonly filter: Partial<Members<typeof filterShape>>;
  readonly files: ReadonlyMap<string, Expected>;
  /** SHA-256 of the file, in hex. */
  readonly sha256: string;
};

/** What a kind of export consists of beside manifest, seal, heads and checkpoint. Documents prove nothing by themselves. */
const contents: Record<Kind, { readonly evidence: readonly string[]; readonly documents: readonly string[] }> = {
  jsonl: { evidence: ['entries.jsonl'], documents: [] },
  csv: { evidence: ['entries.jsonl', 'proofs.jsonl'], documents: ['entries.csv'] },
  pdf: { evidence: ['entries.jsonl', 'proofs.jsonl'], documents: ['report.pdf'] },
  unit: {
    evidence: ['entries.jsonl', 'proofs.jsonl', 'disclosures.jsonl', 'unit.tlog-proof'],
    documents: ['unit.json', 'unit.pdf'],
  },
  tiles: { evidence: [], documents: [] },
};

export const documentsOf = (kind: Kind): readonly string[] => contents[kind].documents;

/** Reads manifest.json, and says what is wrong with what it says of itself and the folder. Throws Wrong. */
export function readManifest(folder: Folder, findings: Findings): Manifest {
  const bytes = folder.whole('manifest.json', limit);
  const value = jsonFile(bytes);
  if (isObject(value) && isCount(value.v) && value.v > known)
    throw new Newer(`the export was made by a newer version (${value.v}; this verifier knows ${known})`);
  const { v, filter, problems, schema, files, ...said } = members(value, shape, {});
  if (v !== known) throw new Wrong(`its version is ${v}`);
  const { expected, found } = members(schema, { expected: isSha256, found: isSha256 }, {});
  const manifest = {
    ...said,
    filter: members(filter, {}, filterShape),
    files: filesOf(files),
    sha256: hash('sha256', bytes),
  };
  const file = 'manifest.json';
  for (const [at, problem] of problems.entries()) {
    const { what, where } = members(problem, { what: isText, where: isText }, {});
    if (at < shown) findings.add(`the station itself found something wrong: ${where}: ${what}`, { file });
  }
  if (problems.length > shown) findings.add(`the station found ${problems.length} things wrong in all`, { file });
  if (expected !== found) findings.add("the database's schema was not the one that its program makes", { file });
  folder.expect(manifest.files);
  for (const what of contradictions(manifest)) findings.add(what, { file });
  listed(manifest, findings);
  return manifest;
}

const filesOf = (files: { readonly [name: string]: unknown }) =>
  new Map(
    Object.entries(files).map(
      ([name, file]) => [name, members(file, { bytes: isCount, sha256: isSha256 }, {})] as const,
    ),
  );

/** What the manifest says that cannot be, whatever the files say. */
function* contradictions({ kind, complete, size, sealed, entries, heads, filter }: Manifest): Generator<string> {
  if (sealed > size) yield `it says that ${sealed} entries are sealed, of ${size}`;
  if (entries > size) yield `it says that the export holds ${entries} entries, of ${size}`;
  if (complete && Object.keys(filter).length > 0) yield 'it says that the export is complete, and filtered';
  if (complete && kind !== 'tiles' && entries !== size)
    yield `it says that the export is complete, with ${entries} of ${size} entries`;
  if (complete && kind === 'unit') yield 'it says that the export of a unit is complete';
  if (kind === 'unit' && filter.unit === undefined) yield 'it does not say whose unit it is';
  if (kind === 'tiles' && (entries !== sealed || Object.keys(filter).length > 0))
    yield 'tiles hold every entry that the newest head covers, and no other';
  if ((heads === 0) !== (sealed === 0)) yield `it says that there are ${heads} heads, and ${sealed} sealed entries`;
}

/** Every file of this kind is listed, and no other. */
function listed({ kind, complete, sealed, files }: Manifest, findings: Findings): void {
  const { evidence, documents } = contents[kind];
  const needed = ['heads.jsonl', ...evidence, ...documents];
  if (sealed > 0) needed.push('checkpoint');
  if (kind === 'jsonl' && !complete) needed.push('proofs.jsonl');
  const allowed = new Set([...needed, 'disclosures.jsonl']);
  const miss = (file: string) => files.has(file) || findings.add('the manifest does not list it', { file });
  needed.forEach(miss);
  if (kind === 'tiles')
    for (const name of tileNames(sealed)) {
      miss(name);
      allowed.add(name);
    }
  for (const file of files.keys())
    if (!allowed.has(file)) findings.add('it does not belong here: no export of this kind has it', { file });
}
