import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { canonical, type Json } from '../contract/canonical.ts';
import { StationError } from '../contract/errors.ts';
import { parse } from '../contract/parse.ts';

// What a backup is: a folder with these files, and a manifest that has the digest of each.

export const manifestFile = 'manifest.json';

const time = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'a time in UTC'));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/, 'SHA-256 in hex'));
const count = z.int().check(z.gte(0));
const fileName = z
  .string()
  .check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,200}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,200})?$/, 'a file name'));

const manifestSchema = z.strictObject({
  schema: z.literal(1),
  kind: z.literal('birthmark-backup'),
  madeAt: time,
  /** From then on it must not be put back: what was erased meanwhile would be back, too. */
  expires: z.exactOptional(time),
  station: z.string().check(z.maxLength(200)),
  origin: z.string().check(z.maxLength(400)),
  mode: z.enum(['practice', 'production']),
  software: z.string().check(z.maxLength(100)),
  /** Entries of the audit trail, and how many of them its newest signed head covers: 0 without one. */
  entries: count,
  sealed: count,
  files: z.record(fileName, z.strictObject({ bytes: count, sha256 })),
});
export type Manifest = z.output<typeof manifestSchema>;

export const manifestBytes = (manifest: Manifest): Buffer => Buffer.from(`${canonical(manifest as Json)}\n`, 'utf8');

/** Throws `backup.damaged`. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, manifestFile);
  if (!existsSync(path)) throw damaged(manifestFile, 'it is not there: this is no backup, or its making was cut short');
  const bytes = readFileSync(path);
  if (bytes.length > 1 << 20) throw damaged(manifestFile, 'it is too long');
  try {
    const manifest = parse(manifestSchema, JSON.parse(bytes.toString('utf8')) as unknown, '');
    if (manifestBytes(manifest).equals(bytes)) return manifest;
  } catch (cause) {
    const reason = cause instanceof StationError ? cause.message : 'it is not JSON';
    throw damaged(manifestFile, reason, cause);
  }
  throw damaged(manifestFile, 'its bytes are not canonical');
}

/** Every file is the manifest's, and every file of the manifest is there. Throws `backup.damaged`. */
export async function requireWhole(
  folder: string,
  manifest: Manifest,
  progress: (bytes: number) => void,
): Promise<void> {
  const found = filesIn(folder).filter((name) => name !== manifestFile);
  const unknown = found.find((name) => !Object.hasOwn(manifest.files, name));
  if (unknown !== undefined) throw damaged(unknown, 'the manifest does not name it');
  for (const [name, { bytes, sha256: told }] of Object.entries(manifest.files)) {
    if (!found.includes(name)) throw damaged(name, 'it is not there');
    if (statSync(join(folder, name)).size !== bytes)
      throw damaged(name, `it does not have the ${bytes} bytes that it should have`);
    if ((await digestOf(join(folder, name), progress)) !== told)
      throw damaged(name, 'its bytes are not those that were backed up');
  }
}

export const damaged = (file: string, reason: string, cause?: unknown): StationError =>
  new StationError('backup.damaged', { file, reason }, { cause });

/** SHA-256 in hex, read as a stream. */
export async function digestOf(path: string, progress: (bytes: number) => void = () => undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(bytes);
    progress(bytes.length);
  }
  return hash.digest('hex');
}

/** Files of a folder and of the folders in it, by their names from there. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? readdirSync(join(folder, entry.name)).map((name) => `${entry.name}/${name}`) : [entry.name],
  );
}
