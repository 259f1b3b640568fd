/** A seed for a random test: BIRTHMARK_SEED when it is given, else a new one. Print it, so that a failure can be repeated. */
export function seed(): number {
  const given = Number(process.env.BIRTHMARK_SEED);
  return Number.isInteger(given) && given > 0 ? given : 1 + Math.floor(Math.random() * 0x7fff_fffe);
}

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
export function seeded(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Whether the long counts are asked for (`npm run test:long`). */
export const long = process.env.BIRTHMARK_LONG !== undefined;
