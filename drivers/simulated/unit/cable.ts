import type { FaultPlan, WireFaults } from './faults.ts';
import { seeded } from './random.ts';
import { FaultyWire, type Piece } from './wire-faults.ts';

type Deliver = (bytes: Buffer) => void;

/** A start bit, eight data bits, a stop bit. */
const bitsOfByte = 10;
/** At most this much of the line's time arrives together, as a UART's buffer would hand it over. */
const sliceMs = 5;

/** A lane's cable with its faults, both directions. It belongs to the lane: units and links come and go. */
export class Cable {
  readonly toUnit: Way;
  readonly toStation: Way;

  constructor({ seed, toUnit, toStation, baud }: FaultPlan) {
    this.toUnit = new Way(toUnit, seed, baud);
    // Another stream of draws for the other direction.
    this.toStation = new Way(toStation, seed ^ 0x5bd1e995, baud);
  }

  /** Forgets what is still on its way. */
  cut(): void {
    this.toUnit.cut();
    this.toStation.cut();
  }
}

type Waiting = { readonly due: number; readonly bytes: Buffer; readonly deliver: Deliver };

/** One direction: what is put in comes out when it is due, at once unless a fault or the baud rate says otherwise. */
export class Way {
  readonly #wire: FaultyWire | undefined;
  readonly #baud: number | undefined;
  /** By when they are due, the earliest first. */
  readonly #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #freeAt = 0;

  constructor(faults: WireFaults | undefined, seed: number, baud: number | undefined) {
    this.#wire = faults && new FaultyWire(faults, seeded(seed));
    this.#baud = baud;
  }

  /** Takes bytes at one end; `deliver` gets what comes out of them at the other, now or later. */
  put(bytes: Uint8Array, deliver: Deliver): void {
    const pieces = this.#wire?.push(bytes) ?? [{ bytes: Buffer.from(bytes), laterMs: 0 }];
    for (const piece of pieces) {
      if (this.#baud === undefined && piece.laterMs === 0) deliver(piece.bytes);
      else for (const waiting of this.#slices(piece, deliver)) this.#wait(waiting);
    }
  }

  cut(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.length = 0;
  }

  #slices({ bytes, laterMs }: Piece, deliver: Deliver): Waiting[] {
    const start = performance.now() + laterMs;
    if (this.#baud === undefined) return [{ due: start, bytes, deliver }];
    const msOfByte = (bitsOfByte * 1_000) / this.#baud;
    const length = Math.max(1, Math.floor(sliceMs / msOfByte));
    const slices: Waiting[] = [];
    this.#freeAt = Math.max(this.#freeAt, start);
    for (let from = 0; from < bytes.length; from += length) {
      const slice = bytes.subarray(from, from + length);
      this.#freeAt += slice.length * msOfByte;
      slices.push({ due: this.#freeAt, bytes: slice, deliver });
    }
    return slices;
  }

  #wait(waiting: Waiting): void {
    const before = this.#waiting.findLastIndex(({ due }) => due <= waiting.due);
    this.#waiting.splice(before + 1, 0, waiting);
    if (before < 0) this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#timer = setTimeout(() => this.#deliver(), Math.max(1, Math.ceil(next.due - performance.now())));
  }

  #deliver(): void {
    const now = performance.now();
    // Taken out one by one: what is delivered may put in more.
    for (let [next] = this.#waiting; next !== undefined && next.due <= now; [next] = this.#waiting) {
      this.#waiting.shift();
      next.deliver(next.bytes);
    }
    this.#arm();
  }
}
