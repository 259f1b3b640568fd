// One command and its response (TPM 2.0 Library Specification, part 1, 18; part 3, 5 and 6).
import { setTimeout as wait } from 'node:timers/promises';
import { StationError } from '../../station-core/contract/errors.ts';
import { type CommandName, commands, handles, tags } from './constants.ts';
import { Reader } from './marshal.ts';
import { asksAgain, isFull, tpmError } from './return-codes.ts';
import type { TpmTransport } from './transport.ts';
import { Watch } from './watch.ts';

/** One entry of the authorisation area (part 1, 18.6.3): a session, or a password. */
export type Authorisation = { readonly session: number; readonly password: Uint8Array };

/** The authorisation of something by its password, which travels in clear; empty on nearly all TPMs. */
export const byPassword = (password: Uint8Array = noBytes): Authorisation => ({
  session: handles.password,
  password,
});
export const bySession = (session: number): Authorisation => ({ session, password: noBytes });

export type Command = {
  readonly handles?: readonly number[];
  readonly authorisations?: readonly Authorisation[];
  readonly parameters?: Uint8Array;
};

export type Response = {
  /** Of commands that load something. */
  readonly handle?: number;
  /** Parameters, to be read to their end. */
  readonly parameters: Reader;
};

/** Commands whose response has a handle (part 3). */
const answersHandle: ReadonlySet<CommandName> = new Set(['CreatePrimary', 'StartAuthSession']);

/** How long one command may take in all, in milliseconds: RSA primaries take a minute on slow TPMs. */
const limitOf = (name: CommandName): number => (name === 'CreatePrimary' ? 90_000 : 20_000);

/** Between two askings of a TPM that is busy: it says so when it is asked, and nothing else. Some 20 s of it are enough. */
const pause = 20;
const mostAskings = 1_000;
const headerLength = 10;
/** Session, empty nonce, attributes, and the size of a password. */
const authorisationLength = 4 + 2 + 1 + 2;
const none = [] as const;
const noBytes = new Uint8Array(0);
const longestResponse = 4_096;

/** Commands to one TPM, one after the other. */
export class TpmExchange {
  readonly #transport: TpmTransport;
  readonly #watch = new Watch();
  readonly #makeRoom: (signal: AbortSignal) => Promise<boolean>;

  /** `makeRoom` is called once when the TPM has no room for another object or session; it answers whether it freed any. */
  constructor(transport: TpmTransport, makeRoom: (signal: AbortSignal) => Promise<boolean>) {
    this.#transport = transport;
    this.#makeRoom = makeRoom;
  }

  /** Bytes that a parameter of a response may have, where the rest of it has `overhead` bytes. */
  room(overhead: number): number {
    return this.#transport.longest - overhead;
  }

  /**
   * Throws what `tpmError` makes of the return code, `tpm.garbled` for what is no response, `tpm.missing` when none comes in time,
   * and what the transport throws.
   */
  async ask(name: CommandName, command: Command, signal: AbortSignal): Promise<Response> {
    const { code, response } = await this.try(name, command, signal);
    if (response) return response;
    throw tpmError(`TPM2_${name}`, code);
  }

