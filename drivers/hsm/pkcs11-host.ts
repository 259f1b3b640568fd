import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { StationError } from '../../station-core/contract/errors.ts';
import type { CallName, Calls, Lost, Reply, Request } from './pkcs11-calls.ts';

/** A request that came back without its answer. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  /** What its caller is told when nothing more is tried. */
  readonly error: StationError;
  readonly lost: Lost | undefined;
  /** A signature may exist that nobody got. */
  readonly doubt: boolean;

  constructor(error: StationError, lost: Lost | undefined, doubt: boolean) {
    super(error.message, { cause: error });
    this.error = error;
    this.lost = lost;
    this.doubt = doubt;
  }

  /** There is no process to ask. */
  static gone(reason: string): Unanswered {
    return new Unanswered(down(reason), 'process', false);
  }
}

type Pending = {
  readonly call: CallName;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Unanswered) => void;
  readonly timer: NodeJS.Timeout;
};

type Ask = { readonly deadlineMs: number; readonly again?: boolean };

// TypeScript in the repository, one bundled file beside its parent's in the product.
const entry = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'pkcs11.main.ts' : 'pkcs11.main.js');

/**
 * So many requests are on their way at once, far more than sessions: what is asked in one turn travels in one message, and the
 * sessions stay busy meanwhile. Few enough that a slow token (some sign 14 times a second) does not let the last of them
 * miss its deadline. The others wait here.
 */
const inFlight = 32;

/** Calls that need no session and wait for nobody. */
const ahead: ReadonlySet<CallName> = new Set(['attach', 'renew', 'login', 'look', 'close'] as const);

/**
 * One process of the PKCS#11 module, from its start to its end. Every request ends: by its answer, by its deadline or with
 * the process; a process that missed a deadline is ended, since nobody knows what it still does.
 */
export class Pkcs11Host {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #waiting: (() => void)[] = [];
  #outgoing: Request[] = [];
  readonly #whenGone: (reason: string) => void;
  #drained: (() => void) | undefined;
  #free = inFlight;
  #nextId = 1;
  #gone: string | undefined;

  constructor(environment: Readonly<Record<string, string>>, whenGone: (reason: string) => void) {
    this.#whenGone = whenGone;
    this.#child = fork(entry, {
      serialization: 'advanced', // Buffers travel as bytes, not as JSON
      env: { ...process.env, ...environment },
      execArgv: [],
      // A vendor's library may print what it likes, a PIN too; none of it reaches our output or log.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (replies: Reply[]) => {
      for (const reply of replies) this.#settle(reply);
    });
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

  /** Asks for one thing. Its deadline counts from when it is sent. Rejects with Unanswered. */
  async request<C extends CallName>(call: C, input: Calls[C]['in'], ask: Ask): Promise<Calls[C]['out']> {
    if (ahead.has(call)) return this.#send(call, input, ask);
    while (this.#free === 0 || this.#drained) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#free -= 1;
    try {
      return await this.#send(call, input, ask);
    } finally {
      this.#free += 1;
      this.#wakeNext();
    }
  }

  /** Waits until nothing runs, lets nothing begin meanwhile, and does the work: C_Finalize must not meet another call. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#drained = resolve;
    try {
      if (this.#free < inFlight) await promise;
      return await work();
    } finally {
      this.#drained = undefined;
      for (const next of this.#waiting.splice(0)) next();
    }
  }

  /** Ends the process at once; what is pending is rejected. Resolves when it is gone. */
  async kill(reason: string): Promise<void> {
    this.#end(reason);
    if (this.#child.pid !== undefined) await this.#ended.promise;
  }

  /** Waits for what was asked, lets the process say goodbye to the token, and ends it when it does not. */
  async close(deadlineMs: number): Promise<void> {
    // What was asked before this is answered, the waiting ones too; nobody asks any more.
    while (this.#free < inFlight) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      await this.alone(() => this.request('close', undefined, { deadlineMs }));
    } catch (thrown) {
      if (!(thrown instanceof Unanswered)) throw thrown;
      // It could not say goodbye, which is no reason to keep it.
    }
    await this.kill('closed');
  }

  #wakeNext(): void {
    if (this.#drained === undefined) this.#waiting.shift()?.();
    else if (this.#free === inFlight) this.#drained();
  }

  #send<C extends CallName>(call: C, input: Calls[C]['in'], ask: Ask): Promise<Calls[C]['out']> {
    const { deadlineMs, again = false } = ask;
    if (this.#gone !== undefined) return Promise.reject(Unanswered.gone(this.#gone));
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => this.#end(`no answer to ${call} in ${deadlineMs} ms`), deadlineMs);
    this.#pending.set(id, { call, resolve, reject, timer });
    // After everything that this turn of the event loop still asks: a message costs more than a request.
    if (this.#outgoing.length === 0) process.nextTick(() => this.#flush());
    this.#outgoing.push({ id, call, input, again } as Request);
    return promise as Promise<Calls[C]['out']>;
  }

  #flush(): void {
    const requests = this.#outgoing;
    this.#outgoing = [];
    if (this.#gone !== undefined) return; // what was asked is rejected already
    this.#child.send(requests, (error) => {
      if (error) this.#end(error.message);
    });
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return; // its deadline has passed
    this.#pending.delete(reply.id);
    clearTimeout(pending.timer);
    if (reply.ok) {
      pending.resolve(reply.value);
      return;
    }
    const { error, lost, doubt = false } = reply;
    pending.reject(new Unanswered(new StationError(error.code, error.details), lost, doubt));
  }

  #end(reason: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = reason;
    this.#child.kill('SIGKILL');
    for (const { call, reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new Unanswered(down(reason), 'process', call === 'sign'));
    }
    this.#pending.clear();
    this.#whenGone(reason);
  }
}

const down = (what: string) => new StationError('hsm.down', { what });
