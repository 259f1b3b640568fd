import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { StationError } from '../../station-core/contract/errors.ts';
import type { CallName, Calls, Reply } from './pkcs11-calls.ts';

/** The token forgot the login; the caller decides whether it may log in again. */
export class LoginNeeded extends Error {
  override readonly name = 'LoginNeeded';
}

type Pending = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
};

// TypeScript in the repository, one bundled file beside its parent's in the product.
const entry = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'pkcs11.main.ts' : 'pkcs11.main.js');

/**
 * So many requests are on their way at once, twice the sessions: enough to keep those busy, few enough that a slow token (some
 * sign 14 times a second) does not let the last of them miss its deadline. The others wait here.
 */
const inFlight = 8;

/** Calls that need no session and wait for nobody. */
const ahead: ReadonlySet<CallName> = new Set(['attach', 'login', 'look', 'close'] as const);

/**
 * One process of the PKCS#11 module, from its start to its end. Every request ends: by its answer, by its deadline or with
 * the process; a process that missed a deadline is ended, since nobody knows what it still does.
 */
export class Pkcs11Host {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #waiting: (() => void)[] = [];
  #free = inFlight;
  #nextId = 1;
  #gone: string | undefined;

  constructor(environment: Readonly<Record<string, string>>) {
    this.#child = fork(entry, {
      serialization: 'advanced', // Buffers travel as bytes, not as JSON
      env: { ...process.env, ...environment },
      execArgv: [],
      // A vendor's library may print what it likes, a PIN too; none of it reaches our output or log.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (reply: Reply) => this.#settle(reply));
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('exit', (code, signal) => {
      this.#end(`its process ended, ${signal ?? `code ${code}`}`);
      this.#ended.resolve();
    });
  }

  /** The process id, while there is one. */
  get pid(): number | undefined {
    return this.#gone === undefined ? this.#child.pid : undefined;
  }

  /** Why it is gone, or none while it lives. */
  get gone(): string | undefined {
    return this.#gone;
  }

  /** Asks for one thing. Its deadline counts from when it is sent. Rejects with a StationError, or with LoginNeeded. */
  async request<C extends CallName>(call: C, input: Calls[C]['in'], deadlineMs: number): Promise<Calls[C]['out']> {
    if (ahead.has(call)) return this.#send(call, input, deadlineMs);
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#free -= 1;
    try {
      return await this.#send(call, input, deadlineMs);
    } finally {
      this.#free += 1;
      this.#waiting.shift()?.();
    }
  }

  /** Ends the process at once; what is pending is rejected. Resolves when it is gone. */
  async kill(reason: string): Promise<void> {
    this.#end(reason);
    if (this.#child.pid !== undefined) await this.#ended.promise;
  }

  /** Waits for what was asked, lets the process say goodbye to the token, and ends it when it does not. */
  async close(deadlineMs: number): Promise<void> {
    while (this.#free < inFlight) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      await this.request('close', undefined, deadlineMs);
    } catch (thrown) {
      if (!(thrown instanceof StationError)) throw thrown;
      // It could not say goodbye, which is no reason to keep it.
    }
    await this.kill('closed');
  }

  #send<C extends CallName>(call: C, input: Calls[C]['in'], deadlineMs: number): Promise<Calls[C]['out']> {
    if (this.#gone !== undefined) return Promise.reject(down(this.#gone));
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => this.#end(`no answer to ${call} in ${deadlineMs} ms`), deadlineMs);
    this.#pending.set(id, { resolve, reject, timer });
    this.#child.send({ id, call, input }, (error) => {
      if (error) this.#end(error.message);
    });
    return promise as Promise<Calls[C]['out']>;
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return; // its deadline has passed
    this.#pending.delete(reply.id);
    clearTimeout(pending.timer);
    if (reply.ok) pending.resolve(reply.value);
    else if ('login' in reply) pending.reject(new LoginNeeded());
    else pending.reject(new StationError(reply.error.code, reply.error.details));
  }

  #end(reason: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = reason;
    this.#child.kill('SIGKILL');
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(down(reason));
    }
    this.#pending.clear();
  }
}

const down = (what: string) => new StationError('hsm.down', { what });
