import type { Ending } from '../../../station-core/contract/scanners.ts';
import { isNoEnd, type LanePlace, type ScannerSetting } from '../../../station-core/contract/station-file.ts';

/** A serial scanner as it is typed. */
export type ScannerDraft = {
  readonly path: string;
  readonly baud: string;
  /** With `\x02` for what no key types. */
  readonly prefix: string;
  readonly ending: Ending;
};

/** Why scanners cannot stand: keys of `settings.wrongScanners`. */
export type WrongScanners = 'noPort' | 'samePort' | 'baud' | 'prefix';

export const newScanner: ScannerDraft = { path: '', baud: '9600', prefix: '', ending: 'line' };

export const scannerDraftOf = ({ path, baud, prefix = '', ending }: ScannerSetting): ScannerDraft => ({
  path,
  baud: String(baud),
  prefix: written(prefix),
  ending,
});

/** Pure. */
export function scannerOf({ path, baud, prefix, ending }: ScannerDraft): ScannerSetting {
  return { path: path.trim(), baud: Number(baud), ending, ...(prefix === '' ? {} : { prefix: read(prefix) }) };
}

/** What is wrong with them, also against the ports of lanes. Pure. */
export function wrongScanners(
  scanners: readonly ScannerDraft[],
  lanes: readonly LanePlace[],
): WrongScanners | undefined {
  const ports = scanners.map(({ path }) => path.trim());
  if (ports.includes('')) return 'noPort';
  const all = [...ports, ...lanes.flatMap((lane) => (lane.kind === 'serial' ? [lane.path.trim()] : []))];
  if (ports.some((port) => all.indexOf(port) !== all.lastIndexOf(port))) return 'samePort';
  if (!scanners.every(({ baud }) => isSpeed(baud))) return 'baud';
  return scanners.every(({ prefix }) => isPrefix(read(prefix))) ? undefined : 'prefix';
}

const isSpeed = (text: string): boolean => /^\d{4,7}$/.test(text) && Number(text) >= 9_600 && Number(text) <= 3_000_000;
const isPrefix = (text: string): boolean => text.length <= 8 && isNoEnd(text);

/** What no key types is written by its number. */
const written = (text: string): string =>
  [...text].map((one) => (one < ' ' || one === '\\' || one > '~' ? escaped(one) : one)).join('');
const escaped = (one: string): string => `\\x${(one.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
const read = (text: string): string =>
  text.replace(/\\x([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));
