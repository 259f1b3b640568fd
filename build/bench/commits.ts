import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../station-core/store/open.ts';
import { openRecords } from '../../station-core/store/records.ts';
import type { Bench } from './bench.ts';

const writes = 4_000;

/** Durable commits a second, alone and when 8 and 32 lanes write in the same turn. */
export const commits: Bench = {
  about: 'durable commits, alone and shared by 8 and 32 lanes',
  async run() {
    const figures: Record<string, number> = {};
    for (const lanes of [1, 8, 32]) {
      const folder = mkdtempSync(join(tmpdir(), 'birthmark-bench-'));
      const db = openStore(folder, 'owner');
      const records = openRecords(db);
      const backlog = { queued: 0, leased: 0, parked: 0, done: 0 };
      const write = () =>
        records.commits.commit(() => records.journal.append(null, { type: 'backlog', at: 'now', backlog }));
      const began = performance.now();
      for (let done = 0; done < writes; done += lanes) await Promise.all(Array.from({ length: lanes }, write));
      const seconds = (performance.now() - began) / 1_000;
      figures[`writesPerSecond${lanes}Lanes`] = Math.round(writes / seconds);
      figures[`fsyncs${lanes}Lanes`] = records.commits.count;
      db.close();
      rmSync(folder, { recursive: true, force: true });
    }
    return figures;
  },
};
