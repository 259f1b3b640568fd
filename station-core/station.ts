import { dirname } from 'node:path';
import { sweepImages } from '../drivers/esp-secure-cert/image-file.ts';
import type { HsmState } from '../drivers/hsm/hsm.ts';
import { Access, type Caller } from './access.ts';
import { Anchoring } from './anchoring.ts';
import { Heads } from './audit/heads.ts';
import { AuditLog } from './audit/log.ts';
import type { Sealing } from './audit/sealing.ts';
import { Stop } from './audit/stop.ts';
import { auditHsm, nameKey, newOrigin } from './audit-keys.ts';
import { Batches } from './batch.ts';
import { recoverBundles, watchBundles } from './bundle-ends.ts';
import { Ca } from './ca/ca.ts';
import { serialPrefix } from './ca/serial.ts';
import { type Clock, isoTime } from './clock.ts';
import { type ClockJump, ClockWatch } from './clock-watch.ts';
import { api, type Method, type Operation, type Params, type Result } from './contract/api.ts';
import { asStationError, StationError } from './contract/errors.ts';
import type { Progress } from './contract/events.ts';
import { parse } from './contract/parse.ts';
import type { Actor } from './contract/record.ts';
import { usualIdleMinutes } from './contract/station-file.ts';
import { Erasures } from './erasures.ts';
import { exportsIn, removeHalfMade } from './exports-folder.ts';
import { type Handlers, handlers } from './handlers.ts';
import { HsmHistory } from './hsm-history.ts';
import { viewHsm } from './hsm-view.ts';
import { IssuerBook } from './issuers.ts';
import { type StationKeys, stationKeys } from './keys.ts';
import { printingOf } from './label-handlers.ts';
import type { Printing } from './labels/printing.ts';
import { disarmLanesOf, noteDisarmed, startAttached } from './lane-handlers.ts';
import { Lights } from './lights.ts';
import type { Telling } from './mes/telling.ts';
import { Approvals } from './operators/approvals.ts';
import { Operators } from './operators/operators.ts';
import { Orders } from './orders/orders.ts';
import type { By } from './person.ts';
import { Retaining } from './retaining.ts';
import { Lanes, type Measured } from './run/lanes.ts';
import { recover } from './run/recover.ts';
import { type Scans, scansOf } from './scans.ts';
import { noteHsms, noteStart, writerOf } from './starting.ts';
import type { StationParts } from './station-parts.ts';
import { imagesOf, sealingOf, shopOf } from './station-shop.ts';
import { type StationRow, stationRow, writeStationRow } from './store/open.ts';
import { openRecords, type Records } from './store/records.ts';
import type { Pump } from './sync/pump.ts';
import { makePump } from './uploads.ts';
import { builtOn } from './version.ts';
import { beginTelling, tellingsOf } from './webhook-tellings.ts';

/** What a call may bring beside its parameters: an in-process caller's secret never travels over the contract. */
export type CallExtras = Partial<Caller> & {
  readonly secret?: Buffer;
  readonly keep?: (secret: Buffer) => void;
  /** The call of an armed lane whose unit was plugged in. */
  readonly attached?: boolean;
};

/** The whole station behind one door: `call`. */
export class Station {
  readonly row: StationRow;
  readonly parts: StationParts;
  readonly records: Records;
  readonly audit: AuditLog;
  readonly heads: Heads;
  readonly stop: Stop;
  readonly sealing: Sealing;
  readonly anchoring: Anchoring;
  readonly operators: Operators;
  readonly approvals: Approvals;
  readonly orders: Orders;
  readonly lanes: Lanes;
  readonly pump: Pump;
  readonly tellings: readonly Telling[];
  readonly keys: StationKeys;
  readonly hsmSerial: string;
  readonly ca: Ca;
  readonly issuers: IssuerBook;
  readonly batches: Batches;
  readonly erasures: Erasures;
  readonly hsmHistory: HsmHistory;
  readonly scans: Scans;
  readonly lights: Lights;
  readonly printing: Printing;
  readonly #retaining: Retaining;
  readonly #access: Access;
  readonly #handlers: Handlers;
  readonly #progress = new Set<(progress: Progress) => void>();
  readonly #stopHsm: () => void;
  readonly #stopBundles: () => void;
  readonly #stopClock: () => void;
  readonly #measured = new Set<(measured: Measured) => void>();
  readonly #stopping = new AbortController();

