// The station's side of uart-v1; uart-v1.md is the specification, uart-v1-messages.ts the tables.
import { createHash } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import { encodeFrame } from '../frames/framer.ts';
import type { Link } from '../link.ts';
import { Exchange, type LineCounts, type Patience } from './exchange.ts';
import type {
  CredentialObject,
  CredentialStatus,
  Possession,
  ProvisioningInfo,
  UnitHello,
  UnitIdentity,
  UnitProtocol,
  UnitSession,
} from './protocol.ts';
import {
  type Answer,
  type Answers,
  type Asks,
  type Capability,
  type Envelope,
  helloVersion,
  type MessageName,
  protocolVersion,
  provisioningFields,
  type Refusal,
  readAnswer,
  refusals,
  writeRequest,
} from './uart-v1-messages.ts';
import { writeFields } from './wire.ts';

/**
 * Every request may be sent again: the unit answers a repeated request id with the same answer. Where every fifth frame
 * is lost each way, one sending in three gets no answer, and one request in 3,600 none to all eight.
 */
const sendings = 8;

/**
 * Times for a unit that is well, at 9,600 baud: a full frame takes 1.1 s on the wire, `hello` and its answer 0.15 s,
 * erasing flash some 0.1 s, a slow secure element about 1 s for a signature. A silent unit is known after 2.4 s, one that
 * falls silent later after 16 s at the most.
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
};

/** A unit that lost its place, by a reset or a stale frame, gets the object from its first byte again. */
const transfers = 3;
const startsOver: ReadonlySet<Refusal> = new Set(['out-of-order', 'digest-differs']);

type Transfer = Asks<'begin'> & { readonly bytes: Buffer };

export type UartV1Session = UnitSession & { readonly line: LineCounts };
export interface UartV1 extends UnitProtocol {
  open(link: Link, signal: AbortSignal): Promise<UartV1Session>;
}

/** The protocol with the given patience; `uartV1` is the one with the ordinary one. */
export const createUartV1 = (patience: Readonly<Record<MessageName, Patience>> = ordinaryPatience): UartV1 => ({
  name: 'uart-v1',
  open: async (link, signal) => {
    const asking = new Asking(Exchange.on(link), patience);
    const answer = await asking.send('hello', { version: protocolVersion }, signal);
    const found = helloVersion(answer);
    if (found !== undefined && found !== protocolVersion) {
      throw new StationError('unit.version', { found, expected: protocolVersion });
    }
    return new Session(asking, asking.read('hello', answer));
  },
});

export const uartV1 = createUartV1();

/** Requests with typed answers; whatever is no answer is thrown. */
class Asking {
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
  ): Promise<Exclude<Answer<M>, { wrong: string }>> {
    return sound(name, readAnswer(name, await this.send(name, asks, signal)));
  }

  read<M extends MessageName>(name: M, envelope: Envelope): Answers<M> {
    const answer = sound(name, readAnswer(name, envelope));
    if ('refused' in answer) throw refusalError(name, answer.refused);
    return answer.answers;
  }

  async send<M extends MessageName>(name: M, asks: Asks<M>, signal: AbortSignal): Promise<Envelope> {
    const requestId = this.exchange.nextRequestId();
    const payload = writeRequest(name, requestId, asks);
    const frame = encodeFrame(payload);
    try {
      const answer = await this.exchange.ask(frame, requestId, this.#patience[name], signal);
      if (answer === 'silent') throw new StationError('unit.silent', { what: name });
      if (answer === 'garbled') throw new StationError('unit.garbled', { what: name });
      return answer;
    } finally {
      // A chunk may carry a credential.
      payload.fill(0);
      frame.fill(0);
    }
  }
}

class Session implements UartV1Session {
  readonly hello: UnitHello;
  readonly #asking: Asking;
  readonly #chunk: number;

  constructor(asking: Asking, hello: Answers<'hello'>) {
    const { chunk, ...said } = hello;
    this.hello = said;
    this.#asking = asking;
    this.#chunk = chunk;
  }

  get line(): LineCounts {
    return this.#asking.exchange.counts;
  }

  async identity(signal: AbortSignal): Promise<UnitIdentity> {
    const { mac, ...said } = await this.#asking.ask('identity', {}, signal);
    return mac === undefined ? said : { ...said, mac: macText(mac) };
  }

