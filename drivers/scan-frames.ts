// The bytes of a serial scanner cut into codes, purely. Whatever is no whole code is told as a misread and kept nowhere: half a
// code must never pass for one, and two must never run together.
import type { Ending } from '../station-core/contract/scanners.ts';

export type Framing = {
  /** What the scanner sends before every code; what comes without it is no code. */
  readonly prefix?: string;
  readonly ending: Ending;
};

/** A code, or that there was something that is none. */
export type ScanFrame = { readonly code: string } | { readonly misread: true };

/** The largest barcodes hold more; no label on a line does. */
export const longestFrame = 1_024;

const ends: Readonly<Record<Ending, ReadonlySet<number>>> = {
  line: new Set([0x0a, 0x0d]),
  tab: new Set([0x09]),
  etx: new Set([0x03]),
};

const misread: ScanFrame = { misread: true };
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class ScanFrames {
  readonly #prefix: Buffer;
  readonly #ends: ReadonlySet<number>;
  #gathered: number[] = [];

  constructor({ prefix = '', ending }: Framing) {
    this.#prefix = Buffer.from(prefix, 'utf8');
    this.#ends = ends[ending];
  }

  /** Whether a code has begun and not ended. */
  get isOpen(): boolean {
    return this.#gathered.length > 0;
  }

  /** Takes bytes as they come, and answers what they complete. */
  take(bytes: Uint8Array): ScanFrame[] {
    const frames: ScanFrame[] = [];
    for (const byte of bytes) {
      if (this.#ends.has(byte)) frames.push(...this.#end());
      // One more than the longest, so that its end knows that it was too long.
      else if (this.#gathered.length <= longestFrame) this.#gathered.push(byte);
    }
    return frames;
  }

  /** Nothing more came in time, or the scanner is gone: what was begun is no code. */
  cut(): ScanFrame[] {
    const begun = this.isOpen;
    this.#gathered = [];
    return begun ? [misread] : [];
  }

  /** A line may end in two characters, and a scanner may send empty ones: these are nothing. */
  #end(): ScanFrame[] {
    const bytes = Buffer.from(this.#gathered);
    this.#gathered = [];
    if (bytes.length === 0) return [];
    if (bytes.length > longestFrame) return [misread];
    const at = this.#prefix.length === 0 ? 0 : bytes.lastIndexOf(this.#prefix);
    // What stands before the prefix lost its own end.
    const behind = at < 0 ? Buffer.alloc(0) : bytes.subarray(at + this.#prefix.length);
    return [...(at > 0 ? [misread] : []), readText(behind)];
  }
}

/** UTF-8 without control characters but those that GS1 and ISO/IEC 15434 put between elements: EOT, GS, RS. */
function readText(bytes: Buffer): ScanFrame {
  try {
    const code = utf8.decode(bytes);
    const plain = [...code].every((one) => (one >= ' ' ? one !== '\u007f' : '\u0004\u001d\u001e'.includes(one)));
    return plain && code.trim() !== '' ? { code } : misread;
  } catch {
    return misread; // no UTF-8
  }
}
