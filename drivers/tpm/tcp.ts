// TPMs behind a TCP port: swtpm's (bare commands) and the Microsoft reference simulator's (its own framing around them).
import { connect, type Socket } from 'node:net';
import { StationError } from '../../station-core/contract/errors.ts';
import { Deadline, unlessAborted } from '../deadline.ts';
import { u8, u32 } from './marshal.ts';
import type { TpmTransport } from './transport.ts';

export type TcpPlace = { readonly host: string; readonly port: number; readonly framing: 'raw' | 'simulator' };

const openLimit = 5_000;
const longest = 4_096;
const headerLength = 10;

/** TpmTcpProtocol.h of the reference simulator: send a command, end the session. */
const simulatorCommands = { send: 8, sessionEnd: 20 } as const;

/** How a framing wraps a command, and where a whole response is in what arrived: its start, its length, and all that belongs to it. */
type Framing = {
  wrap(command: Buffer): Buffer;
  find(arrived: Buffer): { readonly from: number; readonly length: number; readonly whole: number } | undefined;
  readonly farewell?: Buffer;
};

const framings: Readonly<Record<TcpPlace['framing'], Framing>> = {
  raw: {
    wrap: (command) => command,
    find: (arrived) => {
      if (arrived.length < headerLength) return undefined;
      const length = arrived.readUInt32BE(2);
      return { from: 0, length, whole: length };
    },
  },
  simulator: {
    // Locality 0, and the size of the command.
    wrap: (command) => Buffer.concat([u32(simulatorCommands.send), u8(0), u32(command.length), command]),
    find: (arrived) => {
      if (arrived.length < 4) return undefined;
      const length = arrived.readUInt32BE(0);
      // Size, response, and a zero that ends the exchange.
      return { from: 4, length, whole: 4 + length + 4 };
    },
    farewell: u32(simulatorCommands.sessionEnd),
  },
};

/** Connects to a TPM's port. Throws `tpm.missing` when nobody listens there, or the signal's reason. */
export async function openTcp({ host, port, framing }: TcpPlace, signal: AbortSignal): Promise<TpmTransport> {
  signal.throwIfAborted();
  const name = `${host}:${port}`;
  const socket = connect(port, host);
  using deadline = new Deadline(openLimit, signal);
  const { promise: connected, resolve, reject } = Promise.withResolvers<void>();
  socket.once('connect', resolve);
  socket.once('error', reject);
  try {
    await unlessAborted(connected, deadline.signal);
  } catch (cause) {
    // An error that comes after nobody waits must not end the process.
    socket.on('error', () => undefined).destroy();
    if (signal.aborted) throw signal.reason;
    throw new StationError('tpm.missing', { what: `nobody listens at ${name}` }, { cause });
  }
  socket.setNoDelay(true);
  return new TcpTransport(name, socket, framings[framing]);
}

class TcpTransport implements TpmTransport {
  readonly name: string;
  readonly longest = longest;
  readonly #socket: Socket;
  readonly #framing: Framing;
  #arrived: Buffer = Buffer.alloc(0);
  #gone: StationError | undefined;
  /** Commands of one conversation have one signal. */
  #signal: AbortSignal | undefined;
  #waiting: { resolve(response: Buffer): void; reject(error: StationError): void } | undefined;

  constructor(name: string, socket: Socket, framing: Framing) {
    this.name = name;
    this.#socket = socket;
    this.#framing = framing;
    socket.on('data', (bytes) => this.#take(bytes));
    socket.on('error', (error) => this.#lose(error));
    socket.on('close', () => this.#lose());
  }

  async transmit(command: Buffer, _commandCode: number, signal: AbortSignal): Promise<Buffer> {
    if (this.#gone) throw this.#gone;
    if (this.#waiting) throw new Error('a TPM is asked one thing at a time');
    signal.throwIfAborted();
    this.#follow(signal);
    const wrapped = this.#framing.wrap(command);
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        this.#socket.write(wrapped);
      });
    } catch (thrown) {
      throw signal.aborted ? signal.reason : thrown;
    } finally {
      this.#waiting = undefined;
      // What is sent again must still be there: the caller zeroes its own.
      if (wrapped !== command) wrapped.fill(0);
    }
  }

  /** Ends with the signal's abort while a response is waited for: one that comes later would be taken for the next command's. */
  #follow(signal: AbortSignal): void {
    if (this.#signal === signal) return;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  readonly #onAbort = (): void => {
    if (this.#waiting) this.#lose(this.#signal?.reason);
  };

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    if (!this.#gone && this.#framing.farewell) this.#socket.write(this.#framing.farewell);
    this.#lose();
  }

  #take(bytes: Buffer): void {
    this.#arrived = this.#arrived.length === 0 ? bytes : Buffer.concat([this.#arrived, bytes]);
    const found = this.#framing.find(this.#arrived);
    if (!found) return;
    const { from, length, whole } = found;
    if (length > longest) this.#lose(new Error(`a response of ${length} bytes`));
    if (this.#arrived.length < whole) return;
    const response = Buffer.from(this.#arrived.subarray(from, from + length));
    // The view of what was read may hold a challenge's secret.
    this.#arrived.fill(0, 0, whole);
    this.#arrived = this.#arrived.subarray(whole);
    this.#waiting?.resolve(response);
  }

  #lose(cause?: unknown): void {
    this.#gone ??= new StationError('tpm.missing', { what: `the connection to ${this.name} was lost` }, { cause });
    this.#waiting?.reject(this.#gone);
    this.#socket.destroy();
  }
}
