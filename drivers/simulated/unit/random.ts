/** Numbers from 0 up to 1, the same ones for the same seed, so that a fault can be played again. */
export type Random = () => number;

/** Mulberry32 (Tommy Ettinger): small and even enough for faults; nothing secret is ever made with it. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 up to, not including, `below`. */
export const whole = (random: Random, below: number): number => Math.floor(random() * below);
