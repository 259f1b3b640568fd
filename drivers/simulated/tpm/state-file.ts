import { createPrivateKey, type KeyObject } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { decode, encode } from 'cbor2';
import { z } from 'zod';
import { StationError } from '../../../station-core/contract/errors.ts';
import { readArea } from '../../tpm/public.ts';
import type { Kept, Primary } from './state.ts';

const bytes = z.instanceof(Uint8Array);
const handle = z.int().min(0).max(0xffff_ffff);
const fileSchema = z.strictObject({
  version: z.literal(1),
  proof: bytes,
  // CBOR, not JSON, so that keys live in Buffers that can be zeroed instead of strings that cannot.
  primaries: z.array(z.strictObject({ of: z.string(), hierarchy: handle, area: bytes, key: bytes })),
  persistent: z.array(z.strictObject({ handle, primary: z.string(), auth: bytes })),
  auths: z.strictObject({ owner: bytes, endorsement: bytes, lockout: bytes }),
  nv: z.array(z.strictObject({ index: handle, attributes: handle, content: bytes })),
  failures: z.strictObject({ tries: z.int(), at: z.number() }),
});
type File = z.output<typeof fileSchema>;

/** What the file holds, or nothing when there is none. Throws `store.damaged` for a file that is not one of ours. */
export function readState(file: string): Kept | undefined {
  if (!existsSync(file)) return undefined;
  const raw = readFileSync(file);
  try {
    return kept(fileSchema.parse(decode(raw)));
  } catch {
    // The parser's own error might quote what it read, which is keys: it is not passed on, not even as a cause.
    throw new StationError('store.damaged', { what: file, reason: 'it is not a practice TPM of this version' });
  } finally {
    raw.fill(0);
  }
}

/** Puts all of it in the place of the file, durably: after a crash there is the old state or the new one. */
export function writeState(file: string, state: Kept): void {
  const raw = serialize(state);
  const temporary = `${file}.new`;
  try {
    const open = openSync(temporary, 'w', 0o600);
    try {
      fchmodSync(open, 0o600); // the mode above counts only for a file that was not there
      writeFileSync(open, raw);
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
  } finally {
    raw.fill(0);
  }
  renameSync(temporary, file);
  syncFolder(dirname(file));
}

/** A rename is durable only when its folder is flushed too. Windows cannot open a folder, and needs no such flush. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const open = openSync(folder, 'r');
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
}

function kept({ proof, primaries, persistent, auths, nv, failures }: File): Kept {
  const state: Kept = {
    proof: Buffer.from(proof),
    primaries: new Map(primaries.map(({ of, ...primary }) => [of, readPrimary(primary)])),
    persistent: new Map(persistent.map(({ handle: at, primary, auth }) => [at, { primary, auth: Buffer.from(auth) }])),
    auths: {
      owner: Buffer.from(auths.owner),
      endorsement: Buffer.from(auths.endorsement),
      lockout: Buffer.from(auths.lockout),
    },
    nv: new Map(nv.map(({ index, attributes, content }) => [index, { attributes, content: Buffer.from(content) }])),
    failures,
  };
  const lost = [...state.persistent.values()].find(({ primary }) => !state.primaries.has(primary));
  if (lost) throw new RangeError('a persistent key that was never made');
  return state;
}

function readPrimary({ hierarchy, area, key }: Omit<File['primaries'][number], 'of'>): Primary {
  const der = Buffer.from(key);
  try {
    const read = {
      hierarchy,
      area: Buffer.from(area),
      key: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
    };
    readArea(read.area, 'a key');
    return read;
  } finally {
    der.fill(0);
    key.fill(0);
  }
}

/** CBOR takes plain byte arrays. */
const plain = (buffer: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(buffer);

/** The private key as PKCS#8; the caller zeroes it. */
function exported(key: KeyObject): Uint8Array<ArrayBuffer> {
  const der = key.export({ format: 'der', type: 'pkcs8' });
  const copy = plain(der);
  der.fill(0);
  return copy;
}

function serialize(state: Kept): Uint8Array {
  const file = filed(state);
  try {
    return encode(file);
  } finally {
    for (const { key } of file.primaries) key.fill(0);
    file.proof.fill(0);
  }
}

function filed({ proof, primaries, persistent, auths, nv, failures }: Kept): File {
  const { owner, endorsement, lockout } = auths;
  return {
    version: 1,
    proof: plain(proof),
    primaries: [...primaries].map(([of, { hierarchy, area, key }]) => ({
      of,
      hierarchy,
      area: plain(area),
      key: exported(key),
    })),
    persistent: [...persistent].map(([at, { primary, auth }]) => ({ handle: at, primary, auth: plain(auth) })),
    auths: { owner: plain(owner), endorsement: plain(endorsement), lockout: plain(lockout) },
    nv: [...nv].map(([index, { attributes, content }]) => ({ index, attributes, content: plain(content) })),
    failures,
  };
}
