import { createServer, type Server, type Socket } from 'node:net';

/** What a ZPL printer is like right now. */
export type PrinterMood = {
  paperOut: boolean;
  headOpen: boolean;
  paused: boolean;
  ribbonOut: boolean;
  /** It answers ~HS. */
  answers: boolean;
  /** So many questions it says that it still prints, after it got a label. */
  busyFor: number;
  /** It closes the connection as soon as it has a whole label. */
  hangsUp: boolean;
};

const goodMood: PrinterMood = {
  paperOut: false,
  headOpen: false,
  paused: false,
  ribbonOut: false,
  answers: true,
  busyFor: 0,
  hangsUp: false,
};

/** A ZPL printer at a port of this machine: keeps the formats that it gets, and answers ~HS as Zebra's guide says. */
export class LabelPrinter {
  readonly mood: PrinterMood = { ...goodMood };
  /** Every format from ^XA to ^XZ, in its sequence. */
  readonly formats: Buffer[] = [];
  /** Hears of every format before the printer says anything of it. */
  onFormat: (format: Buffer) => void = () => undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #waiting = new Set<() => void>();
  #left = 0;
  #told = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#serve(socket));
  }

  /** `port`: the one that it had before it was switched off. */
  static async start(port = 0): Promise<LabelPrinter> {
    const server = createServer();
    const printer = new LabelPrinter(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return printer;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  /** It works again, and has got nothing yet. */
  becomeNew(): void {
    Object.assign(this.mood, goodMood);
    this.formats.length = 0;
    this.#told = 0;
  }

  /** Resolves when it has got so many formats. */
  async got(count: number): Promise<void> {
    while (this.formats.length < count) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Resolves when it has told that nothing is left of so many formats. */
  async told(count: number): Promise<void> {
    while (this.#told < count) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Switches it off: nobody listens, and nothing that was begun goes on. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let got = '';
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined); // whoever prints may go away at any time
    socket.on('data', (bytes) => {
      got = this.#take(got + bytes.toString('latin1'), socket);
    });
  }

  /** Takes formats and questions out of what arrived, in their sequence; answers what is left. */
  #take(got: string, socket: Socket): string {
    const found = /~HS\r?\n?|\^XA[\s\S]*?\^XZ\r?\n?/.exec(got);
    if (!found) return got;
    if (found[0].startsWith('~HS')) {
      if (this.mood.answers) socket.write(this.#status());
    } else this.#print(found[0], socket);
    return this.#take(got.slice(found.index + found[0].length), socket);
  }

  #print(format: string, socket: Socket): void {
    const bytes = Buffer.from(format, 'latin1');
    this.formats.push(bytes);
    this.onFormat(bytes);
    this.#left = this.mood.busyFor;
    if (this.mood.hangsUp) socket.destroy();
    this.#changed();
  }

  #changed(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #status(): string {
    const { paperOut, headOpen, paused, ribbonOut } = this.mood;
    const is = (flag: boolean) => (flag ? '1' : '0');
    const left = this.#left;
    this.#left = Math.max(0, left - 1);
    if (left === 0) this.#told = this.formats.length;
    this.#changed();
    const strings = [
      `030,${is(paperOut)},${is(paused)},1245,${String(Math.min(left, 1)).padStart(3, '0')},0,0,0,000,0,0,0`,
      `000,0,${is(headOpen)},${is(ribbonOut)},1,2,6,0,00000000,1,000`,
      '1234,0',
    ];
    return strings.map((string) => `\u0002${string}\u0003\r\n`).join('');
  }
}
