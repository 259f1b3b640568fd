import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StationError } from '../../contract/errors.ts';
import { readCells } from './csv.ts';

/** A device as IoT Central's import file names it; `id` is its outbox row's. */
export type ImportedRow = { readonly id: number; readonly deviceId: string; readonly deviceName: string };

/** A file in the folder, and the SHA-256 of its bytes in hex. */
export type Written = { readonly file: string; readonly sha256: string };

/** Longest device name (dps-reference 11). */
const longestName = 148;

/** The first and the last outbox row stand in the name, so that files sort by their sequence, and the content's hash. */
const nameForm = /^devices-(\d{10})-(\d{10})-([0-9a-f]{12})\.csv$/;

const digits = (id: number): string => String(id).padStart(10, '0');
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/**
 * The import file of some devices: RFC 4180, UTF-8 without a byte order mark, with a header (dps-reference 11). The same rows always
 * give the same bytes under the same name.
 */
export function importFile(rows: readonly ImportedRow[]): Written & { readonly bytes: Buffer } {
  const lines = rows.map(({ deviceId, deviceName }) => `${cell(deviceId)},${cell(shownName(deviceName))}\r\n`);
  const bytes = Buffer.from(['IOTC_DEVICEID,IOTC_DEVICENAME\r\n', ...lines].join(''), 'utf8');
  const ids = rows.map(({ id }) => id);
  const hash = sha256(bytes);
  const [first, last] = [Math.min(...ids), Math.max(...ids)];
  return { file: `devices-${digits(first)}-${digits(last)}-${hash.slice(0, 12)}.csv`, sha256: hash, bytes };
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * A name that a spreadsheet shows and does not compute: what begins like a formula gets an apostrophe in front. IDs are never
 * changed; they begin with a letter or a digit (orders/identity.ts).
 */
function shownName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
  const plain = name.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').trim();
  const guarded = /^[=+\-@]/.test(plain) ? `'${plain}` : plain;
  return [...guarded].slice(0, longestName).join('');
}

/** Which of the rows stand in a file of the folder already, and in which. Files whose bytes are not those of their name do not count. */
export async function writtenFor(folder: string, rows: readonly ImportedRow[]): Promise<ReadonlyMap<number, Written>> {
  const found = new Map<number, Written>();
  for (const file of await namesIn(folder)) {
    const [, first, last, short] = nameForm.exec(file) ?? [];
    const within = rows.filter(({ id }) => id >= Number(first) && id <= Number(last));
    if (within.length === 0) continue;
    const bytes = await readFile(join(folder, file));
    const hash = sha256(bytes);
    if (hash.slice(0, 12) !== short) continue;
    const named = new Set(Array.from(readCells(bytes, file), ({ cells }) => cells[0]?.toString('latin1')));
    for (const { id, deviceId } of within) if (named.has(deviceId)) found.set(id, { file, sha256: hash });
  }
  return found;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => nameForm.test(name)).sort();
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unwritten(thrown);
  }
}

/**
 * Writes a file whole or not at all, and never over another: under another name first, on the disk, then under its own. Throws
 * `cloud.unreachable` when the folder cannot be written to, which passes when somebody has made room.
 */
export async function keepFile(
  folder: string,
  { file, sha256: hash, bytes }: Written & { readonly bytes: Buffer },
): Promise<Written> {
  const part = join(folder, `.${file}.${randomBytes(4).toString('hex')}.part`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(part, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // A link fails where a file has the name already, and a rename does not.
    await link(part, join(folder, file));
    const place = await open(folder, 'r');
    await place.sync().finally(() => place.close());
    return { file, sha256: hash };
  } catch (thrown) {
    throw unwritten(thrown);
  } finally {
    await rm(part, { force: true });
  }
}

const unwritten = (cause: unknown): StationError => {
  const { code = 'an error' } = cause as NodeJS.ErrnoException;
  return new StationError('cloud.unreachable', { reason: `the folder for IoT Central: ${code}` }, { cause });
};
