import { Heads } from './audit/heads.ts';
import { type Asked, EntrySearch, type Found } from './audit/search.ts';
import { StoredTree } from './audit/tree.ts';
import { keyHash } from './ca/issuer.ts';
import type { Method, Params, Result } from './contract/api.ts';
import type { EntryView, FoundEntries, FoundEntry, HeadView, Named } from './contract/audit-search.ts';
import { StationError } from './contract/errors.ts';
import type { Role } from './contract/record.ts';
import { ruleOf } from './contract/roles.ts';
import type { UnitStory } from './contract/unit-story.ts';
import type { Handlers } from './handlers.ts';
import { type By, person } from './person.ts';
import type { Station } from './station.ts';
import { certificatesOf, cloudRowsOf, credentialsOf, mostOfLife, runsOf } from './store/unit-life.ts';
import type { Unit } from './store/units.ts';

/** Looking things up: entries of the audit trail, one entry with its proof, one unit's life. None of it is an act. */
export function lookUpHandlers(
  station: Station,
): Pick<Handlers, Extract<Method, 'audit.search' | 'audit.entry' | 'unit.story'>> {
  return {
    'audit.search': async (request, by) => search(station, request, by),
    'audit.entry': async ({ seq }, by) => entry(station, seq, by),
    'unit.story': async ({ serial }) => story(station, serial),
  };
}

/** Whoever may export names of people, with a second person, may read them here: the others see roles (docs/privacy.md). */
const seesPeople = ({ role }: { readonly role: Role }): boolean =>
  (ruleOf('audit.exportNamed').who as readonly Role[]).includes(role);

/** Throws `privacy.unknown` and `order.unknown`, and `person.not-allowed` where a person is asked for by whoever sees no people. */
function search(station: Station, request: Params<'audit.search'>, by: By): FoundEntries {
  const { before = Number.MAX_SAFE_INTEGER, limit } = request;
  const asked = askedOf(station, request, by);
  const { found, next } = new EntrySearch(station.records.db).find(asked, before, limit);
  const entries = found.map((one) => listed(station, one, by));
  return { entries, ...(next === undefined ? {} : { next }) };
}

function askedOf(
  station: Station,
  { unit, person: name, before: _, limit: __, ...rest }: Params<'audit.search'>,
  by: By,
): Asked {
  const { disclosures } = station.records;
  const known = (what: string, commitment: string | undefined): string => {
    if (commitment === undefined) throw new StationError('privacy.unknown', { what });
    return commitment;
  };
  if (name !== undefined) requirePeople(by);
  if (rest.order !== undefined) station.records.units.order(rest.order);
  const ofUnit =
    unit === undefined ? undefined : (disclosures.find('serial', unit) ?? disclosures.erased('serial', unit));
  return {
    ...rest,
    ...(unit === undefined ? {} : { unit: known('serial', ofUnit?.commitment) }),
    ...(name === undefined ? {} : { person: known('person', disclosures.find('person', name)?.commitment) }),
  };
}

function requirePeople(by: By): void {
  const { role } = person(by);
  if (seesPeople({ role })) return;
  const allowed = ruleOf('audit.exportNamed').who;
  throw new StationError('person.not-allowed', { role, method: 'audit.search, person', allowed: String(allowed) });
}

function listed(station: Station, { seq, members }: Found, by: By): FoundEntry {
  if (!members) return { seq, damaged: true };
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const number = (name: 'lane' | 'run') => (typeof members[name] === 'number' ? { [name]: members[name] } : {});
  const word = (name: 'reason' | 'order' | 'role') =>
    typeof members[name] === 'string' ? { [name]: members[name] } : {};
  const named = (name: 'unit' | 'actor' | 'approver', commitment: unknown) =>
    typeof commitment === 'string' ? { [name]: namedOf(station, commitment, by) } : {};
  return {
    seq,
    at: text(members.at),
    action: text(members.action),
    result: text(members.result),
    ...number('lane'),
    ...number('run'),
    ...word('reason'),
    ...word('order'),
    ...word('role'),
    ...named('unit', (members.unit as { readonly serial?: unknown } | undefined)?.serial),
    ...named('actor', members.actor),
    ...named('approver', members.approver),
  };
}