  /** The same, with the return code where there is no response. */
  async try(
    name: CommandName,
    command: Command,
    signal: AbortSignal,
  ): Promise<{ readonly code: number; readonly response?: Response }> {
    const bytes = writeCommand(name, command);
    try {
      for (let tries = 0; ; tries += 1) {
        const answer = await this.#transmit(name, bytes, signal);
        const { code } = answer;
        if (asksAgain(code) && tries < mostAskings) await wait(pause, undefined, { signal });
        else if (!isFull(code) || tries > 0 || !(await this.#makeRoom(signal))) return answer;
      }
    } finally {
      // It may hold a password.
      bytes.fill(0);
    }
  }

  /** One sending, which ends with its time at the latest. */
  async #transmit(name: CommandName, bytes: Buffer, signal: AbortSignal) {
    const limit = limitOf(name);
    const watched = this.#watch.start(limit, signal);
    try {
      return readResponse(name, await this.#transport.transmit(bytes, commands[name], watched));
    } catch (thrown) {
      if (!this.#watch.passed) throw signal.aborted ? signal.reason : thrown;
      const what = `no answer to TPM2_${name} in ${limit / 1_000} s`;
      throw new StationError('tpm.missing', { what }, { cause: thrown });
    } finally {
      this.#watch.stop();
    }
  }

  /** No command is waited for any more. */
  close(): void {
    this.#watch.close();
  }
}

/** In one buffer, since passwords in it are zeroed with it. */
function writeCommand(name: CommandName, command: Command): Buffer {
  const { handles: named = none, authorisations = none, parameters = noBytes } = command;
  let area = 0;
  for (const { password } of authorisations) area += authorisationLength + password.length;
  const sized = area > 0 ? 4 + area : 0;
  const bytes = Buffer.allocUnsafe(headerLength + 4 * named.length + sized + parameters.length);
  let at = bytes.writeUInt16BE(area > 0 ? tags.sessions : tags.noSessions, 0);
  at = bytes.writeUInt32BE(bytes.length, at);
  at = bytes.writeUInt32BE(commands[name], at);
  for (const handle of named) at = bytes.writeUInt32BE(handle, at);
  if (area > 0) at = bytes.writeUInt32BE(area, at);
  for (const { session, password } of authorisations) {
    at = bytes.writeUInt32BE(session, at);
    // No nonce.
    at = bytes.writeUInt16BE(0, at);
    // continueSession is allowed for passwords and without meaning; a policy session ends with its use (part 2, 8.4).
    at = bytes.writeUInt8(session === handles.password ? 1 : 0, at);
    at = bytes.writeUInt16BE(password.length, at);
    bytes.set(password, at);
    at += password.length;
  }
  bytes.set(parameters, at);
  return bytes;
}

/** The return code and, of a good one, handle and parameters. The authorisation area behind them is looked at for its shape alone. */
function readResponse(name: CommandName, bytes: Buffer): { readonly code: number; readonly response?: Response } {
  try {
    if (bytes.length > longestResponse)
      throw new Reader(bytes, 'response').wrong('its size', `${longestResponse}`, `${bytes.length}`);
    const reader = new Reader(bytes, 'response');
    const tag = reader.u16('its tag');
    const length = reader.u32('its size');
    const code = reader.u32('its return code');
    if (length !== bytes.length) throw reader.wrong('its size', `${bytes.length}`, `${length}`);
    // A TPM 1.2 answers with its own tag, and TPM_BADTAG (part 1, 18.4).
    if (tag === tags.rspCommand) return { code: code === 0 ? 0x01e : code };
    if (tag !== tags.noSessions && tag !== tags.sessions)
      throw reader.wrong('its tag', '8001 or 8002', tag.toString(16));
    if (code !== 0) {
      reader.end('a refusal');
      return { code };
    }
    const handle = answersHandle.has(name) ? { handle: reader.u32('its handle') } : {};
    return { code, response: { ...handle, parameters: parametersOf(reader, tag) } };
  } catch (thrown) {
    throw garbled(name, thrown);
  }
}

function parametersOf(reader: Reader, tag: number): Reader {
  if (tag === tags.noSessions) return new Reader(reader.rest(), 'response');
  const parameters = reader.bytes(reader.u32('the size of its parameters'), 'its parameters');
  while (reader.left > 0) {
    reader.sized('a nonce', 0, 64);
    reader.u8('session attributes');
    reader.sized('an acknowledgement', 0, 64);
  }
  return new Reader(parameters, 'response');
}

/** What a reader of a response threw, as the TPM's fault. */
export function garbled(name: CommandName, thrown: unknown): unknown {
  if (!(thrown instanceof StationError) || thrown.code !== 'input.invalid') return thrown;
  const { place = '?', expected = '?' } = thrown.details;
  return new StationError('tpm.garbled', { command: `TPM2_${name}`, place, expected }, { cause: thrown });
}
