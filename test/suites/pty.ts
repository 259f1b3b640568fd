import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A pseudo-terminal whose other end is a local socket: a serial cable without a serial adapter. Linux, with socat. */
export type Pty = {
  /** What a serial port is opened by. It serves one opening: socat ends when the port is closed. */
  readonly path: string;
  /** Pulls the cable: kills socat at once. */
  cut(): Promise<void>;
};

/** Joins a new pty to the socket that a simulated unit listens on. The caller cuts it at the end. */
export const openPty = (socket: string): Promise<Pty> => openPtyTo(`UNIX-CONNECT:${socket}`);

/** Joins a new pty to whatever socat can reach by this address. The caller cuts it at the end. */
export async function openPtyTo(address: string): Promise<Pty> {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-pty-'));
  const path = join(folder, 'port');
  // Two -d make socat say when both ends are joined. No wait-slave: it polls, and holds the first bytes back.
  const socat = spawn('socat', ['-d', '-d', `PTY,link=${path},rawer`, address], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await joined(socat);
  return {
    path,
    cut: async () => {
      if (socat.exitCode === null && socat.signalCode === null) {
        const gone = once(socat, 'exit');
        socat.kill('SIGKILL');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function joined(socat: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    socat.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString('latin1');
      if (said.includes('starting data transfer loop')) resolve();
    });
    socat.on('error', reject);
    socat.on('exit', () => reject(new Error(`socat ended before it joined the ends: ${said}`)));
  });
}