function namedOf({ records }: Station, commitment: string, by: By): Named {
  const name = clearOf(records, commitment, by);
  return { commitment, ...(name === undefined ? {} : { name }) };
}

function clearOf({ disclosures }: Station['records'], commitment: string, by: By): string | undefined {
  const found = disclosures.behind(commitment);
  return found && (found.label !== 'person' || seesPeople(person(by))) ? found.value : undefined;
}

type StoredEntry = { readonly bytes: Buffer; readonly leaf: Buffer };

/** Throws `audit.no-entry`, and `audit.damaged` where the tree that is stored lacks what proves it. */
function entry(station: Station, seq: number, by: By): EntryView {
  const { records, audit } = station;
  const row = records.db
    .prepare<[number], StoredEntry>(
      'SELECT CAST(bytes AS BLOB) AS bytes, CAST(leaf AS BLOB) AS leaf FROM audit_entry WHERE seq = ?',
    )
    .get(seq);
  const { entries } = audit.head();
  if (!row) throw new StationError('audit.no-entry', { seq, entries });
  const proof = proofOf(station, seq);
  return {
    seq,
    bytes: row.bytes.toString('base64'),
    leaf: row.leaf.toString('base64'),
    names: namesIn(station, row.bytes.toString('utf8'), by),
    entries,
    ...(proof ? { proof } : {}),
  };
}

/** Every commitment that the bytes name, as far as its clear value is kept and may be seen. */
function namesIn({ records }: Station, text: string, by: By): Record<string, string> {
  const commitments = new Set(text.match(/hmac-sha256:[A-Za-z0-9+/]{43}=/g) ?? []);
  const clear = [...commitments].map((commitment) => [commitment, clearOf(records, commitment, by)] as const);
  return Object.fromEntries(clear.filter((one): one is [string, string] => one[1] !== undefined));
}

function proofOf({ records: { db } }: Station, seq: number): EntryView['proof'] {
  const heads = new Heads(db);
  const newest = heads.newest();
  const key = newest && heads.keys().find(({ n }) => n === newest.key);
  if (!newest || !key || newest.size <= seq) return undefined;
  const { size, root, why, note } = newest;
  const head: HeadView = {
    origin: key.origin,
    size,
    root: root.toString('base64'),
    why,
    note,
    publicKey: key.publicKey,
    fingerprint: keyHash(Buffer.from(key.publicKey, 'base64')).toString('hex'),
  };
  return { hashes: pathOf(new StoredTree(db), seq, size), head };
}

function pathOf(tree: StoredTree, seq: number, size: number): string[] {
  try {
    return tree.inclusion(seq, size).map((hash) => hash.toString('base64'));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new StationError('audit.damaged', { place: `entry ${seq}`, reason: cause.message }, { cause });
  }
}

/** Throws `privacy.unknown`. */
function story(station: Station, serial: string): Result<'unit.story'> {
  const units = station.records.units.bySerial(serial);
  if (units.length === 0) throw new StationError('privacy.unknown', { what: 'serial' });
  return units.slice(0, mostOfLife).map((unit) => storyOf(station, unit));
}

function storyOf({ records }: Station, unit: Unit): UnitStory {
  const { db, disclosures, journal, units } = records;
  const { id, serial, registrationId, mac, finishedAt } = unit;
  const scrappedAt = units.scrappedAt(id);
  const shippedAt = records.after.shippedAt(id);
  const commitment = disclosures.find('serial', serial)?.commitment;
  return {
    serial,
    order: unit.orderName,
    recipe: unit.recipe.name,
    state: unit.state,
    ...(finishedAt === null ? {} : { finishedAt }),
    ...(scrappedAt === undefined ? {} : { scrappedAt }),
    ...(shippedAt === undefined ? {} : { shippedAt }),
    ...(registrationId === null ? {} : { registrationId }),
    ...(mac === null ? {} : { mac }),
    runs: runsOf(db, id).flatMap((run) => journal.run(run) ?? []),
    credentials: credentialsOf(db, id),
    certificates: certificatesOf(db, id),
    cloud: registrationId === null ? [] : cloudRowsOf(db, disclosures, registrationId),
    entries: commitment === undefined ? [] : new EntrySearch(db).aboutUnit(commitment, mostOfLife),
  };
}