  private constructor(
    parts: StationParts,
    row: StationRow,
    records: Records,
    audit: AuditLog,
    own: { keys: StationKeys; hsmSerial: string; watch: ClockWatch },
  ) {
    const { clock, log, hsm } = parts;
    this.parts = parts;
    this.row = row;
    this.records = records;
    this.audit = audit;
    this.keys = own.keys;
    this.hsmSerial = own.hsmSerial;
    const { db, commits, disclosures } = records;
    const now = () => isoTime(clock);
    this.heads = new Heads(db);
    this.stop = new Stop(db);
    this.sealing = sealingOf(this);
    this.anchoring = new Anchoring(this);
    const pepper = (pin: Buffer) => hsm.mac(own.keys.pepper, pin);
    const { idleMinutes = usualIdleMinutes } = parts;
    const { incident } = log;
    this.operators = new Operators({ db, commits, disclosures, audit, clock, now, pepper, idleMinutes, incident });
    this.approvals = new Approvals({ db, commits, audit, operators: this.operators, now });
    this.orders = new Orders({ records, audit, now });
    this.issuers = new IssuerBook(records.issuers);
    this.ca = new Ca({
      now: () => clock.now(),
      newest: () => audit.latestAt(),
      built: Date.parse(builtOn),
      serialPrefix: serialPrefix(row.origin),
      refuse: () => this.stop.refuse(),
      ...(parts.serialNumbers ? { random: parts.serialNumbers } : {}),
    });
    this.batches = new Batches(this);
    this.erasures = new Erasures(this);
    this.hsmHistory = new HsmHistory(hsm, clock);
    this.scans = scansOf(this);
    this.lights = new Lights((light) => this.tell({ type: 'light', light }));
    this.printing = printingOf(this);
    this.#retaining = new Retaining(this);
    this.#access = new Access({ commits, audit, disclosures, operators: this.operators, approvals: this.approvals });
    this.pump = makePump(this, (sync) => this.tell({ type: 'sync', sync }));
    this.tellings = tellingsOf(this);
    this.lanes = new Lanes(shopOf(this), parts.lanes, {
      progress: (progress) => this.tell(progress),
      measured: (measured) => {
        for (const listener of this.#measured) listener(measured);
      },
      sealed: () => {
        this.pump.wake();
        this.printing.wake();
        for (const telling of this.tellings) telling.wake();
      },
      armed: {
        start: (lane, armed) => void startAttached(this, lane, armed), // it tells what it catches
        idle: (lane, armed) =>
          void noteDisarmed(this, lane, armed, 'idle').catch((thrown: unknown) => log.incident(thrown)),
      },
    });
    this.#handlers = handlers(this);
    const stopHistory = this.hsmHistory.start(log.incident);
    this.operators.onEnded((_, actor) => {
      disarmLanesOf(this, actor).catch((thrown: unknown) => log.incident(thrown));
    });
    const stopHsm = hsm.onState((state) => this.#hsmChanged(state));
    const stopAuditHsm = parts.auditHsm?.onState(({ state }) => {
      if (state === 'ready') this.#sealAgain().catch(log.incident);
    });
    this.#stopHsm = () => {
      stopHistory();
      stopHsm();
      stopAuditHsm?.();
    };
    this.#stopBundles = watchBundles(this);
    this.#stopClock = own.watch.start((jump) => this.#clockJumped(jump));
  }

  /** Opens a station on its parts: writes its identity at the first start, recovers, and starts to upload. */
  static async open(parts: StationParts): Promise<Station> {
    const { db, hsm, clock, log, found } = parts;
    const records = openRecords(db);
    const before = stationRow(db);
    const row = before ?? newRow(found, clock);
    const watch = new ClockWatch(clock, parts.clockTrust);
    const audit = new AuditLog(db, writerOf(parts, row, watch));
    await records.commits.commit(() => {
      if (!before) writeStationRow(db, row);
      audit.catchUp();
      noteStart(parts, audit, before ? undefined : row);
    });
    const status = await hsm.status();
    const tokens = [status, ...(parts.auditHsm ? [await parts.auditHsm.status()] : [])];
    for (const { simulated, token } of tokens) {
      if (row.mode !== 'production' || !simulated) continue;
      throw new StationError('station.mode', { what: `The token ${token.model}`, mode: 'production' });
    }
    const hsmSerial = status.token.serial;
    await records.commits.commit(() => noteHsms(audit, tokens));
    const keys = await stationKeys(hsm, records, audit, hsmSerial);
    const station = new Station(parts, row, records, audit, { keys, hsmSerial, watch });
    const closed = await recover(records, audit, isoTime(clock));
    await recoverBundles(station);
    removeHalfMade(exportsIn(dirname(db.name)));
    await sweepImages(imagesOf(records));
    await station.erasures.eraseAgain();
    if (closed > 0) log.logger.warn('closed {closed} interrupted runs', { closed });
    await station.anchoring.look();
    if ((await auditHsm(parts).status()).state === 'ready') await nameKey(station);
    station.sealing.begin();
    await station.sealing.sign('start');
    station.pump.wake();
    station.printing.wake();
    await beginTelling(station);
    station.#retaining.begin(status.state === 'ready');
    return station;
  }

  /** Makes a call as a person. Throws a StationError; what was refused is in the audit. */
  async call<M extends Method>(method: M, params: unknown, extras: CallExtras = {}): Promise<Result<M>> {
    const { actor, approval, secret, keep, attached = false } = extras;
    let parsed: Params<M> | undefined;
    try {
      parsed = parse(api[method].params, params, method) as Params<M>;
      const approver = await this.#access.check(
        method,
        { method, params: parsed as Operation['params'] },
        { actor, approval },
      );
      const handler = this.#handlers[method] as (params: Params<M>, by: By) => Promise<Result<M>>;
      return await handler(parsed, { actor, approver, secret, keep, attached });
    } catch (thrown) {
      const error = asStationError(thrown, () => this.parts.log.incident(thrown));
      await this.#access.refused(method, actor, error, parsed);
      throw error;
    }
  }

