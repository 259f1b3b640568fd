// What a station's folder says of labels, beside what a printer got: what was acknowledged, what waits, what the audit trail tells.
import type { LabelState } from '../../station-core/store/labels.ts';
import { openStore } from '../../station-core/store/open.ts';

/** What a process that prints labels says: how many wait at its start, a unit that passed, a label that a person asked for. */
export type LabelActs =
  | { readonly waiting: readonly number[]; readonly all: number }
  | { readonly passed: string }
  | { readonly label: number; readonly state: 'printed' | 'waiting' };

type Row = {
  readonly label: number;
  readonly serial: string;
  readonly run: number | null;
  readonly printer: string | null;
  readonly state: LabelState;
};
type Entry = { readonly action: string; readonly serial: string; readonly copy: number };

export type LabelRecords = {
  readonly rows: readonly Row[];
  readonly entries: readonly Entry[];
  /** Serials of the units that passed. */
  readonly passed: readonly string[];
};

/** Reads beside the station, or when it is gone. */
export function labelRecords(folder: string): LabelRecords {
  const db = openStore(folder, 'reader');
  try {
    const rows = db.prepare<[], Row>(
      `SELECT l.id AS label, s.value AS serial, l.run, l.printer, l.state FROM label l
       JOIN unit ON unit.id = l.unit JOIN disclosure s ON s.id = unit.serial ORDER BY l.id`,
    );
    const entries = db.prepare<[], Entry>(
      `SELECT e.bytes ->> '$.action' AS action, s.value AS serial, e.bytes ->> '$.details.copy' AS copy FROM audit_entry e
       JOIN disclosure s ON s.commitment = e.bytes ->> '$.unit.serial'
       WHERE e.bytes ->> '$.action' LIKE 'label.%' ORDER BY e.seq`,
    );
    const passed = db
      .prepare<[], string>(
        `SELECT s.value FROM unit JOIN disclosure s ON s.id = unit.serial WHERE unit.state = 'finished' ORDER BY unit.id`,
      )
      .pluck();
    return { rows: rows.all(), entries: entries.all(), passed: passed.all() };
  } finally {
    db.close();
  }
}

/** The serial in the Code 128 of a format. */
export const serialOn = (format: Buffer): string =>
  /\^FH\^FD_3E:([^^]*)\^FS/.exec(format.toString('latin1'))?.[1] ?? 'no serial';

/** Whether some label of this unit waits: what a printer gets was written down before. */
export const isWrittenDown = (folder: string, serial: string): boolean =>
  labelRecords(folder).rows.some((row) => row.serial === serial && row.state === 'queued');

/** Whatever is wrong in the records, beside the formats that their printer got and what was told to people. */
export function wrongLabels(records: LabelRecords, formats: readonly Buffer[], told: readonly LabelActs[]): string[] {
  const cameOut = Map.groupBy(formats.map(serialOn), (serial) => serial);
  const byUnit = Map.groupBy(records.rows, ({ serial }) => serial);
  const entries = Map.groupBy(records.entries, ({ serial }) => serial);
  const passed = new Set(records.passed);
  return [
    ...records.passed.flatMap((serial) =>
      byUnit.get(serial)?.some(({ run }) => run !== null) ? [] : [`${serial} passed and has no label`],
    ),
    ...[...byUnit].flatMap(([serial, rows]) =>
      wrongOf(rows, entries.get(serial) ?? [], cameOut.get(serial)?.length ?? 0).map((wrong) => `${serial}: ${wrong}`),
    ),
    ...told.flatMap((said) => wrongTold(said, passed, records.rows)),
  ];
}

/** Of one unit: its rows in their sequence, so that the first one is copy 1. */
function wrongOf(rows: readonly Row[], entries: readonly Entry[], cameOut: number): string[] {
  const copies = (which: (row: Row) => boolean) => rows.flatMap((row, index) => (which(row) ? [index + 1] : []));
  const said = (action: string) => entries.flatMap((entry) => (entry.action === action ? [entry.copy] : []));
  const printed = copies(({ state, printer }) => state === 'printed' && printer !== null);
  const asked = new Set(said('label.reprinted'));
  return [
    ...(printed.length > cameOut ? [`${printed.length} count as printed and ${cameOut} came out`] : []),
    ...(String(said('label.printed').sort((a, b) => a - b)) === String(printed) ? [] : ['the audit trail has others']),
    ...copies(({ run }) => run === null).flatMap((copy) => (asked.has(copy) ? [] : [`nobody asked for copy ${copy}`])),
  ];
}

function wrongTold(said: LabelActs, passed: ReadonlySet<string>, rows: readonly Row[]): string[] {
  if ('passed' in said) return passed.has(said.passed) ? [] : [`${said.passed} was told as passed`];
  if ('all' in said) return [];
  const state = rows.find(({ label }) => label === said.label)?.state;
  const isKept = said.state === 'printed' ? state === 'printed' : state !== undefined;
  return isKept ? [] : [`label ${said.label} was told as ${said.state} and is ${state}`];
}
