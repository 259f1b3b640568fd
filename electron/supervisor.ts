import { type ChildProcess, fork } from 'node:child_process';
import type { FromStation, ToStation } from '../station-core/contract/desktop.ts';
import type { ErrorData } from '../station-core/contract/errors.ts';
import { afterEnd } from './restarts.ts';

/** What the station process does right now; `failed` waits for a person. */
export type StationState =
  | { readonly is: 'starting' | 'up' | 'pausing' | 'stopped' }
  | { readonly is: 'failed'; readonly problem: ErrorData };

export type SupervisorOptions = {
  /** The plain Node that runs the station: Electron's own is another one. */
  readonly node: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Asked before each start: why the program may not run, if it may not. */
  readonly check?: () => Promise<ErrorData | undefined>;
  /** Told what a person who looks for a fault would want to know. */
  readonly note: (text: string) => void;
};

/** How long a station may take to end its runs and close its files; then it is ended as a power cut would. */
const patienceMs = 20_000;

/** Keeps one station process running, and tells what it says and how it is. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #states = new Set<(state: StationState) => void>();
  readonly #messages = new Set<(channel: number, message: unknown) => void>();
  #state: StationState = { is: 'stopped' };
  #child: ChildProcess | undefined;
  #pause: NodeJS.Timeout | undefined;
  #tries = 0;
  #starts = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  get state(): StationState {
    return this.#state;
  }

  onState(listener: (state: StationState) => void): void {
    this.#states.add(listener);
  }

  onMessage(listener: (channel: number, message: unknown) => void): void {
    this.#messages.add(listener);
  }

  /** Says something to the station that is up; what it does not hear any more its channel's end tells the page. */
  send(message: ToStation): void {
    if (this.#state.is === 'up' && this.#child?.connected) this.#child.send(message, () => undefined);
  }

  start(): void {
    this.#become({ is: 'starting' });
    const { check } = this.#options;
    if (!check) {
      this.#fork();
      return;
    }
    const start = ++this.#starts;
    const goOn = (problem: ErrorData | undefined) => {
      if (this.#state.is !== 'starting' || start !== this.#starts) return; // stopped meanwhile
      if (problem) this.#fail(problem);
      else this.#fork();
    };
    check().then(goOn, (thrown: unknown) => {
      this.#options.note(`the program could not be checked: ${String(thrown)}`);
      goOn({ code: 'station.altered', details: { file: '?' } });
    });
  }

  #fork(): void {
    const { node, program, args } = this.#options;
    // JSON on the pipe, not V8's own format: two versions of V8 talk here, and the contract is plain JSON anyway.
    const child = fork(program, args, { execPath: node, execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child = child;
    const heard = this.#listen(child);
    const end = (how: string) => {
      const upForMs = heard.upSince === undefined ? undefined : performance.now() - heard.upSince;
      this.#ended(child, how, { upForMs, problem: heard.problem });
    };
    // The pipe is read to its end before what the process said last is judged; 'close' may never come here.
    const drained = new Promise<void>((resolve) => child.once('disconnect', resolve));
    child.once('exit', (code, signal) => void drained.then(() => end(signal ?? `code ${code}`)));
    child.on('error', (error) => {
      this.#options.note(`the station process: ${error.message}`);
      if (child.pid === undefined) end('could not be started');
    });
  }

  /** Ends the station in order, and for good. */
  async stop(): Promise<void> {
    clearTimeout(this.#pause);
    const child = this.#child;
    this.#child = undefined;
    this.#become({ is: 'stopped' });
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // The pipe's end asks for an orderly end on every platform; a signal would be a hard one on Windows.
    if (child.connected) child.disconnect();
    const hard = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    await ended;
    clearTimeout(hard);
  }

  /** What a station process said of itself, kept up to date as it says more. */
  #listen(child: ChildProcess): { upSince?: number; problem?: ErrorData } {
    const heard: { upSince?: number; problem?: ErrorData } = {};
    child.on('message', (message) => {
      const said = message as FromStation;
      if ('problem' in said) heard.problem = said.problem;
      else if (child !== this.#child) return;
      else if ('ready' in said) {
        heard.upSince = performance.now();
        this.#become({ is: 'up' });
      } else for (const listener of this.#messages) listener(said.channel, said.message);
    });
    return heard;
  }

  #ended(child: ChildProcess, how: string, ended: Parameters<typeof afterEnd>[0]): void {
    if (child !== this.#child) return; // asked to
    const next = afterEnd(ended, this.#tries);
    if (next.do === 'show') {
      this.#fail(next.problem);
      return;
    }
    this.#tries = next.tries;
    this.#options.note(`the station process ended (${how}); starting it again in ${next.afterMs} ms`);
    this.#become({ is: 'pausing' });
    this.#pause = setTimeout(() => this.start(), next.afterMs);
  }

  /** Cannot start, and waits for a person. */
  #fail(problem: ErrorData): void {
    this.#options.note(`the station cannot start: ${problem.code}`);
    this.#become({ is: 'failed', problem });
  }

  #become(state: StationState): void {
    this.#state = state;
    for (const listener of this.#states) listener(state);
  }
}
