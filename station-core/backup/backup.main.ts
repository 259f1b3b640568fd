// The process that makes a backup for a screen: it copies and checks beside the station, so that lanes feel nothing, and ends with
// it. It is forked by backup-handlers.ts.
import { asStationError, StationError } from '../contract/errors.ts';
import { makeBackup } from './make.ts';
import type { FromBackup, ToBackup } from './making.ts';

process.once('message', (asked: ToBackup) => {
  void make(asked)
    .then(tell)
    .then(() => process.exit()); // `make` never rejects
});
process.once('disconnect', () => process.exit(1));

async function make({ folder, out, days, software }: ToBackup): Promise<FromBackup> {
  try {
    const progress = (what: string, done: number, total: number) => void tell({ progress: { what, done, total } });
    return { manifest: await makeBackup({ folder, out, days, software, now: Date.now, progress }) };
  } catch (thrown) {
    const kind = thrown instanceof Error ? thrown.name : typeof thrown;
    const error = thrown instanceof StationError ? thrown : asStationError(thrown, () => `backup: ${kind}`);
    return { problem: error.toData() };
  }
}

function tell(message: FromBackup): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(message, undefined, undefined, () => resolve());
    else resolve();
  });
}
