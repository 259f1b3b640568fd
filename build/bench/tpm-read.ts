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
  { name: 'persistentRsa', kind: 'rsa2048', certificates: true, rounds: 1_000 },
  { name: 'createdRsa', kind: 'rsa2048', certificates: false, rounds: 40 },
  { name: 'createdP256', kind: 'p256', certificates: false, rounds: 1_000 },
] as const satisfies readonly { name: string; kind: EkKind; certificates: boolean; rounds: number }[];

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

async function measure({ port }: Swtpm, kind: EkKind, rounds: number): Promise<{ ours: number; raw: number }> {
  const { commands, transport } = recording(await open(port));
  await read(transport, kind);
  const [ours, raw]: [number[], number[]] = [[], []];
  for (let at = 0; at < rounds; at += 1) {
    const own = await open(port);
    // The connection's end is in neither figure.
    ours.push(await timed(() => read(kept(own), kind)));
    await own.close();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    raw.push(await timed(() => play(socket, commands)));
    socket.destroy();
  }
  return { ours: median(ours), raw: median(raw) };
}

const open = (port: number): Promise<TpmTransport> => openTcp({ host: '127.0.0.1', port, framing: 'raw' }, never);

async function read(transport: TpmTransport, kind: EkKind): Promise<void> {
  const tpm = openTpm(transport);
  await tpm.endorsement({ kind }, never);
  await tpm.close();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The same transport, which outlives its reading. */
const kept = (transport: TpmTransport): TpmTransport => ({
  name: transport.name,
  longest: transport.longest,
  transmit: (command, code, signal) => transport.transmit(command, code, signal),
  close: async () => undefined,
});

/** Keeps the bytes of every command. */
function recording(transport: TpmTransport): { commands: Buffer[]; transport: TpmTransport } {
  const commands: Buffer[] = [];
  return {
    commands,
    transport: {
      ...transport,
      name: transport.name,
      longest: transport.longest,
      transmit: (command, code, signal) => {
        commands.push(Buffer.from(command));
        return transport.transmit(command, code, signal);
      },
      close: () => transport.close(),
    },
  };
}

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