  /** A call that the contract does not have: refused, noted, and answered as an error to throw. */
  async unknown(method: string, actor: Actor | undefined): Promise<StationError> {
    const error = new StationError('input.unknown-call', { method: method.slice(0, 64) });
    await this.#access.refused(method, actor, error);
    return error;
  }

  /** Aborted when the station closes: long calls end then. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  onProgress(listener: (progress: Progress) => void): () => void {
    this.#progress.add(listener);
    return () => this.#progress.delete(listener);
  }

  onMeasured(listener: (measured: Measured) => void): () => void {
    this.#measured.add(listener);
    return () => this.#measured.delete(listener);
  }

  /** Ends runs and uploads, and notes the stop. Whoever opened the parts closes them afterwards. */
  async close(): Promise<void> {
    this.#stopping.abort(new StationError('station.stopping'));
    this.operators.close();
    this.#stopHsm();
    this.#stopBundles();
    this.#stopClock();
    await this.lanes.stop();
    await this.pump.stop();
    await this.printing.stop();
    for (const telling of this.tellings) await telling.stop();
    await this.#retaining.stop();
    await this.records.commits.commit(() => this.audit.append({ action: 'software.stopped', result: 'ok' }));
    this.sealing.end();
    await this.sealing.sign('stop');
    await this.anchoring.idle();
  }

  /** The HSM says that it is another way than before: every screen hears of it at once, and the audit keeps it. */
  #hsmChanged({ state, reason }: HsmState): void {
    const { log } = this.parts;
    const note = async () => {
      this.tell({ type: 'hsm', hsm: await viewHsm(this) });
      const result = state === 'ready' ? 'ok' : 'failed';
      const details = { state, reason, hsm: this.hsmSerial };
      await this.records.commits.commit(() => this.audit.append({ action: 'hsm.state', result, details }));
      if (state === 'ready' && !this.parts.auditHsm) await this.#sealAgain();
    };
    note().catch((thrown: unknown) => log.incident(thrown));
  }

  #clockJumped(jump: ClockJump): void {
    const details = { ...jump, seen: 'running' };
    this.records.commits
      .commit(() => this.audit.append({ action: 'clock.jumped', result: 'ok', details }))
      .catch((thrown: unknown) => this.parts.log.incident(thrown));
  }

  /** Something was plugged into a lane's port, or pulled out of it. */
  plugged(lane: number, attached: boolean): void {
    this.lanes.plugged(lane, attached);
  }

  /** Tells everyone who looks at once; nothing of it is kept. */
  tell(progress: Progress): void {
    for (const listener of this.#progress) listener(progress);
  }

  /** The HSM is back: what waited for a head gets one, and a station that was locked at its first start gets its key. */
  async #sealAgain(): Promise<void> {
    await this.anchoring.look();
    await nameKey(this);
    await this.sealing.sign('time');
    await this.erasures.recognise();
  }
}

function newRow(found: StationParts['found'], clock: Clock): StationRow {
  if (!found) throw new StationError('store.damaged', { what: 'station.db', reason: 'it says of no station' });
  const { mode, station } = found;
  return { mode, station, origin: newOrigin(station), madeAt: isoTime(clock) };
}
