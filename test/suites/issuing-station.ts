// A station that issues certificates and does nothing else: no cloud, units in this process whose memories are files, so that
// they outlive it, and an HSM whose signatures are noted beside the database.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Hsm } from '../../drivers/hsm/hsm.ts';
import { hsms } from '../../drivers/hsm/registry.ts';
import { protocols } from '../../drivers/protocols/registry.ts';
import { simulatedModel } from '../../drivers/simulated/unit/arguments.ts';
import { FileFlash } from '../../drivers/simulated/unit/flash.ts';
import { flashSize, Memory } from '../../drivers/simulated/unit/memory.ts';
import { WiredUnit } from '../../drivers/simulated/unit/wired.ts';
import { systemClock } from '../../station-core/clock.ts';
import type { Method, Params, Result } from '../../station-core/contract/api.ts';
import type { Recipe } from '../../station-core/contract/recipe.ts';
import type { Role } from '../../station-core/contract/record.ts';
import type { Run } from '../../station-core/contract/run.ts';
import { actor, addPeople, makeOrder, recipeOf, unitOf } from '../../station-core/practice.ts';
import { Station } from '../../station-core/station.ts';
import type { StationParts } from '../../station-core/station-parts.ts';
import { openStore } from '../../station-core/store/open.ts';
import { type SignDetour, tapped } from './issuing-tap.ts';
import { ScriptedLink } from './scripted-link.ts';
import { quietLog } from './station.ts';

export type IssuingOptions = {
  /** Another HSM than the soft one of the folder. */
  readonly hsm?: () => Promise<Hsm>;
  readonly detour?: SignDetour;
  readonly parts?: Partial<StationParts>;
};

/** Where the signatures of a folder's HSM are noted. */
export const tapOf = (folder: string): string => join(folder, 'signatures');
const unitsOf = (folder: string): string => join(folder, 'practice', 'units');

export class IssuingStation {
  readonly folder: string;
  readonly station: Station;
  readonly log: ReturnType<typeof quietLog>;

  private constructor(folder: string, station: Station, log: ReturnType<typeof quietLog>) {
    this.folder = folder;
    this.station = station;
    this.log = log;
  }

  /** Opens the station of a folder, as a start of the program would; founds it when it is new. */
  static async open(folder: string, options: IssuingOptions = {}): Promise<IssuingStation> {
    mkdirSync(unitsOf(folder), { recursive: true });
    const open = options.hsm ?? (() => hsms.soft({ folder: join(folder, 'practice', 'hsm') }));
    const log = quietLog();
    const hsm = await open();
    const db = openStore(folder, 'owner');
    try {
      const station = await Station.open({
        db,
        hsm: tapped(hsm, tapOf(folder), options.detour),
        lanes: [1, 2].map((lane) => laneOf(folder, lane)),
        protocols,
        dps: { idScope: '0ne00000000', endpoint: 'dps.test' },
        clock: systemClock,
        log,
        configHash: 'test',
        found: { mode: 'practice', station: 'test' },
        ...options.parts,
      });
      await addPeople(station);
      return new IssuingStation(folder, station, log);
    } catch (thrown) {
      db.close();
      await hsm.close();
      throw thrown;
    }
  }

  as<M extends Method>(role: Role, method: M, params: unknown): Promise<Result<M>> {
    return this.station.call(method, params, { actor: actor(this.station, role) });
  }

  /** An armed X.509 order; the intermediate CA is made with the first one. */
  async order(units: number, change: (recipe: Recipe) => Recipe = (recipe) => recipe): Promise<Ordered> {
    const recipe = change(await recipeOf(this.station, 'x509-individual'));
    const { order, labels } = await makeOrder(this.station, recipe, units);
    return { name: order.name, labels };
  }

  /** A call of the security officer that a lead approves. */
  async withSecond<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    const { approval } = await this.as('lead', 'approvals.approve', { method, params });
    return this.station.call(method, params, { actor: actor(this.station, 'security-officer'), approval });
  }

  /** Another intermediate CA under the root of practice; between ceremony and import something may be done to it. */
  async makeCa(
    name: string,
    algorithm: 'p256' | 'p384' | 'rsa2048',
    between = () => {},
  ): Promise<{ name: string; publicKey: string }> {
    await this.withSecond('ca.begin', { name, algorithm, subject: { CN: `CA ${name}`, O: 'Practice' } });
    between();
    await this.as('auditor', 'ca.witness', { name });
    const { chain } = await this.withSecond('ca.practiceSign', { name });
    const { publicKey } = await this.withSecond('ca.import', { name, chain });
    return { name, publicKey };
  }

  async scan(lane: number, serial: string): Promise<Run> {
    const { run } = await this.as('technician', 'run.start', { lane, serial });
    await this.station.lanes.ended(lane);
    return this.as('technician', 'run.show', { run });
  }

  registrationOf(label: string): string {
    return this.station.records.units.bySerial(label)[0]?.registrationId ?? '?';
  }

  async close(): Promise<void> {
    const { db, hsm } = this.station.parts;
    try {
      await this.station.close();
    } finally {
      await hsm.close();
      db.close();
    }
  }
}

export type Ordered = { readonly name: string; readonly labels: readonly string[] };

/** The practice line's recipe with another key or profile. */
export const withAttestation =
  (change: object) =>
  (recipe: Recipe): Recipe =>
    ({ ...recipe, attestation: { ...recipe.attestation, ...change } }) as Recipe;

function laneOf(folder: string, lane: number): StationParts['lanes'][number] {
  const units = new Map<string, WiredUnit>();
  const open = async (label: string) => {
    const unit = units.get(label) ?? makeUnit(folder, label);
    units.set(label, unit);
    return new ScriptedLink((written) => unit.receive(written));
  };
  return { lane, port: `lane ${lane}`, simulated: true, attached: true, open };
}

function makeUnit(folder: string, label: string): WiredUnit {
  const { serial, mac } = unitOf(label);
  const facts = { ...simulatedModel, serial, mac: Buffer.from(mac.replaceAll(':', ''), 'hex') };
  return new WiredUnit(facts, new Memory(new FileFlash(join(unitsOf(folder), label), flashSize)));
}

/** The chain that a unit holds in force, PEM; none when it holds none. */
export function heldChain(folder: string, label: string): string | undefined {
  const flash = new FileFlash(join(unitsOf(folder), label), flashSize);
  try {
    const memory = new Memory(flash);
    const { committed } = memory.load();
    return committed && memory.readChain(committed)?.toString('latin1');
  } finally {
    flash.close();
  }
}
