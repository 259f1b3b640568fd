import type { AuditLog } from '../audit/log.ts';
import { type Clock, isoTime } from '../clock.ts';
import { asStationError, type ErrorData, StationError } from '../contract/errors.ts';
import type { PrintingView } from '../contract/label.ts';
import { erasedMark } from '../store/disclosure.ts';
import type { LabelRow } from '../store/labels.ts';
import type { Records } from '../store/records.ts';
import type { Unit } from '../store/units.ts';
import { drawLabel, type Press, printerFor, printerOf, templateOf } from './press.ts';
import { cannot, valuesOf } from './values.ts';

export type PrintingParts = {
  readonly records: Records;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly press: Press;
  readonly tell: (printing: PrintingView) => void;
  readonly incident: (thrown: unknown) => string;
};

/** How a label fares after its printer's next turn. */
export type Fared = { readonly printed: boolean; readonly error?: ErrorData };

/** A printer that printed nothing is tried again; a person who mends it does not wait longer than that. */
const againMs = 10_000;

/**
 * Prints what waits, one label after the other on each printer, in their sequence. A label is a row before its printer gets a byte and
 * until it came out, so that a crash prints it at least once. Nothing here touches a verdict: a printer that is off is a problem that
 * screens show, and its labels wait.
 */
export class Printing {
  readonly press: Press;
  readonly #parts: PrintingParts;
  readonly #turns = new Map<string, Promise<void>>();
  readonly #again = new Map<string, () => void>();
  readonly #problems = new Map<string, ErrorData>();
  readonly #asked = new Map<number, (fared: Fared) => void>();
  readonly #stop = new AbortController();

  constructor(parts: PrintingParts) {
    this.#parts = parts;
    this.press = parts.press;
  }

