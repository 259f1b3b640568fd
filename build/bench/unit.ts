import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { practiceBatch } from '../../station-core/cli/practice.ts';
import { openStation } from '../../station-core/open-station.ts';
import { prepareFolder } from '../../station-core/practice.ts';
import type { Bench } from './bench.ts';

const units = 400;
const lanes = 8;

/** A batch on the practice line: takt, the station's own time, and transactions a unit. */
export const unit: Bench = {
  about: `${units} units of a group on ${lanes} lanes of the practice line`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'birthmark-bench-'));
    prepareFolder(folder, lanes);
    const opened = await openStation(folder, {}, 'bench');
    try {
      const before = opened.station.records.commits.count;
      const began = performance.now();
      const result = await practiceBatch(opened.station, { units, lanes, recipe: 'symmetric-group' });
      const seconds = (performance.now() - began) / 1_000;
      if (result.passed !== units) throw new TypeError(`${result.failed} of ${units} units did not pass`);
      const { ownTimeMs, taktMs } = result;
      return {
        unitsPerSecond: Math.round(units / seconds),
        ownTimeMsP50: ownTimeMs.p50,
        ownTimeMsP99: ownTimeMs.p99,
        taktMsP50: taktMs.p50,
        taktMsP99: taktMs.p99,
        transactionsPerUnit: Math.round(((opened.station.records.commits.count - before) / units) * 100) / 100,
      };
    } finally {
      await opened.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
