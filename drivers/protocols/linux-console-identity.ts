// Who a Linux unit says it is, from its files. All of it is the unit's word: bounded, and printable before it goes anywhere.
import { StationError } from '../../station-core/contract/errors.ts';
import { codes, type Transfer } from './linux-console-transfer.ts';
import type { ConsoleAccess, UnitIdentity } from './protocol.ts';

const longestSerial = 64;
const longestText = 128;
/** Files that say who a unit is are short; /etc/os-release is the longest. */
const longestFile = 8_192;
const releaseFile = '/etc/os-release';

/** Throws `console.garbled` for what is no identity, `console.failed` for a file that is not there, and what `run` throws. */
export async function readIdentity(
  transfer: Transfer,
  { serialFile, macFile, modelFile }: ConsoleAccess,
  signal: AbortSignal,
): Promise<UnitIdentity> {
  const read = (path: string) => readFile(transfer, path, signal);
  const serial = textOf(await read(serialFile), serialFile, longestSerial);
  const model = modelFile === undefined ? 'Linux' : textOf(await read(modelFile), modelFile, longestText);
  const firmware = releaseName(await read(releaseFile));
  if (macFile === undefined) return { serial, model, firmware };
  return { serial, model, firmware, mac: macOf(await read(macFile), macFile) };
}

async function readFile(transfer: Transfer, path: string, signal: AbortSignal): Promise<Buffer> {
  const what = `reading ${path}`;
  const bytes = await transfer.read(path, { what, most: longestFile }, signal);
  if (bytes === undefined) throw new StationError('console.failed', { what, code: codes.notThere });
  return bytes;
}

const garbled = (path: string): StationError => new StationError('console.garbled', { what: `reading ${path}` });

/** Device trees end their texts with zero bytes, files with line feeds. */
function textOf(bytes: Buffer, path: string, longest: number): string {
  const text = trimmed(bytes);
  if (text.length < 1 || text.length > longest || !/^[\x20-\x7e]+$/.test(text)) throw garbled(path);
  return text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: zero bytes are what is cut off.
const trimmed = (bytes: Buffer): string => bytes.toString('latin1').replaceAll(/^[\s\x00]+|[\s\x00]+$/g, '');

/** As text, with colons, hyphens or nothing between its bytes, or as six bytes, as a device tree's local-mac-address is. */
function macOf(bytes: Buffer, path: string): string {
  const text = trimmed(bytes);
  const pairs = /^(?:[0-9a-f]{2}([:-]?))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/i.test(text)
    ? text.replaceAll(/[:-]/g, '')
    : bytes.toString('hex');
  if (pairs.length !== 12) throw garbled(path);
  return pairs.toUpperCase().match(/../g)?.join(':') ?? '';
}

/** PRETTY_NAME of os-release(5): a shell's assignment, with or without quotes. */
function releaseName(bytes: Buffer): string {
  const value = /^PRETTY_NAME=(["']?)(.*)\1[ \t]*$/m.exec(bytes.toString('latin1'))?.[2];
  if (value === undefined) throw garbled(releaseFile);
  return textOf(Buffer.from(value.replaceAll(/\\(["'$`\\])/g, '$1'), 'latin1'), releaseFile, longestText);
}
