/** The seed of a test that throws dice: printed, and taken from BIRTHMARK_SEED to play a run again. */
export function testSeed(name: string): number {
  const given = process.env.BIRTHMARK_SEED;
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given);
  if (!Number.isSafeInteger(seed) || seed < 0 || seed >= 2 ** 32) throw new RangeError(`BIRTHMARK_SEED=${given}`);
  process.stdout.write(`${name}: BIRTHMARK_SEED=${seed}\n`);
  return seed;
}

/** Whether the full counts were asked for (`npm run test:long`). */
export const long: boolean = Boolean(process.env.BIRTHMARK_LONG);
