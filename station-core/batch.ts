import { randomBytes } from 'node:crypto';
import { type Csr, csrSignatureHoldsAsync, readCsr } from '../drivers/asn1/csr.ts';
import { attestationOf } from './attestation/registry.ts';
import type { Draft } from './ca/ca.ts';
import type { Intended } from './ca/intended.ts';
import { type Issuer, keyHash } from './ca/issuer.ts';
import type { Signed } from './ca/sign.ts';
import { isoTime } from './clock.ts';
import type { IssuedView } from './contract/ca.ts';
import { asStationError, StationError } from './contract/errors.ts';
import { type IssuedAttestation, isIssued, type Recipe } from './contract/recipe.ts';
import type { Order } from './contract/record.ts';
import { type By, people } from './person.ts';
import { type Desk, intend, settle } from './run/issuing.ts';
import type { Station } from './station.ts';
import { noteBacklog } from './store/records.ts';
import type { BatchUnit } from './store/units.ts';

// Certificates for the CSRs of an order, many at a time. Each has its own intent, audit entries, lints and self-check; what
// they share is the commit: one fsync for all intents of a batch and one for all outcomes (docs/promises.md A).

export type GivenCsr = { readonly name: string; readonly csr: string };

type Work = {
  readonly order: Order;
  readonly recipe: Recipe;
  readonly attestation: IssuedAttestation;
  readonly issuer: Issuer;
  /** What all its audit entries say. */
  readonly about: ReturnType<typeof people> & { readonly order: string };
  /** Units of this batch, so that none gets two certificates. */
  readonly seen: Set<number>;
  /** How many of them are between intent and outcome, and which. */
  onTheWay: number;
  readonly taken: Set<number>;
};

// A CSR on its way. Each stage passes on what has fared already.
type Fared = { readonly fared: IssuedView };
type Read = { readonly name: string; readonly csr: Csr; readonly signatureHolds: boolean };
type Drafted = { readonly name: string; readonly unit: BatchUnit; readonly draft: Draft };
type Waiting = Drafted & { readonly intended: Intended };
type Done = Waiting & { readonly signed: Signed };

/** Issues batches, one stage after the other; several batches may be on their way, each in another stage. */
export class Batches {
  readonly #station: Station;
  /** Units of each order between intent and outcome: they count for its quota before they are finished. */
  readonly #onTheWay = new Map<number, number>();
  /** Units between intent and outcome, of all batches: no other batch makes a certificate for one of them. */
  readonly #taken = new Set<number>();

  constructor(station: Station) {
    this.#station = station;
  }

