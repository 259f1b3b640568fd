import { dirname } from 'node:path';
import { formats } from './audit/export/registry.ts';
import { sealOf } from './audit/export/seal.ts';
import type { ExportOrder, WrittenExport } from './audit/export/write.ts';
import type { Head } from './audit/heads.ts';
import { type ReadingNeed, readLog } from './audit/reading.ts';
import { isoTime } from './clock.ts';
import type { ExportFilter, ExportRequest, ExportView } from './contract/audit.ts';
import { StationError } from './contract/errors.ts';
import { ExportPlace, exportsIn } from './exports-folder.ts';
import type { Handlers } from './handlers.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import type { Disclosures } from './store/disclosure.ts';

/** The calls that read the whole audit trail: in a thread of its own, with progress told to everyone who looks. */
export function auditHandlers(station: Station): Pick<Handlers, 'audit.verify' | 'audit.export' | 'audit.exportNamed'> {
  return {
    'audit.verify': () => readLog({ kind: 'verify', folder: folderOf(station) }, readingNeed(station)),
    'audit.export': (request, by) => exportLog(station, request, by, false),
    'audit.exportNamed': (request, by) => exportLog(station, request, by, true),
  };
}

const folderOf = ({ records }: Station): string => dirname(records.db.name);

const readingNeed = (station: Station): ReadingNeed => ({
  signal: station.stopping,
  progress: (done, total) => station.tell({ type: 'reading', done, total }),
});

/**
 * A head, the export under it, the entry that names its manifest, a head over that entry, and the seal that proves it. Where no
 * head can be signed the export stays under the newest one that was, and has no seal.
 */
async function exportLog(station: Station, request: ExportRequest, by: By, named: boolean): Promise<ExportView> {
  const { parts, records, sealing } = station;
  refuseUnfit(request, named);
  const filter = filterOf(request, records.disclosures);
  if (request.order !== undefined) records.units.order(request.order);
  await sealing.sign('export');
  const order = { kind: request.format, filter, named, madeAt: isoTime(parts.clock), problems: [] };
  const folder = folderOf(station);
  const place = await ExportPlace.take(exportsIn(folder), order);
  try {
    const written = await readLog({ kind: 'export', folder, out: place.path, order }, readingNeed(station));
    const entry = await noteExport(station, order, written, by);
    const head = await sealing.sign('export');
    const proven = covers(head, entry);
    if (proven) await place.add('seal.json', sealOf(records.db, { entry, sealed: written.sealed, head }));
    await place.publish();
    return { ...written, folder: place.name, entry, proven };
  } catch (thrown) {
    place.discard();
    throw thrown;
  }
}

const covers = (head: Head | undefined, entry: number): head is Head => head !== undefined && head.size > entry;

/** What an export holds is itself an entry; it says of which bytes. */
function noteExport(
  { records, audit, operators }: Station,
  { kind, filter, named }: ExportOrder,
  { manifest, entries, size }: WrittenExport,
  by: By,
): Promise<number> {
  const details = { kind, manifest, entries, size, filter: { ...filter }, named };
  return records.commits.commit(() =>
    audit.append({ action: 'audit.exported', result: 'ok', ...people(operators, by), details }),
  );
}

/** Throws `input.invalid` for a filter that the format cannot be cut by, and for names that it cannot give. */
export function refuseUnfit({ format, ...filter }: ExportRequest, named: boolean): void {
  const { takes, names } = formats[format];
  const refuse = (expected: string, found: string): never => {
    throw new StationError('input.invalid', { place: format, expected, found });
  };
  if (named && !names) refuse('no names: this format has none to give', 'names');
  const asked = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (takes === 'no filter' && asked.length > 0) refuse('the whole log: no filter', asked.join(', '));
  if (takes === 'a unit' && filter.unit === undefined) refuse('a unit', 'none');
  // A time would hide what came of the unit later.
  if (takes === 'a unit' && (filter.from ?? filter.to) !== undefined) refuse('a unit and its order alone', 'a time');
}

/** The filter as exports have it: the unit by its commitment. Throws `unit.unknown`. */
export function filterOf(
  { format: _, unit: serial, ...filter }: ExportRequest,
  disclosures: Disclosures,
): ExportFilter {
  if (serial === undefined) return filter;
  const unit = disclosures.find('serial', serial)?.commitment;
  if (unit === undefined) throw new StationError('unit.unknown', { serial });
  return { ...filter, unit };
}
