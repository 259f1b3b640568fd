import { createHash } from 'node:crypto';
import { forget, passPhraseOf } from '../drivers/asn1/encrypted.ts';
import { isoTime } from './clock.ts';
import type { Method, Params } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import type { ImportedView, StoreView } from './contract/store.ts';
import type { Handlers } from './handlers.ts';
import { type By, people } from './person.ts';
import { sealedInStore, storedLabel } from './run/steps/draw.ts';
import type { Station } from './station.ts';
import { unpacked } from './store/issuers.ts';
import type { StoredOrigin } from './store/stored-certificates.ts';
import { anchorsOf, type Entry, type KeyFile, keyedEntries, listedEntries, zeroKeys } from './store-entries.ts';

type StoreMethod = Extract<Method, `store.${string}`>;

const dayMs = 86_400_000;
/** A free certificate that expires sooner is told of. */
const soonMs = 90 * dayMs;

/** The calls about certificates that others made ahead. */
export function storeHandlers(station: Station): Pick<Handlers, StoreMethod> {
  return {
    'store.import': (params, by) => importKeyed(station, params, by),
    'store.importList': (params, by) => importList(station, params, by),
    'store.list': async () => listStores(station),
  };
}

/** All files or nothing: read and checked, keys sealed, rows and the audit entry in one transaction. */
async function importKeyed(station: Station, params: Params<'store.import'>, by: By): Promise<ImportedView> {
  const { store } = params;
  const anchors = anchorsOf(params.anchors, station.row.mode === 'production');
  const { phrase, files } = filesOf(params, by);
  const forms = phrase.length > 0 ? passPhraseOf(phrase) : undefined;
  let entries: readonly Entry[] = [];
  try {
    entries = await keyedEntries(files, forms, anchors, station.parts.clock.now());
    for (const entry of entries) refuseKnown(station, entry);
    const sealed: Buffer[] = [];
    for (const { pkcs8, registrationId } of entries) {
      if (!pkcs8) throw new TypeError('an entry without its key');
      const bound = sealedInStore(store, registrationId);
      sealed.push(await station.parts.hsm.seal(station.keys.sealing, storedLabel, pkcs8, bound));
    }
    return await keep(station, { store, origin: 'pki', pins: anchors.trust.anchors, entries, sealed }, by);
  } finally {
    if (forms) forget(forms);
    zeroKeys(entries);
  }
}

async function importList(station: Station, params: Params<'store.importList'>, by: By): Promise<ImportedView> {
  const { store, name, list } = params;
  const anchors = anchorsOf(params.anchors, station.row.mode === 'production');
  const entries = listedEntries(list, name, anchors, station.parts.clock.now());
  return keep(station, { store, origin: 'vendor', pins: anchors.trust.anchors, entries, sealed: [] }, by);
}

/** What came beside the call: the pass phrase and the files that the two people agreed to, byte for byte. */
function filesOf({ files }: Params<'store.import'>, by: By): { readonly phrase: Buffer; readonly files: KeyFile[] } {
  const place = 'store.import';
  if (!by.secret) {
    throw new StationError('input.invalid', { place, expected: 'the files beside the call', found: 'none' });
  }
  const [phrase, ...parts] = unpacked(by.secret);
  if (!phrase || parts.length !== files.length) {
    const expected = `${files.length} files beside the call`;
    throw new StationError('input.invalid', { place, expected, found: `${parts.length}` });
  }
  const named = files.map(({ name, sha256 }, index) => {
    const bytes = parts[index] ?? Buffer.alloc(0);
    if (createHash('sha256').update(bytes).digest('hex') === sha256) return { name, bytes };
    throw new StationError('input.invalid', {
      place: name,
      expected: 'the bytes that were agreed to',
      found: 'others',
    });
  });
  return { phrase, files: named };
}

type Import = {
  readonly store: string;
  readonly origin: StoredOrigin;
  readonly pins: ReadonlySet<string>;
  readonly entries: readonly Entry[];
  /** One for each entry, or none. */
  readonly sealed: readonly Buffer[];
};

function keep(station: Station, what: Import, by: By): Promise<ImportedView> {
  const { records, audit, operators, parts, keys, hsmSerial } = station;
  const { store, origin, pins, entries, sealed } = what;
  return records.commits.commit(() => {
    const addedAt = isoTime(parts.clock);
    for (const [index, entry] of entries.entries()) {
      refuseKnown(station, entry);
      const { given, registrationId, keyHash } = entry;
      records.stored.insert({
        store,
        origin,
        registration: records.disclosures.put('registrationId', registrationId).id,
        leaf: given.leaf.certificate,
        above: given.above.map(({ certificate }) => certificate),
        fingerprint: createHash('sha256').update(given.leaf.certificate).digest(),
        keyHash,
        notAfterMs: given.notAfter,
        sealed: sealed[index] ?? null,
        unit: null,
        addedAt,
      });
    }
    const { label, checkValue } = keys.sealing;
    const details = { store, origin, entries: entries.length, anchors: [...pins] };
    const key = origin === 'pki' ? { key: { label, checkValue, hsm: hsmSerial } } : {};
    audit.append({ action: 'store.imported', result: 'ok', ...people(operators, by), ...key, details });
    return { store, entries: entries.length };
  });
}

/** Neither its name nor its key may be there, in whatever store or unit (F-72). */
function refuseKnown({ records }: Station, { place, registrationId, keyHash }: Entry): void {
  const { disclosures, stored, credentials } = records;
  const refuse = (expected: string, found: string) => new StationError('input.invalid', { place, expected, found });
  const known = disclosures.find('registrationId', registrationId);
  if (known && stored.registrationTaken(known.id)) {
    throw refuse('a registration ID that has no certificate yet', 'one that is in a store, or that its unit brought');
  }
  if (stored.keyKnown(keyHash) || credentials.keyTaken(keyHash, null)) {
    throw refuse('a key that is nowhere else (F-72)', 'one that a store or a unit has');
  }
}

function listStores({ records, parts }: Station): StoreView[] {
  const now = parts.clock.now();
  return records.stored.stocks(now, now + soonMs).map((stock) => {
    const { free, expired, expiring } = stock;
    const warnings = [
      ...(free - expired <= 0 && stock.origin === 'pki' ? ['It is empty.'] : []),
      ...(expired > 0 ? [`${expired} of its free certificates have expired.`] : []),
      ...(expiring > 0 ? [`${expiring} of its free certificates expire within ${soonMs / dayMs} days.`] : []),
    ];
    return { ...stock, warnings };
  });
}

/** An order as people see it: with how many of its units have no certificate yet (F-70). */
export function withStock<O extends { readonly id: number; readonly state: string }>(
  { records }: Station,
  order: O,
): O & { readonly uncertified?: number } {
  if (order.state !== 'open') return order;
  const { attestation } = records.units.recipeOf(order.id);
  const key = attestation.type === 'x509' ? attestation.key : undefined;
  const store =
    key?.source === 'stored' ? key.store : key?.source === 'own' && 'list' in key.trust ? key.trust.list : undefined;
  return store === undefined ? order : { ...order, uncertified: records.stored.missing(order.id, store) };
}
