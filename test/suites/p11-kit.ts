import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SoftHsmToken } from './softhsm.ts';

/** Where distributions put p11-kit's client module; none when it is not installed. */
export const p11KitClient: string | undefined = [
  '/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so',
  '/usr/lib/aarch64-linux-gnu/pkcs11/p11-kit-client.so',
  '/usr/lib64/pkcs11/p11-kit-client.so',
].find((path) => existsSync(path));

/** A SoftHSM token behind a server of p11-kit, as a network HSM would stand behind its own; it can be killed and started. */
export class P11KitServer {
  readonly #token: SoftHsmToken;
  readonly #socket: string;
  #server: ChildProcess | undefined;

  constructor(token: SoftHsmToken) {
    this.#token = token;
    this.#socket = join(token.folder, 'p11-kit.sock');
  }

  /** What the module's process needs in its environment to reach it. */
  get environment(): Readonly<Record<string, string>> {
    return { P11_KIT_SERVER_ADDRESS: `unix:path=${this.#socket}` };
  }

  /** Starts the server; resolves when it says that it listens. */
  async start(): Promise<void> {
    rmSync(this.#socket, { force: true });
    const options = ['server', '-f', '-n', this.#socket, '--provider', this.#token.module, 'pkcs11:'];
    // A group of its own: the server forks one process a client, and all of them are to be killed together.
    this.#server = spawn('p11-kit', options, {
      env: { ...process.env, ...this.#token.environment },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    if (this.#server.stdout) await once(this.#server.stdout, 'data');
  }

  /** Kills the server and all that it forked, as a power cut would. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server?.pid === undefined) return;
    const ended = once(server, 'exit');
    process.kill(-server.pid, 'SIGKILL');
    await ended;
  }
}
