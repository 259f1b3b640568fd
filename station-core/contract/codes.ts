import type { ErrorData } from './errors.ts';
import { elementsOf, gs, isMod10 } from './gs1.ts';
import { type Checksum, labels } from './scanners.ts';
import { type Found, readTestLabel } from './test-label.ts';

// What a scanned or typed text means, purely. Labels of this program begin with a prefix each; everything else is a unit.

/** Barcodes that save a touch. */
export const commands = { [`${labels.command}CONFIRM`]: 'confirm', [`${labels.command}RETRY`]: 'retry' } as const;
export type Command = (typeof commands)[keyof typeof commands];

export type Code =
  | {
      readonly kind: 'unit';
      readonly serial: string;
      /** What else a GS1 label says of it. */
      readonly gtin?: string;
      readonly batch?: string;
    }
  | { readonly kind: 'person'; readonly badge: string }
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'fixture'; readonly lane: number }
  | { readonly kind: 'test'; readonly found: Found }
  | { readonly kind: 'misread'; readonly error: ErrorData };

/** As the station takes them (contract/lanes.ts). */
const longestSerial = 128;
/** Longer ones are no label that a scanner on a line reads in one go: something ran into something else. */
export const longestCode = 512;

/**
 * AIM symbology identifier: `]`, the symbology, a modifier (ISO/IEC 15424). With these a GS1 element string follows: GS1-128,
 * GS1 DataMatrix, GS1 QR Code, GS1 DataBar, GS1 DotCode.
 */
const aim = /^\]([A-Za-z])([0-9A-Za-z])/;
const gs1Symbologies: ReadonlySet<string> = new Set([']C1', ']d2', ']Q3', ']e0', ']J1']);

/** Reads a code; `checksum` is the rule that serials of this station keep. */
export function readCode(text: string, checksum: Checksum): Code {
  const found = aim.exec(text)?.[0] ?? '';
  const content = text.slice(found.length).trim();
  if (content.length > longestCode) return misread('scan.unreadable');
  if (gs1Symbologies.has(found) || content.includes(gs)) return gs1Unit(content, checksum);
  if (content === '' || hasControl(content)) return misread('scan.unreadable');
  return ownLabel(content) ?? unit(content, checksum);
}

/** What stands behind a scanner's prefix is a code by itself: whatever was gathered before it does not belong to it. None without it. */
export function behindPrefix(text: string, prefix: string | undefined): string | undefined {
  const at = prefix === undefined ? -1 : text.lastIndexOf(prefix);
  return prefix === undefined || at < 0 ? undefined : text.slice(at + prefix.length);
}

/** A label of this program, or none. */
function ownLabel(text: string): Code | undefined {
  const found = readTestLabel(text);
  if (found) return { kind: 'test', found };
  if (text.startsWith(labels.person)) return { kind: 'person', badge: text };
  if (text.startsWith(labels.command)) {
    const command = Object.entries(commands).find(([label]) => label === text)?.[1];
    return command ? { kind: 'command', command } : misread('scan.unknown-command', { code: text.slice(0, 40) });
  }
  if (text.startsWith(labels.test)) return misread('scan.unreadable');
  if (!text.startsWith(labels.fixture)) return undefined;
  const lane = /^[1-9]\d?$/.exec(text.slice(labels.fixture.length))?.[0];
  return lane ? { kind: 'fixture', lane: Number(lane) } : misread('scan.unreadable');
}

/** The serial is AI 21; a label without one, or with two, names no unit. */
function gs1Unit(text: string, checksum: Checksum): Code {
  const elements = elementsOf(text);
  if (!elements) return misread('scan.unreadable');
  const valuesOf = (ai: string) => new Set(elements.filter((one) => one.ai === ai).map(({ value }) => value));
  const [[serial, another], [gtin], [batch]] = [[...valuesOf('21')], [...valuesOf('01')], [...valuesOf('10')]];
  if (serial === undefined || another !== undefined) return misread('scan.no-serial');
  const code = unit(serial, checksum);
  if (code.kind !== 'unit') return code;
  return { ...code, ...(gtin === undefined ? {} : { gtin }), ...(batch === undefined ? {} : { batch }) };
}

function unit(serial: string, checksum: Checksum): Code {
  if (serial.length > longestSerial) return misread('scan.unreadable');
  if (!keeps[checksum](serial)) return misread('scan.checksum', { serial: serial.slice(0, 40) });
  return { kind: 'unit', serial };
}

/** Whether a serial keeps the rule; the check character is its last one and belongs to it. */
const keeps: Readonly<Record<Checksum, (serial: string) => boolean>> = {
  none: () => true,
  mod10: (serial) => isMod10(serial.replace(separators, '')),
  'mod37-36': (serial) => isMod3736(serial.replace(separators, '')),
};
const separators = /[-./ ]/g;

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** ISO/IEC 7064, MOD 37,36: digits and capital letters, the last of them the check character. */
export function isMod3736(text: string): boolean {
  if (!/^[0-9A-Z]{2,}$/.test(text)) return false;
  const values = [...text].map((character) => alphabet.indexOf(character));
  const check = values.pop() ?? 0;
  const product = values.reduce((p, value) => (((p + value) % 36 || 36) * 2) % 37, 36);
  return (product + check) % 36 === 1;
}

/** A person types or a label prints none of these; GS1's separator was looked for before. */
const hasControl = (text: string): boolean => [...text].some((one) => one < ' ' || one === '\u007f');

type MisreadCode = 'scan.unreadable' | 'scan.no-serial' | 'scan.checksum' | 'scan.unknown-command';
const misread = (code: MisreadCode, details: ErrorData['details'] = {}): Code => ({
  kind: 'misread',
  error: { code, details },
});
