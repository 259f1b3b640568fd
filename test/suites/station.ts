import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getLogger } from '@logtape/logtape';
import { readCertificate } from '../../drivers/asn1/certificate.ts';
import type { Hsm } from '../../drivers/hsm/hsm.ts';
import { hsms } from '../../drivers/hsm/registry.ts';
import { protocols } from '../../drivers/protocols/registry.ts';
import { type Emulator, startEmulator } from '../../drivers/simulated/dps/emulator.ts';
import { SimulatedLine } from '../../drivers/simulated/line.ts';
import { leafHash } from '../../station-core/audit/merkle.ts';
import { systemClock } from '../../station-core/clock.ts';
import type { Method, Params, Result } from '../../station-core/contract/api.ts';
import { readEntry } from '../../station-core/contract/audit-entry.ts';
import type { Role } from '../../station-core/contract/record.ts';
import type { Run } from '../../station-core/contract/run.ts';
import type { Log } from '../../station-core/log.ts';
import { actor, addPeople, makeOrder, type RecipeName, recipeOf, unitOf } from '../../station-core/practice.ts';
import { uploadBy } from '../../station-core/practice-ca.ts';
import { PracticeTpmMaker, tpmLabel } from '../../station-core/practice-tpm.ts';
import type { Lane } from '../../station-core/run/lanes.ts';
import { Station } from '../../station-core/station.ts';
import type { StationParts } from '../../station-core/station-parts.ts';
import { type Db, openStore } from '../../station-core/store/open.ts';
import { DpsClient } from '../../station-core/sync/dps/client.ts';
import { parseConnection } from '../../station-core/sync/dps/connection.ts';
import { Pace } from '../../station-core/sync/pace.ts';

/** A log that keeps the incidents it was told, so that a test can say that there were none. */
export function quietLog(): Log & { readonly incidents: unknown[] } {
  const incidents: unknown[] = [];
  const incident = (thrown: unknown) => {
    incidents.push(thrown);
    return `test-${incidents.length}`;
  };
  return { logger: getLogger(['birthmark', 'test']), incident, close: async () => undefined, incidents };
}

/** A client of the emulator with the owner's policy, in the mode that is asked for. */
export function clientOf(
  emulator: Emulator,
  connection = emulator.connectionString,
  mode: 'practice' | 'production' = 'practice',
): DpsClient {
  const parsed = parseConnection(Buffer.from(connection));
  return new DpsClient({
    endpoint: { host: parsed.host, connect: { host: '127.0.0.1', port: emulator.port }, ca: emulator.ca },
    connection: parsed,
    pace: new Pace(10_000, systemClock),
    clock: systemClock,
    mode,
  });
}

export type TestStationOptions = {
  readonly lanes?: number;
  /** Fixtures that take both hands. */
  readonly start?: 'attach';
  /** Another HSM than the soft one. */
  readonly hsm?: (folder: string) => Promise<Hsm>;
  /** Another way to the units than the simulated line's own sockets. */
  readonly openLane?: (line: SimulatedLine, lane: number) => Lane['open'];
  /** A real log in the folder, where a test looks at it. */
  readonly log?: (folder: string) => Promise<Log>;
  readonly parts?: Partial<StationParts>;
};

/** A whole station in this process, on real parts: SQLite on disk, the emulator over TLS, units in a process of their own. */
export class TestStation {
  station!: Station;
  readonly folder: string;
  readonly emulator: Emulator;
  readonly line: SimulatedLine;
  readonly log = quietLog();
  readonly tpmMaker: PracticeTpmMaker;
  readonly #options: TestStationOptions;

  private constructor(folder: string, emulator: Emulator, line: SimulatedLine, options: TestStationOptions) {
    this.folder = folder;
    this.emulator = emulator;
    this.line = line;
    this.tpmMaker = new PracticeTpmMaker(join(folder, 'practice'));
    this.#options = options;
  }

  static async open(options: TestStationOptions = {}): Promise<TestStation> {
    const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
    mkdirSync(join(folder, 'practice'));
    const throttle = { servicePerMinute: 100_000, registrationsPerMinute: 100_000, pollsPerTenSeconds: 1_000 };
    const [emulator, line] = await Promise.all([
      startEmulator({ folder: join(folder, 'dps'), switches: { throttle } }),
      SimulatedLine.start({ folder: join(folder, 'practice'), lanes: options.lanes ?? 2 }),
    ]);
    const test = new TestStation(folder, emulator, line, options);
    await test.start();
    return test;
  }

  /** Opens the station on its folder, as a new start of the program would; with other parts, where they depend on the folder. */
  async start(more: Partial<StationParts> = {}): Promise<void> {
    await this.startLocked(more);
    await addPeople(this.station);
  }

