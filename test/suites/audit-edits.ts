import { createHash } from 'node:crypto';
import { type Asked, type Files, makeExport, makeLog, type Plan } from './audit-export.ts';
import { jcs, MadeLog, type Value } from './audit-log.ts';

// What somebody without the log's key can do to an export.

export const logOf = (plan: Partial<Plan> = {}, station?: string): MadeLog =>
  makeLog(new MadeLog(station), { entries: 40, ...plan });

/** An export of a log of 40 entries, its heads over 10, 20, 30 and 40. */
export const exportOf = (plan: Partial<Plan> = {}, asked: Asked = {}): Files => makeExport(logOf(plan), asked);

export const unitOf = (log: MadeLog): string => log.disclosed.find(({ label }) => label === 'serial')?.commitment ?? '';

export const bytesOf = (files: Files, name: string): Buffer => files.get(name) ?? Buffer.of();
const membersOf = (files: Files, name: string) =>
  JSON.parse(bytesOf(files, name).toString()) as { [name: string]: Value };

/** Writes the manifest anew, so that it names the files as they are now; the seal that named the old one is removed. */
export function remade(files: Files, says: { [name: string]: Value } = {}): Files {
  const others = [...files].filter(([name]) => name !== 'manifest.json' && name !== 'seal.json');
  const listed = others.map(([name, bytes]) => [
    name,
    { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
  ]);
  const said = { ...membersOf(files, 'manifest.json'), files: Object.fromEntries(listed), ...says };
  files.set('manifest.json', Buffer.from(`${jcs(said)}\n`));
  files.delete('seal.json');
  return files;
}

/** Changes the lines of a file, and writes the manifest anew. */
export function relined(files: Files, name: string, change: (lines: string[]) => readonly string[]): Files {
  const lines = change(bytesOf(files, name).toString().split('\n').slice(0, -1));
  return remade(files.set(name, Buffer.from(lines.map((line) => `${line}\n`).join(''))));
}

/** Changes one line of a file, and writes the manifest anew. */
export const reworded = (files: Files, name: string, at: number, change: (line: string) => string): Files =>
  relined(files, name, (lines) => lines.with(at, change(lines[at] ?? '')));

/** Replaces a file, and writes the manifest anew. */
export const replaced = (files: Files, name: string, bytes: Buffer | string): Files =>
  remade(files.set(name, Buffer.from(bytes)));

export function without(files: Files, name: string): Files {
  files.delete(name);
  return files;
}

export const resealed = (files: Files, change: { [name: string]: Value }): Files =>
  files.set('seal.json', Buffer.from(`${jcs({ ...membersOf(files, 'seal.json'), ...change })}\n`));