  async provision(info: ProvisioningInfo, signal: AbortSignal): Promise<void> {
    this.#needs('provisioning');
    const bytes = writeFields(provisioningFields, info);
    const sha256 = createHash('sha256').update(bytes).digest();
    // Named by its content: the same values are the same operation, and doing it again changes nothing.
    const operation = sha256.subarray(0, 16);
    const delivery = 'clear';
    await this.#transfer({ operation, object: 'provisioning', total: bytes.length, delivery, bytes }, signal);
    // F-111: what was written is read back and compared, as its digest.
    const { provisioned } = await this.#asking.ask('status', {}, signal);
    if (provisioned?.equals(sha256)) return;
    const reason = 'what it reads back is not what was written';
    throw new StationError('unit.refused', { what: 'provisioning', reason });
  }

  async status(signal: AbortSignal): Promise<CredentialStatus> {
    const { state, operation, locked } = await this.#asking.ask('status', {}, signal);
    // A copy: what was read is a view of the frame.
    return operation === undefined ? { state, locked } : { state, locked, operation: Buffer.from(operation) };
  }

  async stage(credential: CredentialObject, signal: AbortSignal): Promise<void> {
    const { operation, kind, delivery, bytes, replaces } = credential;
    this.#needs(kind);
    this.#needs(`delivery-${delivery}`);
    const begin = { operation, object: kind, total: bytes.length, delivery };
    await this.#transfer({ ...begin, ...(replaces === undefined ? {} : { replaces }), bytes }, signal);
  }

  async commit(operation: Buffer, signal: AbortSignal): Promise<void> {
    await this.#asking.ask('commit', { operation }, signal);
  }

  async prove(
    operation: Buffer,
    registrationId: string,
    stationNonce: Buffer,
    signal: AbortSignal,
  ): Promise<Possession> {
    this.#needs('proof-hmac-sha256');
    const { unitNonce, proof } = await this.#asking.ask('prove', { operation, registrationId, stationNonce }, signal);
    return { unitNonce: Buffer.from(unitNonce), proof: Buffer.from(proof) };
  }

  async lock(operation: Buffer, signal: AbortSignal): Promise<void> {
    this.#needs('lock');
    await this.#asking.ask('lock', { operation }, signal);
  }

  #needs(what: Capability): void {
    if (!this.hello.capabilities.includes(what)) throw new StationError('unit.cannot', { what });
  }

  async #transfer(object: Transfer, signal: AbortSignal): Promise<void> {
    for (let transfer = 1; ; transfer += 1) {
      const refused = await this.#transferOnce(object, signal);
      if (refused === undefined) return;
      if (transfer === transfers || !startsOver.has(refused)) throw refusalError(object.object, refused);
    }
  }

  async #transferOnce({ bytes, ...begin }: Transfer, signal: AbortSignal): Promise<Refusal | undefined> {
    const { operation, object, total } = begin;
    const begun = await this.#asking.try('begin', begin, signal);
    if ('refused' in begun) return begun.refused;
    const first = begun.answers.held ? total : 0;
    for (let offset = first; offset < total; offset += this.#chunk) {
      const piece = bytes.subarray(offset, offset + this.#chunk);
      const sent = await this.#asking.try('chunk', { operation, object, offset, total, bytes: piece }, signal);
      if ('refused' in sent) return sent.refused;
      if (sent.answers.received !== offset + piece.length) return 'out-of-order';
    }
    const sha256 = createHash('sha256').update(bytes).digest();
    const ended = await this.#asking.try('end', { operation, object, sha256 }, signal);
    return 'refused' in ended ? ended.refused : undefined;
  }
}

function sound<M extends MessageName>(name: M, answer: Answer<M>): Exclude<Answer<M>, { wrong: string }> {
  if ('wrong' in answer) throw new StationError('unit.garbled', { what: `${name}, ${answer.wrong}` });
  return answer;
}

/** The refusal as an error: its words are ours, since a unit's own could quote what it was given. */
function refusalError(what: string, refused: Refusal): StationError {
  if (refused === 'other-credential') return new StationError('unit.other-credential');
  return new StationError('unit.refused', { what, reason: refusals[refused] });
}

const macText = (mac: Buffer): string =>
  [...mac].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
