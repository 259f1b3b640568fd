import { canonical, type Json } from '../../contract/canonical.ts';
import { cell } from '../../contract/csv.ts';
import { errors, isErrorCode } from '../../contract/errors.ts';
import type { ExportedEntry, Format } from './format.ts';

/**
 * Spreadsheets take UTF-8 without this mark for the code page of the machine, and names with umlauts come out wrong. Programs read
 * the JSON lines instead.
 */
const byteOrderMark = '\u{FEFF}';

type Entry = NonNullable<ExportedEntry['members']>;
/** The clear value behind a commitment, where it may be given and is there; else what it was given. */
type Clear = (commitment: unknown) => unknown;
type Column = (entry: Entry, clear: Clear, read: ExportedEntry) => unknown;

const within = (entry: Entry, member: string): Entry => (entry[member] as Entry | undefined) ?? {};

/**
 * The columns. Where Azure's service logs have a column of the same meaning, it has their name, so that the two can be joined by
 * it (F-185).
 */
const columns: Readonly<Record<string, Column>> = {
  seq: (_, __, read) => read.seq,
  TimeGenerated: ({ at }) => at,
  OperationName: ({ action }) => action,
  ResultType: ({ result }) => result,
  ResultSignature: ({ reason }) => reason,
  ResultDescription: ({ reason }) => (typeof reason === 'string' && isErrorCode(reason) ? errors[reason].says : ''),
  // What the service called a request: beside the reason why a row waits for a person, or in its receipt.
  CorrelationId: (entry) => {
    const details = within(entry, 'details');
    return details.requestId ?? within(details, 'receipt').requestId;
  },
  station: ({ station }) => station,
  lane: ({ lane }) => lane,
  order: ({ order }) => order,
  run: ({ run }) => run,
  role: ({ role }) => role,
  actor: ({ actor }, clear) => clear(actor),
  approver: ({ approver }, clear) => clear(approver),
  serial: (entry, clear) => clear(within(entry, 'unit').serial),
  registrationId: (entry, clear) => clear(within(entry, 'unit').registrationId),
  mac: (entry, clear) => clear(within(entry, 'unit').mac),
  keyLabel: (entry) => within(entry, 'key').label,
  keyCheckValue: (entry) => within(entry, 'key').checkValue,
  hsm: (entry) => within(entry, 'key').hsm,
  software: ({ software }) => software,
  config: ({ config }) => config,
  clock: ({ clock }) => clock,
  details: ({ details }) => (details === undefined ? '' : canonical(details as Json)),
  // In hex: base64 may begin with a plus sign, which would be guarded as a formula.
  leaf: (_, __, read) => read.leaf.toString('hex'),
};

/** A table for spreadsheets: one row for each entry that was asked for. RFC 4180 with a byte order mark. */
export const csv: Format = {
  takes: 'any filter',
  names: true,
  async write({ pages, named, disclosures }, folder) {
    const file = folder.file('entries.csv');
    file.write(`${byteOrderMark}${Object.keys(columns).join(',')}\r\n`);
    const clear: Clear = (commitment) =>
      named && typeof commitment === 'string' ? (disclosures.of(commitment)?.value ?? commitment) : commitment;
    let written = 0;
    for await (const page of pages()) {
      for (const entry of page) {
        if (!entry.asked) continue;
        file.write(`${rowOf(entry, clear)}\r\n`);
        written++;
      }
    }
    file.end();
    return written;
  },
};

/** A damaged entry has its row too: its number and the hash of what it is. */
function rowOf(entry: ExportedEntry, clear: Clear): string {
  const members = entry.members ?? {};
  return Object.values(columns)
    .map((column) => cell(textOf(column(members, clear, entry))))
    .join(',');
}

/** What a column should hold is a text or a number; anything else stands there as its JSON. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
