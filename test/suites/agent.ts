// The agent in C as a unit of its own process, on a socket or behind a pty.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Link } from '../../drivers/link.ts';
import { openSerial } from '../../drivers/serial.ts';
import { openUnitsTpm, type UnitsTpm } from '../../drivers/simulated/unit/units-tpm.ts';
import { openSocket } from '../../drivers/socket.ts';
import { buildHostAgent } from './agent-build.ts';
import type { UnitBench, UnitOnBench } from './protocol.suite.ts';
import { openPty } from './pty.ts';

const never = new AbortController().signal;

/** What the process ends with where its power is cut. */
export const cutCode = 42;

export type AgentUnit = {
  readonly socket: string;
  /** Ends with the process: its exit code, or none when it was killed. */
  readonly ended: Promise<number | undefined>;
  kill(): Promise<void>;
};

/** Starts a unit on that memory. Rejects with what it says when it does not start; `undefined` when its power went meanwhile. */
export async function startAgent(
  memory: string,
  options: readonly string[],
  withTpm = false,
): Promise<AgentUnit | undefined> {
  const program = await buildHostAgent(withTpm);
  const socket = `${memory}.sock`;
  const child = spawn(program, ['--socket', socket, '--memory', memory, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString('latin1');
  });
  const gone = once(child, 'close').then(([code]) => {
    // A sanitizer's words are what a test must fail with.
    if (said !== '') throw new Error(said);
    return (code ?? undefined) as number | undefined;
  });
  gone.catch(() => undefined);
  const ready = once(child.stdout, 'data').then(() => true);
  const isReady = await Promise.race([ready, gone.then(() => false)]);
  if (!isReady) {
    if ((await gone) === cutCode) return undefined;
    throw new Error('the agent ended before it listened');
  }
  return { socket, ended: gone, kill: () => end(child, gone) };
}

async function end(child: ChildProcess, gone: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await gone;
}

/** A simulated TPM behind a port of this machine, as swtpm would be: raw commands, raw responses. */
export async function serveTpm(tpm: UnitsTpm): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((socket) => {
    let held = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      held = Buffer.concat([held, bytes]);
      if (held.length < 10 || held.length < held.readUInt32BE(2)) return;
      const command = held;
      held = Buffer.alloc(0);
      tpm.execute(command).then(
        (response) => socket.write(response),
        () => socket.destroy(),
      );
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/** Where a cable to a unit ends: it stays when units come and go, as a fixture's does. */
class Fixture {
  readonly path: string;
  silent = false;
  #unit: AgentUnit | undefined;
  readonly #cables = new Map<Socket, Socket | undefined>();
  readonly #server = createServer((cable) => {
    this.#cables.set(cable, undefined);
    cable.on('close', () => {
      this.#cables.get(cable)?.destroy();
      this.#cables.delete(cable);
    });
    cable.on('error', () => cable.destroy());
    cable.on('data', (bytes) => {
      if (!this.silent) this.#cables.get(cable)?.write(bytes);
    });
    this.#join(cable);
  });

  private constructor(path: string) {
    this.path = path;
  }

  static async at(path: string): Promise<Fixture> {
    const fixture = new Fixture(path);
    await once(fixture.#server.listen(path), 'listening');
    return fixture;
  }

  put(unit: AgentUnit | undefined): void {
    this.#unit = unit;
    for (const cable of this.#cables.keys()) this.#join(cable);
  }

  cut(): void {
    for (const cable of this.#cables.keys()) cable.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #join(cable: Socket): void {
    this.#cables.get(cable)?.destroy();
    const unit = this.#unit && createConnection(this.#unit.socket);
    this.#cables.set(cable, unit);
    unit?.on('data', (bytes: Buffer) => {
      if (!this.silent && cable.writable) cable.write(bytes);
    });
    // The unit's process may end at any time; the cable stays.
    unit?.on('error', () => unit.destroy());
  }
}

type Laid = { readonly link: Link; readonly cut: () => Promise<void> };
export type LayCable = (fixture: Fixture) => Promise<Laid>;

export const overSocket: LayCable = async (fixture) => ({
  link: await openSocket({ path: fixture.path }, never),
  cut: async () => fixture.cut(),
});

export const overPty: LayCable = async ({ path }) => {
  const pty = await openPty(path);
  return { link: await openSerial({ path: pty.path, baud: 115_200, signal: never }), cut: () => pty.cut() };
};

/** The agent as a bench: each fresh unit has a memory of its own. */
export const agentBench = (lay: LayCable) => async (): Promise<UnitBench & { tpmPort(port: number): void }> => {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-agent-'));
  const fixture = await Fixture.at(join(folder, 'fixture'));
  let made = 0;
  let unit: AgentUnit | undefined;
  let cable: Laid | undefined;
  let tpm: Awaited<ReturnType<typeof serveTpm>> | undefined;
  let port: number | undefined;
  let start: (() => Promise<AgentUnit | undefined>) | undefined;

  const optionsOf = async ({ serial, mac, own, tpm: given }: UnitOnBench, memory: string): Promise<string[]> => {
    const options = ['--serial', serial, '--mac', mac];
    if (own) {
      writeFileSync(`${memory}.key`, own.key);
      writeFileSync(`${memory}.chain`, own.chain);
      options.push('--key', `${memory}.key`, '--chain', `${memory}.chain`);
    }
    await tpm?.close();
    tpm = given && (await serveTpm(openUnitsTpm(given, `${memory}.tpm`)));
    const behind = port ?? tpm?.port;
    return behind === undefined ? options : [...options, '--tpm-port', String(behind)];
  };
  const restart = async () => {
    await unit?.kill();
    unit = await start?.();
    fixture.put(unit);
  };
  return {
    /** Where a TPM of its own program listens, for every unit from now on. */
    tpmPort: (given) => {
      port = given;
    },
    freshUnit: async (facts) => {
      made += 1;
      const memory = join(folder, String(made));
      const options = await optionsOf(facts, memory);
      start = () => startAgent(memory, options, options.includes('--tpm-port'));
      fixture.silent = false;
      await restart();
    },
    openLink: async () => {
      await cable?.cut();
      cable = await lay(fixture);
      return cable.link;
    },
    cutLink: async () => {
      await cable?.cut();
    },
    restartUnit: async () => {
      await cable?.cut();
      cable = undefined;
      await restart();
    },
    silenceUnit: async (silent) => {
      fixture.silent = silent;
    },
    end: async () => {
      await cable?.cut();
      await unit?.kill();
      await fixture.close();
      await tpm?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
