import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { StationEvent } from '../../station-core/contract/events.ts';
import { Client, type Port } from '../../station-core/contract/rpc.ts';

/** A practice line in a process of its own, with its screens. */
export type ServedLine = {
  readonly address: string;
  /** Lays cables of this many bits a second to all units; without a number cables that take no time. */
  lay(baud?: number): Promise<void>;
  stop(): Promise<void>;
};

export async function serveLine(folder: string, lanes: number): Promise<ServedLine> {
  const child = fork(join(import.meta.dirname, 'line.main.ts'), [folder, String(lanes)], { execArgv: [] });
  const [address] = (await once(child, 'message')) as [string];
  const lay = async (baud?: number) => {
    const laid = once(child, 'message');
    child.send({ baud });
    await laid;
  };
  const stop = async () => {
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
  };
  return { address, lay, stop };
}

/** Starts runs on lanes, and says when each has ended. */
export type Driver = {
  /** Starts a run and resolves when it has ended. Throws the station's refusal. */
  run(lane: number, serial: string): Promise<void>;
  /** Resolves when the lane's run, whoever starts it, has ended. */
  ended(lane: number): Promise<void>;
  close(): void;
};

export async function drive(address: string): Promise<Driver> {
  const { port, hash } = new URL(address);
  const origin = `http://127.0.0.1:${port}`;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/station`, ['birthmark', hash.slice(1)], { origin });
  await once(socket, 'open');
  const client = new Client(portOf(socket));
  const { practice } = await client.call('station.describe', {});
  const technician = practice.find(({ role }) => role === 'technician');
  const { name = '', pin = '' } = technician ?? {};
  const { session } = await client.call('operators.signIn', { name, pin });
  const laneOf = new Map<number, number>();
  const waiting = new Map<number, () => void>();
  client.onEvent((told: StationEvent) => {
    if (!('run' in told)) return;
    const { run, event } = told;
    if (event.type === 'opened') laneOf.set(run, event.lane);
    if (event.type !== 'closed') return;
    waiting.get(laneOf.get(run) ?? 0)?.();
    laneOf.delete(run);
  });
  const { n } = await client.call('station.view', {}, { session });
  await client.call('events.follow', { since: n }, { session });
  const ended = (lane: number) => new Promise<void>((resolve) => waiting.set(lane, resolve));
  const run = async (lane: number, serial: string) => {
    const over = ended(lane);
    await client.call('run.start', { lane, serial, how: 'scanned' }, { session });
    await over;
  };
  return { run, ended, close: () => socket.close() };
}

function portOf(socket: WebSocket): Port {
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => void socket.on('message', (bytes) => listener(JSON.parse(String(bytes)))),
    onClose: (listener) => void socket.on('close', listener),
  };
}
