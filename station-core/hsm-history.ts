import type { Hsm } from '../drivers/hsm/hsm.ts';
import type { Clock } from './clock.ts';
import { isoTime } from './clock.ts';
import type { HsmMinute } from './contract/hsm.ts';

const everyMs = 60_000;
const kept = 60;

/** How the HSM was in the last hour, minute by minute: in memory alone, for whoever looks whether it gets slower. */
export class HsmHistory {
  readonly #hsm: Pick<Hsm, 'status'>;
  readonly #clock: Clock;
  readonly #minutes: HsmMinute[] = [];
  #silence: () => void = () => undefined;

  constructor(hsm: Pick<Hsm, 'status'>, clock: Clock) {
    this.#hsm = hsm;
    this.#clock = clock;
  }

  /** Looks at the HSM every minute from now on; `failed` hears of what nobody foresaw. Answers how to stop. */
  start(failed: (thrown: unknown) => void): () => void {
    const again = () => {
      this.#silence = this.#clock.timer(everyMs, () => {
        this.look().catch(failed);
        again();
      });
    };
    again();
    return () => this.#silence();
  }

  /** Notes how it is now. Asks the token nothing. */
  async look(): Promise<void> {
    const { state, latencyMs } = await this.#hsm.status();
    this.#minutes.push({ at: isoTime(this.#clock), state, ...latencyMs });
    if (this.#minutes.length > kept) this.#minutes.shift();
  }

  lastHour(): readonly HsmMinute[] {
    return [...this.#minutes];
  }
}