  /** As `start`, where nobody can sign in: the HSM has no PIN yet. */
  async startLocked(more: Partial<StationParts> = {}): Promise<void> {
    const { log, parts } = this.#options;
    this.station = await Station.open({
      db: openStore(this.folder, 'owner'),
      hsm: await this.openHsm(),
      lanes: this.#lanes(),
      protocols,
      dps: { idScope: this.emulator.idScope, endpoint: this.emulator.deviceHost },
      client: clientOf(this.emulator),
      clock: systemClock,
      log: log ? await log(this.folder) : this.log,
      configHash: 'test',
      found: { mode: 'practice', station: 'test' },
      uploadCa: uploadBy(this.emulator),
      tpmMaker: this.tpmMaker,
      vendorRoots: [readCertificate(Buffer.from(this.tpmMaker.root, 'latin1'), 'the practice TPM maker')],
      ...parts,
      ...more,
    });
  }

  /** The station's HSM once more, while the station is closed. */
  openHsm(): Promise<Hsm> {
    const { hsm = (folder: string) => hsms.soft({ folder: join(folder, 'practice', 'hsm') }) } = this.#options;
    return hsm(this.folder);
  }

  /** Makes a call as the ready-made person of a role. */
  as<M extends Method>(role: Role, method: M, params: unknown): Promise<Result<M>> {
    return this.station.call(method, params, { actor: actor(this.station, role) });
  }

  /** A call that a second person approves. */
  async agreed<M extends Method>(first: Role, method: M, params: Params<M>): Promise<Result<M>> {
    const second = first === 'lead' ? 'security-officer' : 'lead';
    const { approval } = await this.as(second, 'approvals.approve', { method, params });
    return this.station.call(method, params, { actor: actor(this.station, first), approval });
  }

  /** An armed order of a ready-made recipe; answers the labels to scan. */
  async order(
    name: RecipeName,
    units: number,
    mixedUp?: (index: number) => boolean,
  ): Promise<{ name: string; labels: readonly string[] }> {
    const { order, labels } = await makeOrder(this.station, await recipeOf(this.station, name), units, mixedUp);
    return { name: order.name, labels };
  }

  /** Scans a label on a lane and waits for the verdict. */
  async scan(lane: number, serial: string): Promise<Run & { readonly registrationId: string }> {
    const { run } = await this.as('technician', 'run.start', { lane, serial });
    await this.station.lanes.ended(lane);
    // Only a unit whose endorsement key could not be read ends without a registration ID.
    return { registrationId: '', ...(await this.as('technician', 'run.show', { run })) };
  }

  /** The parsed entries of the audit trail. */
  entries(): Record<string, unknown>[] {
    const rows = this.station.records.db
      .prepare<[], { bytes: string }>('SELECT bytes FROM audit_entry ORDER BY seq')
      .all();
    return rows.map((row) => JSON.parse(row.bytes) as Record<string, unknown>);
  }

  /** Stops the station and lets go of its parts; units and cloud stay, for the next `start`. */
  async stop(): Promise<void> {
    const { db, hsm, client } = this.station.parts;
    await this.station.close();
    const entries = untouched(db);
    client?.close();
    await hsm.close();
    db.close();
    // Whatever a test did: the station writes no entry that says something that the schema does not have.
    for (const bytes of entries) readEntry(JSON.parse(bytes));
  }

  async close(): Promise<void> {
    await this.stop();
    await Promise.all([this.line.stop(), this.emulator.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #lanes(): Lane[] {
    const { lanes = 2, start, openLane = ownSocket(this.tpmMaker) } = this.#options;
    const kind = { simulated: true, attached: true, ...(start ? { start } : {}) };
    return Array.from({ length: lanes }, (_, index) => {
      const lane = index + 1;
      return { lane, port: `lane ${lane}`, ...kind, open: openLane(this.line, lane) };
    });
  }
}

/** The bytes of entries as they were written: not of those that a test has tampered with. */
function untouched(db: Db): string[] {
  const rows = db.prepare<[], { bytes: string; leaf: Buffer }>('SELECT bytes, leaf FROM audit_entry ORDER BY seq');
  return rows.all().flatMap(({ bytes, leaf }) => (leafHash(bytes).equals(leaf) ? [bytes] : []));
}

const ownSocket =
  (tpmMaker: PracticeTpmMaker) =>
  (line: SimulatedLine, lane: number): Lane['open'] =>
  async (label, signal) => {
    const unit = unitOf(label);
    const tpm = label.startsWith(tpmLabel) ? { tpm: await tpmMaker.make(unit.serial) } : {};
    await line.place(lane, { ...unit, ...tpm });
    return line.link(lane, signal);
  };

/** An HSM that says that it is real, so that a station in production takes it; nothing else of it is relaxed. */
export function saysReal(hsm: Hsm): Hsm {
  return new Proxy(hsm, {
    get(target, name) {
      if (name === 'status') return async () => ({ ...(await target.status()), simulated: false });
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
