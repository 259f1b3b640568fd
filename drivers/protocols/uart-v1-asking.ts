// Requests of uart-v1 with typed answers: what is no answer is thrown, and how long an answer may take.
import { StationError } from '../../station-core/contract/errors.ts';
import { encodeFrame } from '../frames/framer.ts';
import type { Exchange, Patience } from './exchange.ts';
import {
  type Answer,
  type Answers,
  type Asks,
  type Envelope,
  type MessageName,
  readAnswer,
  writeRequest,
} from './uart-v1-messages.ts';
import { type Refusal, refusals } from './uart-v1-refusals.ts';

/**
 * Every request may be sent again: the unit answers a repeated request id with the same answer. Where every fifth frame
 * is lost each way, one sending in three gets no answer, and one request in 3,600 none to all eight.
 */
const sendings = 8;

/**
 * Times for a unit that is well, at 9,600 baud: a full frame takes 1.1 s on the wire, `hello` and its answer 0.25 s,
 * erasing flash some 0.1 s, a slow secure element about 1 s for a signature, a microcontroller up to a minute for an RSA key.
 * A silent unit is known after 2.4 s, one that falls silent later after 16 s at the most, or 80 s while it or its TPM makes a key.
 */
export const ordinaryPatience: Readonly<Record<MessageName, Patience>> = {
  hello: { ms: 300, sendings },
  identity: { ms: 500, sendings },
  status: { ms: 500, sendings },
  begin: { ms: 1000, sendings },
  chunk: { ms: 2000, sendings },
  end: { ms: 1500, sendings },
  commit: { ms: 1500, sendings },
  prove: { ms: 2000, sendings },
  lock: { ms: 1000, sendings },
  'make-key': { ms: 10_000, sendings },
  fetch: { ms: 2000, sendings },
  tpm: { ms: 2000, sendings },
  // Two multiplications on the curve, without an accelerator.
  channel: { ms: 1500, sendings },
};

/** Requests over one link, by name; whatever is no answer is thrown. */
export class Asking {
  readonly exchange: Exchange;
  readonly #patience: Readonly<Record<MessageName, Patience>>;

  constructor(exchange: Exchange, patience: Readonly<Record<MessageName, Patience>>) {
    this.exchange = exchange;
    this.#patience = patience;
  }

  async ask<M extends MessageName>(name: M, asks: Asks<M>, signal: AbortSignal): Promise<Answers<M>> {
    return this.read(name, await this.send(name, asks, signal));
  }

  async try<M extends MessageName>(
    name: M,
    asks: Asks<M>,
    signal: AbortSignal,
    patience?: Patience,
  ): Promise<Exclude<Answer<M>, { wrong: string }>> {
    return sound(name, readAnswer(name, await this.send(name, asks, signal, patience)));
  }

  patienceFor(name: MessageName): Patience {
    return this.#patience[name];
  }

  read<M extends MessageName>(name: M, envelope: Envelope): Answers<M> {
    const answer = sound(name, readAnswer(name, envelope));
    if ('refused' in answer) throw refusalError(name, answer.refused);
    return answer.answers;
  }

  /** `patience` is for a request that takes longer than others of its name. */
  async send<M extends MessageName>(
    name: M,
    asks: Asks<M>,
    signal: AbortSignal,
    patience: Patience = this.#patience[name],
  ): Promise<Envelope> {
    const requestId = this.exchange.nextRequestId();
    const payload = writeRequest(name, requestId, asks);
    const frame = encodeFrame(payload);
    try {
      const answer = await this.exchange.ask(frame, requestId, patience, signal);
      if (answer === 'silent') throw new StationError('unit.silent', { what: name });
      if (answer === 'garbled') throw new StationError('unit.garbled', { what: name });
      return answer;
    } finally {
      // A chunk may carry a credential, a TPM's command a password.
      payload.fill(0);
      frame.fill(0);
    }
  }
}

function sound<M extends MessageName>(name: M, answer: Answer<M>): Exclude<Answer<M>, { wrong: string }> {
  if ('wrong' in answer) throw new StationError('unit.garbled', { what: `${name}, ${answer.wrong}` });
  return answer;
}

/** The refusal as an error: its words are ours, since a unit's own could quote what it was given. */
export function refusalError(what: string, refused: Refusal): StationError {
  if (refused === 'other-credential') return new StationError('unit.other-credential');
  return new StationError('unit.refused', { what, reason: refusals[refused] });
}
