const firstMs = 250;
const mostMs = 30_000;

/**
 * How long to wait before the module's process is started again, in milliseconds: the first time not at all, then 250 ms, and
 * twice as long each time up to 30 s. `starts` counts the starts since a call last worked, so a module that crashes at once is
 * started at most twice a minute in the long run.
 */
export function waitAfter(starts: number): number {
  return starts <= 1 ? 0 : Math.min(mostMs, firstMs * 2 ** Math.min(starts - 2, 16));
}
