/** Mulberry32: small, and the same everywhere. Numbers from 0 up to the limit. */
export function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** One to four changes of bytes: a bit, a telling byte, a piece cut out, doubled or filled. */
export function mutate(bytes: Buffer, roll: (limit: number) => number, telling: readonly number[]): Buffer {
  let changed = Buffer.from(bytes);
  for (let count = 1 + roll(4); count > 0 && changed.length > 0; count -= 1) {
    const at = roll(changed.length);
    const to = Math.min(changed.length, at + 1 + roll(16));
    const [before, piece, behind] = [changed.subarray(0, at), changed.subarray(at, to), changed.subarray(to)];
    const told = telling[roll(telling.length)] ?? 0;
    const ways = [
      () => Buffer.concat([before, Buffer.of((changed[at] ?? 0) ^ (1 << roll(8))), changed.subarray(at + 1)]),
      () => Buffer.concat([before, Buffer.of(told), changed.subarray(at + 1)]),
      () => Buffer.concat([before, behind]),
      () => Buffer.concat([before, piece, piece, behind]),
      () => Buffer.concat([before, Buffer.alloc(piece.length, told), behind]),
    ];
    changed = ways[roll(ways.length)]?.() ?? changed;
  }
  return changed;
}
