// One direction of a cable that lies. Pure but for what it holds back: the same seed and the same bytes give the same
// pieces; who delivers them, and when the clock says so, is not known here.
import { faultOf, type PieceFaults, type WireFaults } from './faults.ts';
import { type Random, whole } from './random.ts';

/** Bytes that arrive together, so many milliseconds later than they would. */
export type Piece = { readonly bytes: Buffer; readonly laterMs: number };

/** What has no end is no frame, and goes on as it is. */
const longestHeld = 4_096;

export class FaultyWire {
  readonly #faults: WireFaults;
  readonly #random: Random;
  readonly #frames = new FrameCutter();
  readonly #frameSpoiler: Spoiler | undefined;
  readonly #byteSpoiler: Spoiler | undefined;

  constructor(faults: WireFaults, random: Random) {
    this.#faults = faults;
    this.#random = random;
    this.#frameSpoiler = faults.frames && new Spoiler(faults.frames, random);
    this.#byteSpoiler = faults.bytes && new Spoiler(faults.bytes, random);
  }

  /** Takes any piece of the stream; gives what comes out at the other end. */
  push(bytes: Uint8Array): Piece[] {
    const { longest = 1 } = this.#faults.bytes ?? {};
    const frames = this.#frameSpoiler;
    const runs = this.#byteSpoiler;
    const first: Piece[] = frames
      ? this.#frames.push(bytes).flatMap((frame) => frames.spoil(frame))
      : [{ bytes: Buffer.from(bytes), laterMs: 0 }];
    if (!runs) return first;
    return first.flatMap((piece) =>
      cutRuns(piece.bytes, longest, this.#random).flatMap((run) =>
        runs.spoil(run).map((spoilt) => ({ ...spoilt, laterMs: spoilt.laterMs + piece.laterMs })),
      ),
    );
  }
}

/** Lets one fault at most befall each piece. */
class Spoiler {
  readonly #faults: PieceFaults;
  readonly #random: Random;
  #held: Buffer | undefined;

  constructor(faults: PieceFaults, random: Random) {
    this.#faults = faults;
    this.#random = random;
  }

  spoil(bytes: Buffer): Piece[] {
    const held = this.#held;
    const fault = faultOf(this.#faults, this.#random());
    // Two in a row that change places have done so already.
    if (fault === 'reorder' && held === undefined) {
      this.#held = bytes;
      return [];
    }
    this.#held = undefined;
    const behind = held === undefined ? [] : [{ bytes: held, laterMs: 0 }];
    const piece = { bytes, laterMs: 0 };
    switch (fault) {
      case 'drop':
        return behind;
      case 'double':
        return [piece, piece, ...behind];
      case 'flip':
        return [{ ...piece, bytes: flipped(bytes, this.#random) }, ...behind];
      case 'delay':
        return [{ ...piece, laterMs: this.#faults.delayMs }, ...behind];
      case 'reorder':
      case undefined:
        return [piece, ...behind];
    }
  }
}

/** Cuts a stream behind the zero that ends each frame; zeros ahead of a frame are part of it. */
class FrameCutter {
  #held = Buffer.alloc(0);

  push(bytes: Uint8Array): Buffer[] {
    const all = Buffer.concat([this.#held, bytes]);
    const frames: Buffer[] = [];
    let from = 0;
    for (let at = 1; at < all.length; at += 1) {
      const ends = all[at] === 0 && all[at - 1] !== 0;
      if (!ends && at - from < longestHeld) continue;
      frames.push(all.subarray(from, at + 1));
      from = at + 1;
    }
    this.#held = all.subarray(from);
    return frames;
  }
}

function cutRuns(bytes: Buffer, longest: number, random: Random): Buffer[] {
  const runs: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = from + 1 + whole(random, longest);
    runs.push(bytes.subarray(from, to));
    from = to;
  }
  return runs;
}

function flipped(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  const at = whole(random, copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << whole(random, 8));
  return copy;
}
