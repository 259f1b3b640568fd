import { createHash, timingSafeEqual } from 'node:crypto';
import { base64 } from './base64.ts';
import type { Params } from './contract/api.ts';
import type { CentralReport, Compared } from './contract/central.ts';
import { StationError } from './contract/errors.ts';
import type { Recipe } from './contract/recipe.ts';
import type { Handlers } from './handlers.ts';
import { sameInHsm } from './keys.ts';
import type { By } from './person.ts';
import { people } from './person.ts';
import type { Station } from './station.ts';
import { type ExportedDevice, readExport } from './sync/central/export.ts';

/** The calls about IoT Central, which has no interface for a station but files. */
export function centralHandlers(station: Station): Pick<Handlers, 'sync.compareCentral'> {
  return { 'sync.compareCentral': (params, by) => compare(station, params, by) };
}

async function compare(
  station: Station,
  { name, sha256 }: Params<'sync.compareCentral'>,
  by: By,
): Promise<CentralReport> {
  const { records, audit, operators } = station;
  const bytes = by.secret;
  const found = bytes && createHash('sha256').update(bytes).digest('hex');
  if (!bytes || found !== sha256) {
    const expected = 'the bytes of the file beside the call, of which the SHA-256 was said';
    throw new StationError('input.invalid', { place: name, expected, found: bytes ? 'other bytes' : 'none' });
  }
  const devices = new Map<string, ExportedDevice>();
  for (const device of readExport(bytes, name)) devices.set(device.deviceId, device);
  const report = await compareAll(station, devices);
  const { units, there, missing, foreign, keys, thumbprints } = report;
  const counts = {
    devices: devices.size,
    units,
    there,
    missing: missing.length,
    foreign: foreign.length,
    differentKeys: keys.different.length,
    differentThumbprints: thumbprints.different.length,
  };
  await records.commits.commit(() => {
    audit.append({
      action: 'central.compared',
      result: 'ok',
      ...people(operators, by),
      details: { sha256, ...counts },
    });
  });
  return report;
}

async function compareAll(station: Station, devices: ReadonlyMap<string, ExportedDevice>): Promise<CentralReport> {
  const units = station.records.units.finishedFor('central');
  const judge = new Judge(station);
  const missing: string[] = [];
  const keys = new Tally();
  const thumbprints = new Tally();
  for (const unit of units) {
    const device = devices.get(unit.registrationId);
    if (!device) {
      missing.push(unit.registrationId);
      continue;
    }
    const type = judge.recipeOf(unit.order).attestation.type;
    if (type === 'symmetricKey') keys.add(unit.registrationId, await judge.sameKey(unit, device));
    if (type === 'x509') thumbprints.add(unit.registrationId, judge.sameThumbprint(unit, device));
  }
  const ours = new Set(units.map(({ registrationId }) => registrationId));
  return {
    devices: devices.size,
    units: units.length,
    there: units.length - missing.length,
    missing,
    foreign: [...devices.keys()].filter((id) => !ours.has(id)),
    keys: keys.counted(),
    thumbprints: thumbprints.counted(),
  };
}

/** Counts what is the same, and names what is not. */
class Tally {
  #same = 0;
  #notShown = 0;
  readonly #different: string[] = [];

  /** `same` is undefined where the file shows nothing to compare with. */
  add(registrationId: string, same: boolean | undefined): void {
    if (same === undefined) this.#notShown += 1;
    else if (same) this.#same += 1;
    else this.#different.push(registrationId);
  }

  counted(): Compared {
    return { same: this.#same, different: this.#different, notShown: this.#notShown };
  }
}

type OurUnit = ReturnType<Station['records']['units']['finishedFor']>[number];

/** Says whether a device's credential is its unit's. */
class Judge {
  readonly #station: Station;
  readonly #recipes = new Map<number, Recipe>();
  readonly #proven = new Set<string>();

  constructor(station: Station) {
    this.#station = station;
  }

  recipeOf(order: number): Recipe {
    const known = this.#recipes.get(order);
    if (known) return known;
    const recipe = this.#station.records.units.recipeOf(order);
    this.#recipes.set(order, recipe);
    return recipe;
  }

  /** The key is derived in the HSM once more, as the unit's was; IoT Central shows one for each of its group's two keys. */
  async sameKey(
    { order, registrationId }: OurUnit,
    { primaryKey, secondaryKey }: ExportedDevice,
  ): Promise<boolean | undefined> {
    const { attestation } = this.recipeOf(order);
    const shown = [primaryKey, secondaryKey].filter((key) => key !== undefined);
    if (shown.length === 0 || attestation.type !== 'symmetricKey' || attestation.scope !== 'group') return undefined;
    const { hsm } = this.#station.parts;
    const { key } = attestation;
    if (!this.#proven.has(key.id)) await sameInHsm(hsm, key);
    this.#proven.add(key.id);
    const derived = await hsm.deriveDeviceKey(key, registrationId);
    const ours = base64(derived);
    try {
      return shown.some((theirs) => theirs.length === ours.length && timingSafeEqual(theirs, ours));
    } finally {
      derived.fill(0);
      ours.fill(0);
    }
  }

  /** By SHA-1 or SHA-256, whichever the file has, of any certificate of the unit that was not revoked. */
  sameThumbprint({ unit }: OurUnit, { primaryThumbprint, secondaryThumbprint }: ExportedDevice): boolean | undefined {
    const shown = [primaryThumbprint, secondaryThumbprint].filter((print) => print !== undefined);
    if (shown.length === 0) return undefined;
    const { certificates, stored } = this.#station.records;
    const issued = certificates.liveOf(unit).flatMap(({ purpose, der }) => (purpose === 'leaf' && der ? [der] : []));
    const given = stored.ofUnit(unit)?.leaf;
    const prints = [...issued, ...(given ? [given] : [])].flatMap((der) =>
      ['sha1', 'sha256'].map((hash) => createHash(hash).update(der).digest('hex').toUpperCase()),
    );
    return shown.some((print) => prints.includes(print));
  }
}
