import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { openTcp } from '../../drivers/tpm/tcp.ts';
import { openTpm } from '../../drivers/tpm/tpm.ts';
import type { TpmTransport } from '../../drivers/tpm/transport.ts';
import type { EkKind } from '../../drivers/tpm/unit-tpm.ts';
import { makeSwtpm, type Swtpm } from '../../test/suites/swtpm.ts';
import type { Bench } from './bench.ts';

const never = new AbortController().signal;

/** What is read: a persistent RSA key with its certificate, and keys that a TPM without any has to create. */
const readings = [
  { name: 'persistentRsa', kind: 'rsa2048', certificates: true, rounds: 2_000 },
  { name: 'createdRsa', kind: 'rsa2048', certificates: false, rounds: 40 },
  { name: 'createdP256', kind: 'p256', certificates: false, rounds: 2_000 },
] as const satisfies readonly { name: string; kind: EkKind; certificates: boolean; rounds: number }[];

const turn = 20;

/** Reading an endorsement key through our code, against the same commands as bare bytes over the same connection to swtpm. */
export const tpmRead: Bench = {
  about: 'reading an endorsement key, by our code and by the same commands as bare bytes (swtpm)',
  async run() {
    const [made, empty] = await Promise.all([makeSwtpm({ certificates: true }), makeSwtpm()]);
    try {
      const figures: Record<string, number> = {};
      for (const { name, kind, certificates, rounds } of readings) {
        const { ours, raw } = await measure(certificates ? made : empty, kind, rounds);
        figures[`${name}MsP50`] = round(ours);
        figures[`${name}RawMsP50`] = round(raw);
        figures[`${name}Ratio`] = round(ours / raw);
      }
      return figures;
    } finally {
      await Promise.all([made.stop(), empty.stop()]);
    }
  },
};

const round = (value: number): number => Math.round(value * 1_000) / 1_000;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/**
 * In turns, since a machine is not as fast at all times, and many readings a turn, since swtpm serves one connection at a time and
 * the first reading of one is not like the others. Opening it is in neither figure.
 */
async function measure({ port }: Swtpm, kind: EkKind, rounds: number): Promise<{ ours: number; raw: number }> {
  const commands: Buffer[] = [];
  await withTransport(port, (own) =>
    read(
      kept(own, (command) => commands.push(Buffer.from(command))),
      kind,
    ),
  );
  const [ours, raw]: [number[], number[]] = [[], []];
  for (let done = 0; done < rounds; done += turn) {
    await withTransport(port, (own) => times(ours, () => read(kept(own), kind)));
    await withSocket(port, (socket) => times(raw, () => play(socket, commands)));
  }
  return { ours: median(ours), raw: median(raw) };
}

async function withTransport(port: number, work: (transport: TpmTransport) => Promise<void>): Promise<void> {
  const transport = await openTcp({ host: '127.0.0.1', port, framing: 'raw' }, never);
  await work(transport);
  await transport.close();
}

async function withSocket(port: number, work: (socket: Socket) => Promise<void>): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.setNoDelay(true);
  await work(socket);
  socket.destroy();
}

/** One turn; its first reading is not counted. */
async function times(into: number[], work: () => Promise<void>): Promise<void> {
  await work();
  for (let at = 0; at < turn; at += 1) {
    const began = performance.now();
    await work();
    into.push(performance.now() - began);
  }
}

async function read(transport: TpmTransport, kind: EkKind): Promise<void> {
  const tpm = openTpm(transport);
  await tpm.endorsement({ kind }, never);
  await tpm.close();
}

/** The same transport, which outlives its reading, and tells what it sends. */
const kept = (transport: TpmTransport, tell: (command: Buffer) => void = () => undefined): TpmTransport => ({
  name: transport.name,
  longest: transport.longest,
  transmit: (command, code, signal) => {
    tell(command);
    return transport.transmit(command, code, signal);
  },
  close: async () => undefined,
});

/** The same bytes, one command after the other's response, and nothing else. */
async function play(socket: Socket, commands: readonly Buffer[]): Promise<void> {
  for (const command of commands) {
    socket.write(command);
    let arrived = 0;
    let whole = Number.POSITIVE_INFINITY;
    while (arrived < whole) {
      const [bytes] = (await once(socket, 'data')) as [Buffer];
      if (arrived === 0) whole = bytes.readUInt32BE(2);
      arrived += bytes.length;
    }
  }
}
