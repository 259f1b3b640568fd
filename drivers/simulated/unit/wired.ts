import { randomBytes } from 'node:crypto';
import { encodeFrame, FrameDecoder } from '../../frames/framer.ts';
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
import { decide } from './unit.ts';
import type { UnitFacts, UnitParts, UnitState } from './unit-state.ts';

/** How many answers a unit remembers, so that a request that is sent again gets the same one. */
const remembered = 8;

/** What a unit draws by chance; fixed where its bytes are to be shown. */
export type Chance = Pick<UnitParts, 'random' | 'makeKey'>;

/** A unit on the wire: bytes in, bytes out, its memory kept before it answers. */
export class WiredUnit {
  readonly #memory: Memory;
  readonly #parts: UnitParts;
  readonly #decoder = new FrameDecoder();
  readonly #answers = new Map<string, Buffer>();
  #state: UnitState;

  constructor(facts: UnitFacts, memory: Memory, chance: Chance = { random: randomBytes, makeKey }) {
    this.#memory = memory;
    const read = { credential: memory.readSlot.bind(memory), chain: memory.readChain.bind(memory) };
    this.#parts = { facts, ...chance, ...read };
    this.#state = { kept: memory.load() };
    memory.eraseUnnamed(this.#state.kept);
  }

  /** Takes any piece of the stream; gives the frames to send back. */
  receive(bytes: Uint8Array): Buffer[] {
    return this.#decoder.push(bytes).flatMap((payload) => {
      const envelope = openEnvelope(payload);
      // What is no message has no request id, so there is nobody to answer.
      return envelope === undefined ? [] : [encodeFrame(this.#answerOnce(envelope))];
    });
  }

  #answerOnce(envelope: Envelope): Buffer {
    const id = envelope.requestId.toString('hex');
    const known = this.#answers.get(id);
    if (known !== undefined) return known;
    const answer = this.#answer(envelope);
    this.#answers.set(id, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > remembered && oldest !== undefined) this.#answers.delete(oldest);
    return answer;
  }

  #answer({ kind, requestId, body }: Envelope): Buffer {
    const name = requestName(kind);
    if (name === undefined) return writeRefusal('unknown-kind', requestId);
    return this.#act(name, requestId, body);
  }

  #act<M extends MessageName>(name: M, requestId: Buffer, body: Envelope['body']): Buffer {
    const asks = readRequest(name, body);
    if (isWrong(asks)) return writeRefusal('malformed', requestId);
    const { next, writes, answer } = decide[name](this.#state, asks, this.#parts);
    try {
      for (const write of writes) this.#write(write);
    } catch (error) {
      // A unit whose memory fails says so and goes on with what its memory truly holds.
      if (!(error instanceof Error)) throw error;
      this.#state = { kept: this.#memory.load() };
      return writeRefusal('memory-failed', requestId);
    }
    this.#state = { ...next, kept: writes.length > 0 ? this.#memory.load() : next.kept };
    return 'refused' in answer ? writeRefusal(answer.refused, requestId) : writeAnswer(name, requestId, answer.answers);
  }

  #write(write: MemoryWrite): void {
    if ('record' in write) this.#memory.save(write.record);
    else if ('erase' in write) this.#memory.eraseSlot(write.erase);
    else this.#memory.writeSlot(write.slot, write.place, write.offset, write.bytes);
  }
}
