import { randomBytes } from 'node:crypto';
import { Deadline, unlessAborted } from '../deadline.ts';
import { FrameDecoder } from '../frames/framer.ts';
import type { Link } from '../link.ts';
import { type Envelope, openEnvelope } from './uart-v1-messages.ts';

/** How a line behaves; shown to people, never a verdict. */
export type LineCounts = {
  /** Frames that were none, and frames whose content was no message. */
  readonly bad: number;
  /** Good answers that nobody waited for: doubled, late, or of an earlier conversation. */
  readonly stray: number;
  /** Requests sent again because no answer came. */
  readonly resent: number;
};

/** How long one sending waits for its answer, in milliseconds, and how often a request is sent in all. */
export type Patience = { readonly ms: number; readonly sendings: number };

const exchanges = new WeakMap<Link, Exchange>();

/**
 * Requests and answers over one link, one at a time. There is one exchange for each link, however many conversations
 * follow each other on it: late answers to one unit must not reach the next.
 */
export class Exchange {
  readonly #link: Link;
  readonly #decoder = new FrameDecoder();
  readonly #prefix = randomBytes(4);
  #asked = 0;
  #noMessage = 0;
  #stray = 0;
  #resent = 0;
  #busy = false;
  #awaited: { readonly requestId: Buffer; readonly arrived: (answer: Envelope) => void } | undefined;

  private constructor(link: Link) {
    this.#link = link;
    const stop = link.listen((bytes) => {
      for (const payload of this.#decoder.push(bytes)) this.#take(payload);
    });
    link.lost.addEventListener('abort', stop, { once: true });
  }

  static on(link: Link): Exchange {
    const known = exchanges.get(link) ?? new Exchange(link);
    exchanges.set(link, known);
    return known;
  }

  get counts(): LineCounts {
    return { bad: this.#decoder.bad + this.#noMessage, stray: this.#stray, resent: this.#resent };
  }

  /** Eight bytes: four random ones of this exchange, so that a restarted station repeats none, and a count. */
  nextRequestId(): Buffer {
    this.#asked = (this.#asked + 1) >>> 0;
    const id = Buffer.alloc(8);
    id.set(this.#prefix);
    id.writeUInt32BE(this.#asked, 4);
    return id;
  }

  /**
   * Sends the frame until its answer comes: the answer, or what came instead. Throws `link.lost` or the signal's reason.
   */
  async ask(
    frame: Buffer,
    requestId: Buffer,
    patience: Patience,
    signal: AbortSignal,
  ): Promise<Envelope | 'silent' | 'garbled'> {
    if (this.#busy) throw new Error('a unit is asked one thing at a time');
    this.#busy = true;
    try {
      const badBefore = this.counts.bad;
      for (let sending = 1; sending <= patience.sendings; sending += 1) {
        if (sending > 1) this.#resent += 1;
        const answer = await this.#send(frame, requestId, patience.ms, signal);
        if (answer !== undefined) return answer;
      }
      return this.counts.bad > badBefore || this.#decoder.pending ? 'garbled' : 'silent';
    } finally {
      this.#busy = false;
    }
  }

  async #send(frame: Buffer, requestId: Buffer, ms: number, signal: AbortSignal): Promise<Envelope | undefined> {
    using deadline = new Deadline(ms, signal, this.#link.lost);
    const { promise: answer, resolve: arrived } = Promise.withResolvers<Envelope>();
    this.#awaited = { requestId, arrived };
    try {
      // Both at once: a unit may answer before the driver says that the last byte went out.
      const [envelope] = await Promise.all([
        unlessAborted(answer, deadline.signal),
        this.#link.write(frame, deadline.signal),
      ]);
      return envelope;
    } catch (error) {
      if (deadline.passed) return undefined;
      throw error;
    } finally {
      this.#awaited = undefined;
    }
  }

  #take(payload: Buffer): void {
    const envelope = openEnvelope(payload);
    if (envelope === undefined) this.#noMessage += 1;
    else if (this.#awaited?.requestId.equals(envelope.requestId)) {
      this.#awaited.arrived(envelope);
      // The same answer again is a stray one.
      this.#awaited = undefined;
    } else this.#stray += 1;
  }
}
