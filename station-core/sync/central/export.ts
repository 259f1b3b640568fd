import { type Cells, invalid, readCells } from './csv.ts';

/**
 * A device as IoT Central's export tells of it (dps-reference 11). Keys are views on the file's bytes, base64 as they stand there:
 * whoever gave the file zeroes it.
 */
export type ExportedDevice = {
  readonly line: number;
  readonly deviceId: string;
  readonly name: string;
  readonly primaryKey?: Buffer;
  readonly secondaryKey?: Buffer;
  /** Hex in upper case, SHA-1 or SHA-256. */
  readonly primaryThumbprint?: string;
  readonly secondaryThumbprint?: string;
};

const columns = [
  'IOTC_DEVICEID',
  'IOTC_DEVICENAME',
  'IOTC_SASKEY_PRIMARY',
  'IOTC_SASKEY_SECONDARY',
  'IOTC_X509THUMBPRINT_PRIMARY',
  'IOTC_X509THUMBPRINT_SECONDARY',
] as const;
type Column = (typeof columns)[number];

const mostBytes = 256 * 1024 * 1024;
const mostDevices = 1_000_000;

/**
 * Reads an export file of IoT Central, device by device; columns that it has beside the known ones are passed over. Throws
 * `input.invalid` with line and column; cells are never quoted, since they may be keys.
 */
export function* readExport(file: Buffer, place: string): Generator<ExportedDevice> {
  if (file.length > mostBytes) throw invalid(place, `at most ${mostBytes} bytes`, `${file.length}`);
  const records = readCells(file, place);
  const header = records.next();
  if (header.done) throw invalid(`${place}, line 1`, 'a header with the column IOTC_DEVICEID', 'nothing');
  const names = header.value.cells.map((cell) => cell.toString('latin1').trim().toUpperCase());
  const places = placesOf(names, `${place}, line 1`);
  const seen = new Set<string>();
  for (const record of records) {
    const where = `${place}, line ${record.line}`;
    if (record.cells.length !== names.length) {
      throw invalid(where, `${names.length} cells`, `${record.cells.length}`);
    }
    const device = deviceOf(record, places, where);
    if (seen.has(device.deviceId)) throw invalid(`${where}, IOTC_DEVICEID`, 'each device once', 'one a second time');
    if (seen.size === mostDevices) throw invalid(place, `at most ${mostDevices} devices`, 'more');
    seen.add(device.deviceId);
    yield device;
  }
}

function placesOf(names: readonly string[], place: string): ReadonlyMap<Column, number> {
  const found = columns.flatMap((column) => {
    const at = names.indexOf(column);
    if (at !== names.lastIndexOf(column)) throw invalid(place, `the column ${column} once`, 'it twice');
    return at < 0 ? [] : [[column, at] as const];
  });
  if (found[0]?.[0] !== 'IOTC_DEVICEID') throw invalid(place, 'a header with the column IOTC_DEVICEID', 'none');
  return new Map(found);
}

function deviceOf({ line, cells }: Cells, places: ReadonlyMap<Column, number>, where: string): ExportedDevice {
  const cell = (column: Column): Buffer | undefined => {
    const at = places.get(column);
    const bytes = at === undefined ? undefined : cells[at];
    return bytes?.length === 0 ? undefined : bytes;
  };
  const key = (column: Column) => {
    const bytes = cell(column);
    if (bytes && !isKey(bytes))
      throw invalid(`${where}, ${column}`, 'a base64 key of 16 to 64 bytes', 'something else');
    return bytes;
  };
  const thumbprint = (column: Column) => {
    const text = cell(column)?.toString('latin1').toUpperCase();
    if (text !== undefined && !/^([0-9A-F]{40}|[0-9A-F]{64})$/.test(text)) {
      throw invalid(`${where}, ${column}`, 'a thumbprint of 40 or 64 hex digits', 'something else');
    }
    return text;
  };
  const id = cell('IOTC_DEVICEID')?.toString('latin1') ?? '';
  if (!/^[\x21-\x7e]{1,128}$/.test(id)) {
    throw invalid(`${where}, IOTC_DEVICEID`, 'a device ID of 1 to 128 characters', 'something else');
  }
  const found = {
    primaryKey: key('IOTC_SASKEY_PRIMARY'),
    secondaryKey: key('IOTC_SASKEY_SECONDARY'),
    primaryThumbprint: thumbprint('IOTC_X509THUMBPRINT_PRIMARY'),
    secondaryThumbprint: thumbprint('IOTC_X509THUMBPRINT_SECONDARY'),
  };
  const there = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  return { line, deviceId: id, name: nameOf(cell('IOTC_DEVICENAME'), where), ...there };
}

function nameOf(bytes: Buffer | undefined, where: string): string {
  if (!bytes) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(`${where}, IOTC_DEVICENAME`, 'UTF-8 text', 'other bytes');
  }
}

/** By its bytes: 24 to 88 characters of base64 are 16 to 64 bytes (F-21). */
function isKey(bytes: Buffer): boolean {
  if (bytes.length < 24 || bytes.length > 88 || bytes.length % 4 !== 0) return false;
  const end = bytes.indexOf(0x3d);
  const digits = end < 0 ? bytes : bytes.subarray(0, end);
  const padding = bytes.length - digits.length;
  return padding <= 2 && digits.every(isDigit) && bytes.subarray(digits.length).every((byte) => byte === 0x3d);
}

const isDigit = (byte: number): boolean =>
  (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x2f && byte <= 0x39) || byte === 0x2b;
