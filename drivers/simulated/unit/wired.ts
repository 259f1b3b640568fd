import { randomBytes } from 'node:crypto';
import { encodeFrame, FrameDecoder } from '../../frames/framer.ts';
import { Ephemeral, forgetKey } from '../../protocols/channel.ts';
import {
  type Envelope,
  type MessageName,
  openEnvelope,
  readRequest,
  requestName,
  writeAnswer,
  writeRefusal,
} from '../../protocols/uart-v1-messages.ts';
import { isWrong } from '../../protocols/wire.ts';
import { makeKey } from './keys.ts';
import type { Memory, MemoryWrite } from './memory.ts';
import { PowerCut } from './power-cut.ts';
import { decide } from './unit.ts';
import type { Outcome, UnitFacts, UnitParts, UnitState } from './unit-state.ts';
import type { UnitsTpm } from './units-tpm.ts';

/** How many answers a unit remembers, so that a request that is sent again gets the same one. */
const remembered = 8;

/** What a unit draws by chance, fixed where its bytes are to be shown, and its TPM, if it has one. */
export type UnitGiven = Partial<Pick<UnitParts, 'random' | 'makeKey' | 'ephemeral' | 'tpm'>>;

/** Told of a frame that comes later, since the TPM is asked. Rejects with PowerCut when the power goes meanwhile. */
export type AnswersLater = (answering: Promise<Buffer>) => void;

/** A unit on the wire: bytes in, bytes out, its memory kept before it answers. */
export class WiredUnit {
  readonly #memory: Memory;
  readonly #parts: UnitParts;
  readonly #decoder = new FrameDecoder();
  readonly #answers = new Map<string, Buffer>();
  #state: UnitState;
  /** While the TPM is asked nothing is heard, as the specification allows. */
  #busy = false;
  #ended = false;

  constructor(facts: UnitFacts, memory: Memory, given: UnitGiven = {}) {
    this.#memory = memory;
    const read = {
      credential: memory.readSlot.bind(memory),
      chain: memory.readChain.bind(memory),
      file: memory.readFile.bind(memory),
    };
    const tpm = given.tpm && { tpm: this.#powered(given.tpm) };
    this.#parts = { facts, random: randomBytes, makeKey, ephemeral: Ephemeral.draw, ...given, ...tpm, ...read };
    this.#state = { kept: memory.load() };
    memory.eraseUnnamed(this.#state.kept);
  }

  /** Takes any piece of the stream; gives the frames to send back, but those that come later. */
  receive(bytes: Uint8Array, later: AnswersLater = nobodyWaits): Buffer[] {
    return this.#decoder.push(bytes).flatMap((payload) => {
      const envelope = this.#busy ? undefined : openEnvelope(payload);
      // What is no message has no request id, so there is nobody to answer.
      const answer = envelope && this.#answerOnce(envelope, later);
      return answer === undefined ? [] : [encodeFrame(answer)];
    });
  }

  /** Its power is gone: whatever it was about to do does not happen. */
  end(): void {
    this.#ended = true;
  }

  #answerOnce({ kind, requestId, body }: Envelope, later: AnswersLater): Buffer | undefined {
    const known = this.#answers.get(requestId.toString('hex'));
    if (known !== undefined) return known;
    const name = requestName(kind);
    if (name === undefined) return this.#remember(requestId, writeRefusal('unknown-kind', requestId));
    return this.#act(name, requestId, body, later);
  }

  #remember(requestId: Buffer, answer: Buffer): Buffer {
    this.#answers.set(requestId.toString('hex'), answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > remembered && oldest !== undefined) this.#answers.delete(oldest);
    return answer;
  }

  #act<M extends MessageName>(
    name: M,
    requestId: Buffer,
    body: Envelope['body'],
    later: AnswersLater,
  ): Buffer | undefined {
    const asks = readRequest(name, body);
    if (isWrong(asks)) return this.#remember(requestId, writeRefusal('malformed', requestId));
    const decided = decide[name](this.#state, asks, this.#parts);
    if (!('later' in decided)) return this.#settle(name, requestId, decided);
    this.#busy = true;
    const settled = decided.later().then((outcome) => {
      if (this.#ended) throw new PowerCut();
      this.#busy = false;
      return encodeFrame(this.#settle(name, requestId, outcome));
    });
    later(settled);
    return undefined;
  }

  /** Keeps what was decided, and gives the answer. */
  #settle<M extends MessageName>(name: M, requestId: Buffer, { next, writes, answer }: Outcome<M>): Buffer {
    try {
      for (const write of writes) this.#write(write);
    } catch (error) {
      // A unit whose memory fails says so and goes on with what its memory truly holds.
      if (!(error instanceof Error)) throw error;
      this.#become({ kept: this.#memory.load() });
      return this.#remember(requestId, writeRefusal('memory-failed', requestId));
    }
    this.#become({ ...next, kept: writes.length > 0 ? this.#memory.load() : next.kept });
    const said =
      'refused' in answer ? writeRefusal(answer.refused, requestId) : writeAnswer(name, requestId, answer.answers);
    return this.#remember(requestId, said);
  }

  #write(write: MemoryWrite): void {
    if ('record' in write) this.#memory.save(write.record);
    else if ('erase' in write) this.#memory.eraseSlot(write.erase);
    else if ('file' in write) this.#memory.writeFile(write.file, write.bytes);
    else {
      this.#memory.writeSlot(write.slot, write.place, write.offset, write.bytes);
      write.bytes.fill(0);
    }
  }

  /** What is no longer known is no longer in memory either. */
  #become(next: UnitState): void {
    const { arriving, channel } = this.#state;
    if (arriving && arriving.bytes !== next.arriving?.bytes) arriving.bytes.fill(0);
    if (channel && channel !== next.channel) forgetKey(channel.envelope);
    this.#state = next;
  }

  /** A TPM that this unit no longer reaches once its power is gone. */
  #powered(tpm: UnitsTpm): UnitsTpm {
    return {
      execute: async (command) => {
        if (this.#ended) throw new PowerCut();
        return tpm.execute(command);
      },
      restart: () => tpm.restart(),
    };
  }
}

const nobodyWaits: AnswersLater = () => {
  throw new TypeError('a unit with a TPM answers later, and nobody waits for it');
};