  /** Inside the commit of a verdict: the label of a unit that passed, where its recipe has one. */
  queuePassed({ id, recipe }: Pick<Unit, 'id' | 'recipe'>, run: number, lane: number): void {
    const { records, clock } = this.#parts;
    if (!recipe.label) return;
    const row = { unit: id, run, template: recipe.label.template, at: isoTime(clock) };
    try {
      const printer = printerFor(this.press, recipe.label, lane);
      records.labels.add({ ...row, printer, state: 'queued', error: null });
    } catch (thrown) {
      // The station's file changed after the order was made: a person decides, and the verdict stands.
      const error = asStationError(thrown, () => this.#parts.incident(thrown)).toData();
      records.labels.add({ ...row, printer: null, state: 'parked', error });
    }
  }

  /** Prints whatever waits, unless that goes on already; never throws. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    const { labels } = this.#parts.records;
    for (const printer of labels.printers()) this.#begin(printer);
    if (labels.waiting() > 0) this.#tell();
  }

  /** Resolves when a label that a person asked for came out, was parked, or its printer has a problem. Throws `station.stopping`. */
  async fare(label: number): Promise<Fared> {
    this.#stop.signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<Fared>();
    this.#asked.set(label, resolve);
    this.wake();
    try {
      return await promise;
    } finally {
      this.#asked.delete(label);
    }
  }

  /** Resolves when nothing is being printed. */
  async idle(): Promise<void> {
    await Promise.all(this.#turns.values());
  }

  /** Why a printer printed nothing when it was last tried. */
  problemOf(printer: string): ErrorData | undefined {
    return this.#problems.get(printer);
  }

  view(): PrintingView {
    const [first] = this.#problems.values();
    const error = first ?? this.#parts.records.labels.open(1).find((row) => row.error)?.error;
    return { waiting: this.#parts.records.labels.waiting(), ...(error ? { error } : {}) };
  }

  async stop(): Promise<void> {
    this.#stop.abort(new StationError('station.stopping'));
    for (const silence of this.#again.values()) silence();
    for (const resolve of this.#asked.values()) resolve({ printed: false, error: this.#stop.signal.reason.toData() });
    await this.idle();
  }

  #begin(printer: string): void {
    if (this.#turns.has(printer)) return;
    this.#again.get(printer)?.();
    this.#again.delete(printer);
    const turn = this.#printAll(printer)
      .then(() => void this.#problems.delete(printer))
      .catch((thrown: unknown) => this.#failed(printer, thrown))
      .finally(() => {
        this.#turns.delete(printer);
        this.#tell();
      });
    this.#turns.set(printer, turn);
  }

  async #printAll(printer: string): Promise<void> {
    const { labels } = this.#parts.records;
    for (let row = labels.next(printer); row && !this.#stop.signal.aborted; row = labels.next(printer)) {
      const error = await this.#printOne(row, printer);
      this.#asked.get(row.id)?.({ printed: !error, ...(error ? { error } : {}) });
      this.#tell();
    }
  }

  /** Answers why the label cannot be made, in which case it is parked. Throws what keeps the printer from printing. */
  async #printOne(row: LabelRow, name: string): Promise<ErrorData | undefined> {
    const { records, clock } = this.#parts;
    try {
      const unit = records.units.byId(row.unit);
      if (unit.serial === erasedMark) throw cannot('the unit', 'was erased');
      const printer = printerOf(this.press, name);
      const { format, dpmm } = printer;
      const at = unit.finishedAt ?? isoTime(clock);
      const bytes = await drawLabel(templateOf(this.press, row.template), valuesOf(unit), { format, dpmm, at });
      await printer.print({ name: fileNameOf(row.id), bytes }, this.#stop.signal);
    } catch (thrown) {
      if (this.#stop.signal.aborted || isPrinters(thrown)) throw thrown;
      // One label that cannot be made must not hold up the others.
      const error = asStationError(thrown, () => this.#parts.incident(thrown)).toData();
      await this.#park(row, error);
      return error;
    }
    await this.#printed(row, name);
    return undefined;
  }

  async #printed(row: LabelRow, printer: string): Promise<void> {
    const { records, audit } = this.#parts;
    await records.commits.commit(() => {
      records.labels.printed(row.id);
      const details = { template: row.template, printer, copy: records.labels.copyOf(row) };
      audit.append({ action: 'label.printed', result: 'ok', ...this.#about(row), details });
    });
  }

  async #park(row: LabelRow, error: ErrorData): Promise<void> {
    const { records, audit } = this.#parts;
    await records.commits.commit(() => {
      records.labels.park(row.id, error);
      const about = { ...this.#about(row), reason: error.code };
      audit.append({ action: 'label.parked', result: 'failed', ...about, details: { template: row.template } });
    });
  }

  #about({ unit, run }: LabelRow) {
    return { ...this.#parts.records.units.said(unit), ...(run === null ? {} : { run }) };
  }

  /** The printer prints nothing: told once, tried again by itself, and whoever waits for a label hears of it. */
  #failed(printer: string, thrown: unknown): void {
    if (this.#stop.signal.aborted) return;
    const error = asStationError(thrown, () => this.#parts.incident(thrown)).toData();
    this.#problems.set(printer, error);
    this.#again.set(
      printer,
      this.#parts.clock.timer(againMs, () => this.#begin(printer)),
    );
    this.#hear(printer, error);
  }

  #hear(printer: string, error: ErrorData): void {
    for (const [label, resolve] of this.#asked) {
      if (this.#parts.records.labels.byId(label)?.printer === printer) resolve({ printed: false, error });
    }
  }

  #tell(): void {
    if (!this.#stop.signal.aborted) this.#parts.tell(this.view());
  }
}

const isPrinters = (thrown: unknown): boolean => thrown instanceof StationError && thrown.code.startsWith('printer.');

/** What a folder calls a label: nothing of the unit, whose serial may be no file name. */
const fileNameOf = (label: number): string => `label-${String(label).padStart(8, '0')}`;
