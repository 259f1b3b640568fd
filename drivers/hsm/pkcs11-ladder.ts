import { StationError } from '../../station-core/contract/errors.ts';
import { waitAfter } from './backoff.ts';
import type { HsmState } from './hsm.ts';
import type { CallName, Calls } from './pkcs11-calls.ts';
import { type Pkcs11Host, Unanswered } from './pkcs11-host.ts';
import { Login, WaitsForPerson } from './pkcs11-login.ts';
import type { Pkcs11Options } from './pkcs11-options.ts';
import { ModuleProcess } from './pkcs11-process.ts';
import { above, nextStep, type Step } from './pkcs11-steps.ts';
import { downState, States } from './state.ts';

/** A process that is logged in, and which login that was: what fails is judged by the login under which it was asked. */
type Footing = { readonly host: Pkcs11Host; readonly login: number };

/**
 * The way back to a token that was lost (README.md, The ladder): log in again, finalize and initialize, start another process,
 * and at last say "down" and try again from time to time. Many calls that fail together climb once.
 */
export class Ladder {
  readonly module: ModuleProcess;
  readonly states = new States({ state: 'down', reason: 'not started' });
  readonly #login: Login;
  #moving: Promise<Footing> | undefined;
  #logins = 0;
  #startsInVain = 0;
  #notBefore = 0;
  #pulse: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ pin, ...options }: Pkcs11Options) {
    this.#login = new Login(pin);
    this.module = new ModuleProcess(options, this.#login, (reason) => {
      if (this.states.now.state === 'ready' && !this.#moving) this.#fall(reason);
    });
  }

  /** Asks the token, and again after each step of the ladder that gave it back. */
  async ask<C extends CallName>(call: C, input: Calls[C]['in'], deadlineMs: number): Promise<Calls[C]['out']> {
    const done = new Set<Step>();
    let doubt = false;
    try {
      for (let footing = await this.#footing(false); ; ) {
        try {
          const answer = await footing.host.request(call, input, { deadlineMs, again: done.size > 0 });
          // The keep-alive tells nothing of calls: a module that crashes at each of them is not to be started on and on.
          if (call !== 'touch') this.#startsInVain = 0;
          return answer;
        } catch (thrown) {
          if (!(thrown instanceof Unanswered)) throw thrown;
          doubt ||= thrown.doubt;
          footing = await this.#regain(footing, thrown, done);
        }
      }
    } catch (thrown) {
      throw doubt ? ambiguous(thrown) : thrown;
    }
  }

  /** Finds module and token, and stays locked. */
  async openLocked(): Promise<void> {
    this.#take({ state: 'locked', reason: 'no PIN was given' });
    await this.#start().catch((thrown: unknown) => {
      throw thrown instanceof Unanswered ? thrown.error : thrown;
    });
  }

  /** Logs in with the PIN that the HSM was opened with. */
  async open(): Promise<void> {
    await this.#footing(true);
  }

  /** Takes a PIN that a person just gave and logs in with it. Does nothing when the login stands. */
  async unlock(pin: Buffer): Promise<void> {
    await this.#moving?.catch(() => undefined); // its failure was told to who waited for it
    if (this.states.now.state === 'ready') {
      // The token would answer "already logged in" to any PIN, and a wrong one would count as accepted.
      pin.fill(0);
      return;
    }
    this.#login.take(pin);
    this.#take({ state: 'locked', reason: 'a PIN is being tried' });
    try {
      await this.#footing(true);
    } catch (thrown) {
      // A person is needed again, even when it was the token that was not there.
      await this.#lock(thrown instanceof Error ? thrown.message : 'the login failed');
      throw thrown;
    }
  }

  /** Ends all of it. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#pulse);
    this.#login.erase();
    await this.#moving?.catch(() => undefined); // its failure was told to who waited for it
    await this.module.close();
    this.states.set({ state: 'down', reason: 'closed' });
  }

  /** A process that is logged in. Many that ask at once start one. Throws `hsm.locked`, `hsm.pin`, `hsm.down`. */
  async #footing(byPerson: boolean): Promise<Footing> {
    if (this.#closed) throw down('closed');
    if (this.#moving) return this.#moving;
    const { state, reason } = this.states.now;
    const { host } = this.module;
    if (state === 'ready' && host) return { host, login: this.#logins };
    if (state === 'locked' && !byPerson) throw new StationError('hsm.locked');
    if (!byPerson && performance.now() < this.#notBefore) throw down(reason);
    return this.#move(async () => {
      if (this.module.host === undefined) await this.#start();
      await this.module.logIn(byPerson);
    });
  }

  /** What to stand on after a failure, to ask again; throws the failure when there is nothing to be gained by that. */
  async #regain(footing: Footing, { error, lost }: Unanswered, done: Set<Step>): Promise<Footing> {
    if (error.code === 'hsm.pin') await this.#lock(error.message);
    const step = nextStep(lost, done);
    if (step === 'none') throw error;
    const someoneClimbed = this.module.host !== footing.host || this.#logins !== footing.login;
    if (step === 'latch') {
      if (!someoneClimbed && !this.#moving) await this.#latch(reasonOf(error));
      throw error;
    }
    done.add(step);
    if (this.#moving) return this.#moving;
    return someoneClimbed ? this.#footing(false) : this.#move(() => this.#climb(step));
  }

  /** Takes a step, and the one above it when that does not help. */
  async #climb(step: Step): Promise<void> {
    try {
      await this.#steps[step]();
    } catch (thrown) {
      const higher = above(step);
      if (higher === undefined || !(thrown instanceof Unanswered) || thrown.lost === undefined) throw thrown;
      await this.#climb(higher);
    }
  }

  readonly #steps: Readonly<Record<Step, () => Promise<void>>> = {
    login: () => this.module.logIn(false),
    renew: () => this.module.renew(),
    restart: async () => {
      await this.module.letGo('another process takes its place');
      await this.#start();
      await this.module.logIn(false);
    },
  };

  /** One move at a time, and its outcome is the state of the HSM. */
  #move(work: () => Promise<void>): Promise<Footing> {
    const moving = this.#moved(work).finally(() => {
      this.#moving = undefined;
    });
    this.#moving = moving;
    return moving;
  }

  async #moved(work: () => Promise<void>): Promise<Footing> {
    try {
      await work();
    } catch (thrown) {
      if (thrown instanceof WaitsForPerson) await this.#lock(thrown.message);
      // Whatever it was: a module that stopped halfway, finalized and not initialized again, is of no use to the next try.
      else if (thrown instanceof Unanswered) await this.#latch(reasonOf(thrown.error));
      throw thrown instanceof WaitsForPerson || thrown instanceof Unanswered ? thrown.error : thrown;
    }
    const { host } = this.module;
    if (host === undefined) throw down(this.#fall('its process ended'));
    this.#logins += 1;
    this.#take({ state: 'ready', reason: '' });
    return { host, login: this.#logins };
  }

  #start(): Promise<void> {
    this.#startsInVain += 1;
    return this.module.start();
  }

  /** Nothing helped. */
  async #latch(reason: string): Promise<void> {
    this.#fall(reason);
    await this.module.letGo(reason);
  }

  #fall(reason: string): string {
    this.#notBefore = performance.now() + waitAfter(this.#startsInVain);
    this.#take(downState(reason));
    return reason;
  }

  /** Erases the PIN and ends the process: its login might stand, and would make any PIN look accepted. */
  async #lock(reason: string): Promise<void> {
    this.#login.erase();
    this.#take({ state: 'locked', reason });
    await this.module.letGo('it is locked');
  }

  #take(state: HsmState): void {
    if (this.#closed) return;
    this.states.set(state);
    this.#arm();
  }

  /** The one timer: keeps an idle token awake, and tries one that is down. A locked one waits for a person. */
  #arm(): void {
    clearTimeout(this.#pulse);
    const { state } = this.states.now;
    if (this.#closed || state === 'locked') return;
    const { keepAliveMs, probeMs, operationMs } = this.module.deadlines;
    const tryAgain = Math.max(probeMs, this.#notBefore - performance.now() + 5); // timers may be early by a little
    this.#pulse = setTimeout(
      () => {
        const asked = this.ask('touch', undefined, operationMs);
        // What it found is the state by now, and told by it.
        asked.catch(() => undefined).finally(() => this.#arm());
      },
      state === 'ready' ? keepAliveMs : tryAgain,
    );
  }
}

const down = (what: string) => new StationError('hsm.down', { what });
const reasonOf = (error: StationError) => (error.code === 'hsm.down' ? String(error.details.what) : error.message);

function ambiguous(cause: unknown): StationError {
  const what = cause instanceof StationError ? reasonOf(cause) : 'its answer was lost';
  return new StationError('hsm.ambiguous', { what }, { cause });
}
