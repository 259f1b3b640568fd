import type { Entry } from './audit/log.ts';
import { fingerprintOf, mostOfBundle, readKey } from './bundle/format.ts';
import { giveBackLate } from './bundle-ends.ts';
import { isoTime } from './clock.ts';
import type { Method } from './contract/api.ts';
import type { ApplierFile, BundleView } from './contract/bundle.ts';
import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import { identityOf, makeBundleOf } from './make-bundle.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import type { BundleRow } from './store/bundles.ts';
import { takeReceipts } from './take-receipts.ts';

type BundleMethod = Extract<Method, `bundle.${string}`>;

/** The calls about the air gap. */
export function bundleHandlers(station: Station): Pick<Handlers, BundleMethod> {
  const { records } = station;
  return {
    'bundle.pinApplier': (file, by) => pinApplier(station, file, by),
    'bundle.identity': async () => {
      const file = await identityOf(station);
      return { file, fingerprint: fingerprintOf(file) };
    },
    'bundle.make': async ({ days }, by) => {
      await giveBackLate(station);
      const { sequence, text } = await makeBundleOf(station, days, by);
      return made(station, sequence, text);
    },
    'bundle.again': async ({ sequence }, by) => {
      await giveBackLate(station);
      const { bytes: text, sha256 } = records.bundles.bySequence(sequence) ?? {};
      if (!text || !sha256) throw new StationError('bundle.unknown', { sequence });
      await noteAgain(station, { sequence, sha256: sha256.toString('hex') }, by);
      return made(station, sequence, text);
    },
    'bundle.receipts': async ({ text }, by) => {
      const { sequence, ...counts } = await takeReceipts(station, text, by);
      station.pump.wake();
      return { bundle: viewOf(station, bundleOf(station, sequence)), ...counts };
    },
    'bundle.list': async () => {
      await giveBackLate(station);
      return records.bundles.newest(1_000).map((bundle) => viewOf(station, bundle));
    },
  };
}

async function pinApplier(station: Station, file: ApplierFile, by: By): Promise<{ fingerprint: string }> {
  const { records, audit, operators, parts } = station;
  readKey(file.encryption, 'encryption');
  readKey(file.receipts, 'receipts');
  const { name, encryption, receipts } = file;
  const fingerprint = fingerprintOf(file);
  await records.commits.commit(() => {
    const before = records.bundles.currentApplier()?.fingerprint;
    records.bundles.pin({ fingerprint, name, encryption, receipts }, isoTime(parts.clock));
    const details = { name, fingerprint, ...(before === undefined ? {} : { before }) };
    audit.append({ action: 'applier.pinned', result: 'ok', ...people(operators, by), details });
  });
  return { fingerprint };
}

/** Keys leave once more, if only encrypted: that is an act. */
async function noteAgain(
  { records, audit, operators }: Station,
  details: NonNullable<Entry['details']>,
  by: By,
): Promise<void> {
  await records.commits.commit(() =>
    audit.append({ action: 'bundle.written-again', result: 'ok', ...people(operators, by), details }),
  );
}

function made(station: Station, sequence: number, text: string) {
  const bundle = viewOf(station, bundleOf(station, sequence));
  return { bundle, text, left: station.records.bundles.bundleable('dps', mostOfBundle).length };
}

function bundleOf({ records }: Station, sequence: number): BundleRow {
  const bundle = records.bundles.bySequence(sequence);
  if (!bundle) throw new StationError('bundle.unknown', { sequence });
  return bundle;
}

function viewOf({ records }: Station, { sequence, state, applier, madeAt, expiresMs }: BundleRow): BundleView {
  const rows = { held: 0, done: 0, parked: 0, returned: 0 };
  for (const row of records.bundles.rows(sequence)) rows[row.state]++;
  const { name } = records.bundles.applier(applier);
  return { sequence, state, applier: name, rows, madeAt, expiresAt: new Date(expiresMs).toISOString() };
}
