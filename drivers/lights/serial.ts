import { asStationError, StationError } from '../../station-core/contract/errors.ts';
import type { LightSetting, LightState } from '../../station-core/contract/lights.ts';
import type { Link } from '../link.ts';
import { openSerial } from '../serial.ts';
import type { Light } from './light.ts';

type SerialSetting = Extract<LightSetting, { kind: 'serial' }>;

/** A relay board at a serial port, which is opened once for all lights that hang on it. */
export class Board {
  readonly #place: { readonly path: string; readonly baud: number };
  readonly #lost = new Set<() => void>();
  #opening: Promise<Link> | undefined;
  #link: Link | undefined;

  constructor(place: { readonly path: string; readonly baud: number }) {
    this.#place = place;
  }

  /** Writes bytes as they are, each light's in one piece. Throws `link.missing`, `link.refused`, `link.lost`, or the signal's reason. */
  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const link = await this.#open(signal);
    await link.write(bytes, signal);
  }

  onLost(listener: () => void): () => void {
    this.#lost.add(listener);
    return () => this.#lost.delete(listener);
  }

  async close(): Promise<void> {
    this.#lost.clear();
    await this.#opening?.catch(() => undefined); // who opened it was told
    await this.#link?.close();
  }

  /** The open link, or a new one; lights that ask at the same time wait for the same. */
  async #open(signal: AbortSignal): Promise<Link> {
    if (this.#link && !this.#link.lost.aborted) return this.#link;
    this.#opening ??= openSerial({ ...this.#place, signal }).finally(() => {
      this.#opening = undefined;
    });
    const link = await this.#opening;
    if (this.#link !== link) {
      this.#link = link;
      link.lost.addEventListener('abort', () => this.#tellLost(), { once: true });
    }
    return link;
  }

  #tellLost(): void {
    for (const listener of this.#lost) listener();
  }
}

/** A light that is switched by bytes to a board. What the board answers is not read: there is no common language. */
export class SerialLight implements Light {
  readonly #light: number;
  readonly #states: SerialSetting['states'];
  readonly #board: Board;

  constructor(light: number, { states }: Pick<SerialSetting, 'states'>, board: Board) {
    this.#light = light;
    this.#states = states;
    this.#board = board;
  }

  async show(state: LightState, signal: AbortSignal): Promise<void> {
    try {
      await this.#board.write(Buffer.from(this.#states[state], 'hex'), signal);
    } catch (cause) {
      signal.throwIfAborted();
      const { code, details } = asStationError(cause, () => 'light');
      const reason = code === 'link.refused' ? String(details.reason ?? '?') : 'it is not plugged in';
      throw new StationError('light.unreachable', { light: this.#light, reason }, { cause });
    }
  }

  onLost(listener: () => void): () => void {
    return this.#board.onLost(listener);
  }

  close(): Promise<void> {
    return this.#board.close();
  }
}
