import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdFolder } from '../../station-core/store/lock.ts';
import type { Bench } from './bench.ts';

/** How fast a second owner of a folder is refused. */
export const lock: Bench = {
  about: 'how fast a second owner of a folder is refused (goal: within 1 s)',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'birthmark-bench-'));
    const hold = holdFolder(folder, 'bench');
    const times: number[] = [];
    for (let time = 0; time < 200; time++) {
      const began = performance.now();
      try {
        holdFolder(folder, 'second');
        throw new TypeError('a second owner was let in');
      } catch (thrown) {
        if (thrown instanceof TypeError) throw thrown;
        times.push(performance.now() - began);
      }
    }
    hold.release();
    rmSync(folder, { recursive: true, force: true });
    times.sort((a, b) => a - b);
    return { refusedMsP50: round(times[100]), refusedMsMax: round(times.at(-1)) };
  },
};

const round = (value = 0) => Math.round(value * 100) / 100;
