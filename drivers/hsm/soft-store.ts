import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { decode, encode } from 'cbor2';
import { z } from 'zod';
import { StationError } from '../../station-core/contract/errors.ts';
import type { SigningAlgorithm } from './hsm.ts';

/** What a key is for: signing with an algorithm, or unwrapping. */
export type SoftAlgorithm = SigningAlgorithm | 'rsa3072-unwrap';

/** A key of the soft HSM. A KeyObject prints nothing of itself. */
export type SoftKey = {
  readonly label: string;
  readonly id: string;
  readonly algorithm: SoftAlgorithm;
  /** Made here, not imported. */
  readonly local: boolean;
  readonly material: KeyObject;
};

/** All that the soft HSM keeps. Never changed in place: a change is saved first and then taken as the new contents. */
export type SoftContents = {
  readonly serial: string;
  readonly keys: readonly SoftKey[];
  readonly anchors: Readonly<Record<string, Buffer>>;
};

const algorithms = [
  'hmac-sha256',
  'p256',
  'p384',
  'rsa2048',
  'rsa3072',
  'rsa4096',
  'ed25519',
  'rsa3072-unwrap',
] as const;
const bytes = z.instanceof(Uint8Array);
const fileSchema = z.strictObject({
  version: z.literal(1),
  serial: z.string().regex(/^[0-9a-f]{16}$/),
  keys: z.array(
    z.strictObject({
      label: z.string(),
      id: z.string(),
      algorithm: z.enum(algorithms),
      local: z.boolean(),
      // CBOR, not JSON, so that keys live in Buffers that can be zeroed instead of strings that cannot.
      material: bytes,
    }),
  ),
  anchors: z.array(z.strictObject({ label: z.string(), bytes })),
});

const pathIn = (folder: string) => join(folder, 'soft-hsm.cbor');

/** Reads the file, or none when the folder has none yet. Throws `store.damaged` for a file that is not one of ours. */
export async function readSoftContents(folder: string): Promise<SoftContents | undefined> {
  const raw = await readFile(pathIn(folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (raw === undefined) return undefined;
  try {
    return parse(raw);
  } catch {
    // The parser's own error might quote what it read, which is keys: it is not passed on, not even as a cause.
    throw new StationError('store.damaged', { what: 'soft-hsm.cbor', reason: 'it is not a soft HSM of this version' });
  } finally {
    raw.fill(0);
  }
}

function parse(raw: Buffer): SoftContents {
  const file = fileSchema.parse(decode(raw));
  const keys = file.keys.map(({ material, ...key }): SoftKey => {
    const der = Buffer.from(material);
    try {
      return { ...key, material: importMaterial(key.algorithm, der) };
    } finally {
      der.fill(0);
      material.fill(0);
    }
  });
  const anchors = Object.fromEntries(file.anchors.map((anchor) => [anchor.label, Buffer.from(anchor.bytes)]));
  return { serial: file.serial, keys, anchors };
}

/** Writes all of it to a temporary file, flushes it and renames it: the old contents or the new ones, never half. */
export async function writeSoftContents(folder: string, contents: SoftContents): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const raw = serialize(contents);
  const temporary = `${pathIn(folder)}.new`;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.chmod(0o600); // the mode above counts only for a file that was not there
      await file.writeFile(raw);
      await file.sync();
    } finally {
      await file.close();
    }
  } finally {
    raw.fill(0);
  }
  await rename(temporary, pathIn(folder));
  await syncFolder(folder);
}

function serialize(contents: SoftContents): Uint8Array {
  const keys = contents.keys.map((key) => ({ ...key, material: exportMaterial(key) }));
  const anchors = Object.entries(contents.anchors).map(([label, value]) => ({ label, bytes: new Uint8Array(value) }));
  try {
    return encode({ version: 1, serial: contents.serial, keys, anchors });
  } finally {
    for (const key of keys) key.material.fill(0);
  }
}

function importMaterial(algorithm: SoftAlgorithm, der: Buffer): KeyObject {
  return algorithm === 'hmac-sha256'
    ? createSecretKey(der)
    : createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
}

function exportMaterial({ algorithm, material }: SoftKey): Uint8Array {
  const exported = algorithm === 'hmac-sha256' ? material.export() : material.export({ type: 'pkcs8', format: 'der' });
  const copy = new Uint8Array(exported);
  exported.fill(0);
  return copy;
}

/** A rename is durable only when its folder is flushed too. Windows cannot open a folder, and needs no such flush. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
