import { StationError } from '../../station-core/contract/errors.ts';
import type { LightSetting, LightState } from '../../station-core/contract/lights.ts';
import type { Light } from './light.ts';

type HttpSetting = Extract<LightSetting, { kind: 'http' }>;

/** Nobody says that such a device lost its power: it is told again, and shows the state after 10 s at most. */
const againMs = 10_000;

/** A light that has a URL for each state. Anything but an answer of 2xx is a failure; redirections are not followed. */
export class HttpLight implements Light {
  readonly againMs = againMs;
  readonly #light: number;
  readonly #setting: HttpSetting;

  constructor(light: number, setting: HttpSetting) {
    this.#light = light;
    this.#setting = setting;
  }

  async show(state: LightState, signal: AbortSignal): Promise<void> {
    const { timeoutMs, states } = this.#setting;
    const { method, url } = states[state];
    const ended = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    let status: number;
    try {
      const answer = await fetch(url, { method, redirect: 'manual', signal: ended });
      status = answer.status;
      await answer.body?.cancel();
    } catch (cause) {
      signal.throwIfAborted();
      throw this.#unreachable(reasonOf(cause), cause);
    }
    if (status < 200 || status > 299) throw this.#unreachable(`status ${status}`);
  }

  onLost(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {
    // Every request ended by itself.
  }

  #unreachable(reason: string, cause?: unknown): StationError {
    return new StationError('light.unreachable', { light: this.#light, reason }, { cause });
  }
}

/** fetch says why in the cause of its error: ECONNREFUSED and its like. Never the URL. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'no answer';
  if (thrown.name === 'TimeoutError') return 'no answer in time';
  const { cause } = thrown;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no answer';
}
