import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import type { StationEvent } from '../../station-core/contract/events.ts';
import { Client, type Port } from '../../station-core/contract/rpc.ts';

const top = join(import.meta.dirname, '..', '..');

/** A practice line in a process of its own, with its screens; and the same line seen through a connection of its own. */
export type ServedLine = { readonly address: string; stop(): Promise<void> };

export async function serveLine(folder: string, lanes: number): Promise<ServedLine> {
  const args = ['build/birthmark.mjs', 'practice', '--window', '--lanes', String(lanes), '--station', folder];
  // A group of its own, so that the end reaches the station behind the launcher.
  const child = spawn(process.execPath, args, { cwd: top, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const stop = async () => {
    const gone = once(child, 'exit');
    if (child.exitCode !== null || child.pid === undefined) return;
    process.kill(-child.pid, 'SIGTERM');
    await gone;
  };
  return { address: await addressOf(child), stop };
}

function addressOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!stdout) return reject(new TypeError('no standard output'));
    const lines = createInterface({ input: stdout });
    lines.on('line', (line) => {
      const found = /^Birthmark is at (http:\/\/\S+)$/.exec(line)?.[1];
      if (found) resolve(found);
    });
    lines.once('close', () => reject(new Error('the line ended before it was ready')));
  });
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