  /**
   * Each CSR fares alone, in its place of the answer. Throws for all of them `order.unknown`, `order.closed`,
   * `order.not-armed`, `recipe.unsupported`, `ca.not-ready`.
   */
  async issue(orderName: string, csrs: readonly GivenCsr[], by: By): Promise<readonly IssuedView[]> {
    const { records } = this.#station;
    const work = this.#workOf(orderName, by);
    // Signatures are checked in another thread, while the HSM signs the batch before.
    const read = await Promise.all(csrs.map((csr) => this.#read(csr)));
    // One read transaction for all look-ups: each by itself would lock and unlock the database.
    const drafted = records.db.transaction(() => read.map((one) => ('fared' in one ? one : this.#draft(work, one))))();
    try {
      const intended = await records.commits.commit(() => this.#intendAll(work, drafted));
      const signed = await Promise.all(intended.map((one) => ('fared' in one ? one : this.#sign(work, one))));
      const views = await records.commits.commit(() => this.#settleAll(work, signed));
      if (work.attestation.scope === 'individual') this.#station.pump.wake();
      return views;
    } finally {
      this.#count(work, -work.onTheWay); // of intents that the disk did not take
      for (const unit of work.taken) this.#taken.delete(unit);
    }
  }

  #workOf(orderName: string, by: By): Work {
    const { records, issuers, operators } = this.#station;
    const order = records.units.order(orderName);
    if (order.state !== 'open') throw new StationError('order.closed', { order: order.name });
    if (order.armed === 'no') throw new StationError('order.not-armed', { order: order.name });
    const recipe = records.units.recipeOf(order.id);
    const { attestation } = recipe;
    if (attestation.type !== 'x509')
      throw new StationError('recipe.unsupported', { what: 'certificates without X.509' });
    if (!isIssued(attestation) || attestation.key.source !== 'unit') {
      throw new StationError('recipe.unsupported', { what: 'CSRs for keys that no unit makes' });
    }
    const issuer = issuers.ready(attestation.issuer);
    const about = { ...people(operators, by), order: order.name };
    return { order, recipe, attestation, issuer, about, seen: new Set(), onTheWay: 0, taken: new Set() };
  }

  async #read({ name, csr: text }: GivenCsr): Promise<Read | Fared> {
    try {
      const csr = readCsr(Buffer.from(text, text.startsWith('-----') ? 'latin1' : 'base64'), name);
      return { name, csr, signatureHolds: await csrSignatureHoldsAsync(csr) };
    } catch (thrown) {
      return { fared: this.#refused(name, undefined, thrown) };
    }
  }

  #draft(work: Work, { name, csr, signatureHolds }: Read): Drafted | Fared {
    let registrationId: string | undefined;
    try {
      const hash = keyHash(csr.publicKey.spki);
      const unit = this.#unitOf(work, csr.subject.find(({ type }) => type === 'CN')?.value ?? '', hash);
      registrationId = unit.registrationId;
      const known = this.#station.records.certificates.ofUnit(unit.id, hash);
      if (known?.der) {
        return { fared: { name, registrationId, state: 'again', certificate: known.der.toString('base64') } };
      }
      if (unit.state === 'finished' || work.seen.has(unit.id))
        throw new StationError('identity.taken', { registrationId });
      work.seen.add(unit.id);
      const { key, profile } = work.attestation;
      const request = { csr, signatureHolds, commonName: registrationId, algorithm: key.algorithm, profile };
      return { name, unit, draft: this.#station.ca.draft(work.issuer, request) };
    } catch (thrown) {
      return { fared: this.#refused(name, registrationId, thrown) };
    }
  }

  /** The order's line that a CSR matches: by its CN, and by its key where the order names it. */
  #unitOf({ order }: Work, commonName: string, hash: Buffer): BatchUnit {
    const unit = this.#station.records.units.ofOrder(order.id, commonName.toLowerCase());
    if (!unit) throw new StationError('unit.unknown', { serial: commonName.slice(0, 64) });
    const wanted = unit.facts.spki_sha256?.toLowerCase();
    if (wanted === undefined || wanted === hash.toString('hex')) return unit;
    throw new StationError('ca.csr-refused', { rule: 'its public key must be the one of the order', found: 'another' });
  }

  /** Inside the commit of the intents. What is refused here was refused before anything of it was written. */
  #intendAll(work: Work, drafted: readonly (Drafted | Fared)[]): (Waiting | Fared)[] {
    const { id, name: orderName } = work.order;
    const { finished, quantity } = this.#station.records.units.order(orderName);
    let free = quantity - finished - (this.#onTheWay.get(id) ?? 0);
    const intended = drafted.map((one): Waiting | Fared => {
      if ('fared' in one) return one;
      try {
        if (free < 1) throw new StationError('order.full', { order: orderName, quantity });
        this.#refuseTaken(one.unit);
        const waiting = { ...one, intended: this.#intend(work, one) };
        for (const taken of [work.taken, this.#taken]) taken.add(one.unit.id);
        free -= 1;
        return waiting;
      } catch (thrown) {
        if (!(thrown instanceof StationError)) throw thrown;
        return { fared: this.#refused(one.name, one.unit.registrationId, thrown) };
      }
    });
    this.#count(work, intended.filter((one) => !('fared' in one)).length);
    return intended;
  }

  /** Asked inside the commit: since the draft, another batch may have begun or finished this unit, or a lane may have it. */
  #refuseTaken({ id, registrationId, serial }: BatchUnit): void {
    const { certificates, runs } = this.#station.records;
    if (this.#taken.has(id) || certificates.isFinished(id))
      throw new StationError('identity.taken', { registrationId });
    const going = runs.openOf(id);
    if (going) throw new StationError('unit.busy', { serial, lane: going.lane });
  }

  #intend(work: Work, { unit, draft }: Drafted): Intended {
    return intend(this.#desk(work, unit), work.issuer, draft.linted, {
      purpose: 'leaf',
      unit: unit.id,
      registrationId: unit.registrationId,
      csr: draft.csr.der,
      ...(draft.overridden ? { details: { subjectOverridden: true } } : {}),
    });
  }

  /** What fails here after the intent may have been signed: the row says so, and the others go on. */
  async #sign({ issuer }: Work, waiting: Waiting): Promise<Done> {
    const { ca, parts } = this.#station;
    try {
      return { ...waiting, signed: await ca.sign(parts.hsm, issuer, waiting.intended) };
    } catch (thrown) {
      const error = asStationError(thrown, () => parts.log.incident(thrown));
      return { ...waiting, signed: { state: 'possible', error } };
    }
  }

  /**
   * Inside the commit of the outcomes: what was on its way counts as finished from here on. Should the disk not take it,
   * the next start finds the intents and counts them as possibly issued.
   */
  #settleAll(work: Work, signed: readonly (Done | Fared)[]): IssuedView[] {
    const { records, parts } = this.#station;
    this.#count(work, -work.onTheWay);
    const views = signed.map((one) => ('fared' in one ? one.fared : this.#settle(work, one)));
    if (work.attestation.scope === 'individual') noteBacklog(records, isoTime(parts.clock));
    return views;
  }

  #settle(work: Work, { name, unit, intended, signed }: Done): IssuedView {
    const { registrationId } = unit;
    settle(this.#desk(work, unit), work.issuer, intended, signed);
    if (signed.state !== 'issued') return this.#refused(name, registrationId, signed.error);
    this.#finish(work, unit, intended);
    return { name, registrationId, state: 'issued', certificate: signed.der.toString('base64') };
  }

  /** The CSR's signature proved the key, so the unit is done. */
  #finish({ recipe }: Work, unit: BatchUnit, { id, linted }: Intended): void {
    const { records, parts } = this.#station;
    const at = isoTime(parts.clock);
    const credential = records.credentials.insert({
      unit: unit.id,
      operation: randomBytes(16),
      kind: 'x509',
      source: 'csr',
      fingerprint: keyHash(linted.tbs.publicKey.spki),
      sealed: null,
      certificate: id,
      state: 'proven',
      madeAt: at,
    });
    records.units.setState(unit.id, 'finished', at);
    const upload = attestationOf(recipe).ofUnit(recipe, unit);
    if (!upload) return;
    const { credential: _, ...row } = upload;
    records.outbox.queue({ ...row, target: recipe.target, credential, dueMs: parts.clock.now() });
  }

  #desk({ about }: Work, { commitments }: BatchUnit): Desk {
    const { records, audit, parts, ca, hsmSerial } = this.#station;
    const { clock, hsm } = parts;
    return {
      shop: { records, audit, clock, ca, hsm, hsmSerial },
      entry: (entry) => ({ ...about, unit: commitments, ...entry }),
    };
  }

  #refused(name: string, registrationId: string | undefined, thrown: unknown): IssuedView {
    const error = asStationError(thrown, () => this.#station.parts.log.incident(thrown)).toData();
    return { name, ...(registrationId === undefined ? {} : { registrationId }), state: 'refused', error };
  }

  #count(work: Work, change: number): void {
    const { id } = work.order;
    work.onTheWay += change;
    this.#onTheWay.set(id, (this.#onTheWay.get(id) ?? 0) + change);
  }
}
