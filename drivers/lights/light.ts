import type { LightState } from '../../station-core/contract/lights.ts';

/** A stack light, or a relay that switches one. It is told states, never events: what it showed before does not matter. */
export interface Light {
  /** Shows a state, in place of the one before. Throws `light.unreachable`, or the signal's reason. */
  show(state: LightState, signal: AbortSignal): Promise<void>;
  /** Calls back when what it was told last may be lost: its cable was pulled. Answers how to stop. */
  onLost(listener: () => void): () => void;
  /** After so many milliseconds it is told again; left out where a loss is noticed. */
  readonly againMs?: number;
  /** Lets go of it; safe to call twice. */
  close(): Promise<void>;
}
