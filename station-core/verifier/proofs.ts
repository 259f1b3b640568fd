import { entryLimit, type Placed } from './entries.ts';
import { type Findings, Wrong } from './findings.ts';
import type { Folder } from './folder.ts';
import { canonicalJson, decimal, isCount, isHash, isList, members, textOf } from './strict.ts';
import type { Hash } from './tree.ts';

const lineLimit = 1 << 20;
const shape = { index: isCount };

/** An entry whose number a proof says; no hashes where no head covers it yet. */
export type Proven = Placed & { readonly index: number; readonly hashes: readonly Hash[] | undefined };

const file = 'entries.jsonl';

/** The lines of entries.jsonl where every entry of the log is here. */
export function* complete(folder: Folder): Generator<Placed, void> {
  if (!folder.has(file)) return;
  let line = 0;
  for (const bytes of folder.lines(file, entryLimit)) yield { bytes, at: { file, line: ++line } };
}

/** The lines of entries.jsonl, each with its line of proofs.jsonl. */
export function* partial(folder: Folder, findings: Findings): Generator<Proven, void> {
  const proofs = folder.lines('proofs.jsonl', lineLimit);
  let before = -1;
  const next = (): Pick<Proven, 'index' | 'hashes'> => {
    const text = proofs.next().value;
    if (!text) throw new Wrong('a line is missing: not every entry has its proof');
    const { index, hashes } = members(canonicalJson(textOf(text, 1)), shape, { hashes: isList(isHash) });
    if (index <= before) throw new Wrong(`entry ${index} follows entry ${before}`);
    before = index;
    return { index, hashes };
  };
  try {
    for (const { bytes, at } of complete(folder)) {
      const proof = findings.attempt({ ...at, file: 'proofs.jsonl' }, next);
      if (!proof) return;
      yield { bytes, at, ...proof };
    }
    if (!proofs.next().done) findings.add('it has more lines than entries.jsonl', { file: 'proofs.jsonl' });
  } finally {
    proofs.return();
  }
}

/** Reads unit.tlog-proof (C2SP tlog-proof): whose proof it is, under which checkpoint. Throws Wrong. */
export function readTlogProof(text: string, checkpoint: string): { index: number; hashes: readonly Hash[] } {
  const end = text.indexOf('\n\n');
  const [version, index, ...hashes] = text.slice(0, Math.max(end, 0)).split('\n');
  if (version !== 'c2sp.org/tlog-proof@v1' || !index?.startsWith('index ')) throw new Wrong('it is no tlog-proof');
  if (text.slice(end + 2) !== checkpoint) throw new Wrong('its checkpoint is not that of the export');
  if (!hashes.every(isHash)) throw new Wrong('it has a line that is no hash');
  return { index: decimal(index.slice('index '.length)), hashes };
}
