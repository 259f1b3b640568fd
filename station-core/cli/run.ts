import { sentence } from '../contract/errors.ts';
import type { Run } from '../contract/run.ts';
import { actAs, open } from './folder.ts';
import { note, printJson } from './terminal.ts';

export type RunOptions = {
  readonly lane: number;
  readonly serial: string;
  readonly order?: string | undefined;
  readonly as?: string | undefined;
  readonly json: boolean;
};

/** `birthmark run`: one unit on one lane, as a scan would. Answers 0 only when it passed. */
export async function runUnit(folder: string, { lane, serial, order, as, json }: RunOptions): Promise<number> {
  const opened = await open(folder, 'run');
  try {
    const { station } = opened;
    const actor = await actAs(opened, 'technician', as);
    const stop = station.onProgress((progress) => {
      if (progress.type === 'step') note(`${progress.step} …`);
      if (progress.type === 'percent') note(`${progress.step} ${progress.percent} %`);
    });
    const { run } = await station.call(
      'run.start',
      { lane, serial, ...(order === undefined ? {} : { order }) },
      { actor },
    );
    const abort = () => station.lanes.abort(run, actor.name);
    process.once('SIGINT', abort);
    await station.lanes.ended(lane);
    process.off('SIGINT', abort);
    stop();
    const shown = await station.call('run.show', { run }, { actor });
    if (json) printJson({ schema: 1, ...shown });
    else print(shown);
    return shown.outcome === 'passed' ? 0 : 1;
  } finally {
    await opened.close();
  }
}

function print(run: Run): void {
  process.stdout.write(`${run.serial}: ${run.outcome ?? 'no verdict could be written'} (run ${run.id})\n`);
  if (run.error) process.stdout.write(`${sentence(run.error)} [${run.error.code}]\n`);
}
