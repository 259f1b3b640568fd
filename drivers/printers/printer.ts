/** A label on its way: `name` is a file name without ending, unique to the label; the bytes are in the printer's format. */
export type PrintJob = { readonly name: string; readonly bytes: Uint8Array };

/** A printer of labels. It knows no unit and no template. */
export interface Printer {
  /** What it takes. */
  readonly format: 'zpl' | 'pdf';
  /** Dots of a millimetre. */
  readonly dpmm: number;
  /**
   * Resolves when the label came out, as far as this printer can tell. Throws `printer.gone`, `printer.refused`, `printer.silent`,
   * `printer.paper-out`, `printer.head-open`, `printer.not-ready`, or the signal's reason; the label may have come out all the same.
   */
  print(job: PrintJob, signal: AbortSignal): Promise<void>;
}
