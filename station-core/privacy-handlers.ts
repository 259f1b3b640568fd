import { isoTime } from './clock.ts';
import type { Method, Params } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import type { ErasureView, PersonalRecord, SubjectName } from './contract/privacy.ts';
import type { Handlers } from './handlers.ts';
import { type By, people } from './person.ts';
import { collect } from './privacy/collect.ts';
import { LegalHolds } from './privacy/holds.ts';
import { atCloud, keptOf } from './privacy/kept.ts';
import { filesNaming, linesWith } from './privacy/scrub.ts';
import { personOf, type Subject, unitOf } from './privacy/subject.ts';
import type { Station } from './station.ts';
import { folderOf } from './store/open.ts';

type PrivacyMethod = Extract<Method, `privacy.${string}` | 'backup.note'>;

/** What people may ask of records about them, and what keeps records all the same. */
export function privacyHandlers(station: Station): Pick<Handlers, PrivacyMethod> {
  const holds = new LegalHolds(station.records.db);
  return {
    'privacy.look': ({ subject }) => view(station, named(station, subject)),
    'privacy.export': ({ subject }, by) => give(station, subject, by),
    'privacy.erase': async ({ subject, reason }, by) => {
      const before = named(station, subject);
      const seen = await view(station, before);
      const erased = await station.erasures.erase(() => named(station, subject), { reason, by });
      await station.erasures.scrub(before);
      return { ...seen, erased };
    },
    'privacy.hold': (asked, by) => hold(station, holds, asked, by),
    'privacy.release': async ({ hold: id }, by) => {
      const { records, audit, operators, parts } = station;
      await records.commits.commit(() => {
        holds.release(id, isoTime(parts.clock));
        audit.append({ action: 'privacy.released', result: 'ok', ...people(operators, by), details: { hold: id } });
      });
      return null;
    },
    'privacy.holds': async () => holds.all(),
    'backup.note': async (details, by) => {
      const { records, audit, operators } = station;
      await records.commits.commit(() =>
        audit.append({ action: 'backup.made', result: 'ok', ...people(operators, by), details }),
      );
      return null;
    },
  };
}

const named = ({ records }: Station, subject: SubjectName): Subject =>
  'person' in subject ? personOf(records.db, subject.person) : unitOf(records.db, subject.unit);

async function view({ records: { db } }: Station, subject: Subject): Promise<ErasureView> {
  const folder = folderOf(db);
  const values: Record<string, number> = {};
  for (const { label } of subject.values) values[label] = (values[label] ?? 0) + 1;
  return {
    kind: subject.kind,
    values,
    units: subject.units.length,
    logLines: linesWith(folder, subject.values).length,
    kept: keptOf(db, subject),
    cloud: atCloud(db, subject),
    files: await filesNaming(folder, subject.values),
  };
}

/** The entry comes first: nothing is given that the trail does not tell of. */
async function give(station: Station, name: SubjectName, by: By): Promise<PersonalRecord> {
  const { records, audit, operators, parts, row } = station;
  const subject = named(station, name);
  const folder = folderOf(records.db);
  const commitments = subject.values.map(({ commitment }) => commitment);
  const details = { kind: subject.kind, values: subject.values.length, commitments: commitments.slice(0, 100) };
  await records.commits.commit(() =>
    audit.append({ action: 'privacy.exported', result: 'ok', ...people(operators, by), details }),
  );
  return collect(records, subject, {
    madeAt: isoTime(parts.clock),
    station: row.station,
    logs: linesWith(folder, subject.values),
    files: await filesNaming(folder, subject.values),
  });
}

async function hold(
  station: Station,
  holds: LegalHolds,
  asked: Params<'privacy.hold'>,
  by: By,
): Promise<{ hold: number }> {
  const { records, audit, operators, parts } = station;
  const { scope, reason } = asked;
  return records.commits.commit(() => {
    const { subject = null, order = null, ...about } = held(station, asked);
    const id = holds.place({ scope, subject, order, reason, at: isoTime(parts.clock) });
    const details = { hold: id, scope, ...about };
    audit.append({ action: 'privacy.held', result: 'ok', ...people(operators, by), details });
    return { hold: id };
  });
}

/** What a hold points to, and what its entry says of that. Throws `privacy.unknown`, `order.unknown`. */
function held(
  { records }: Station,
  asked: Params<'privacy.hold'>,
): { readonly subject?: number; readonly order?: number; readonly commitment?: string; readonly name?: string } {
  switch (asked.scope) {
    case 'all':
      return {};
    case 'order':
      return { order: records.units.order(asked.name).id, name: asked.name };
    case 'person':
    case 'unit': {
      const found = records.disclosures.find(asked.scope === 'unit' ? 'serial' : 'person', asked.name);
      if (!found) throw new StationError('privacy.unknown', { what: asked.scope });
      return { subject: found.id, commitment: found.commitment };
    }
  }
}
