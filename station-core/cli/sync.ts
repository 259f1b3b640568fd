import { sentence } from '../contract/errors.ts';
import type { Backlog } from '../contract/record.ts';
import type { OpenStation } from '../open-station.ts';
import { actAs, open } from './folder.ts';
import { Progress, printJson } from './terminal.ts';

/** `birthmark sync run`: sends what is due now. Answers 0 when nothing is left waiting or parked. */
export async function syncRun(folder: string, options: { json: boolean; as?: string | undefined }): Promise<number> {
  const opened = await open(folder, 'sync run');
  try {
    const actor = await actAs(opened, 'lead', options.as);
    const backlog = await withBar(opened, () => opened.station.call('sync.run', {}, { actor }));
    const parked = await opened.station.call('sync.parked', {}, { actor });
    const { sync } = await opened.station.call('station.view', {}, { actor });
    if (options.json) printJson({ schema: 1, ...backlog, sync, rows: parked });
    else {
      process.stdout.write(`${backlog.done} sent, ${backlog.queued} waiting, ${backlog.parked} parked\n`);
      if (sync.error) process.stdout.write(`${sentence(sync.error)}\n`);
      for (const row of parked) process.stdout.write(`parked ${row.registrationId}: ${sentence(row.reason)}\n`);
    }
    return backlog.queued + backlog.leased + backlog.parked === 0 ? 0 : 1;
  } finally {
    await opened.close();
  }
}

/** Shows on a terminal how much is left, while it is sent. */
async function withBar({ station }: OpenStation, act: () => Promise<Backlog>): Promise<Backlog> {
  const { queued, leased } = station.records.outbox.backlog();
  const bar = new Progress('upload', queued + leased);
  let left = queued + leased;
  const silence = station.onProgress((progress) => {
    if (progress.type !== 'sync' || progress.sync.left === undefined) return;
    bar.advance(Math.max(0, left - progress.sync.left));
    left = progress.sync.left;
  });
  try {
    return await act();
  } finally {
    silence();
    bar.end();
  }
}
