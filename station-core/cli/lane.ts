import { actAs, open } from './folder.ts';
import { printJson } from './terminal.ts';

/** `birthmark lane release`: a lane that stopped since two units claim to be one goes on, once a lead has looked at them. */
export async function laneRelease(
  lane: number,
  { station, as, json }: { readonly station: string; readonly as?: string | undefined; readonly json: boolean },
): Promise<number> {
  const opened = await open(station, 'lane release');
  try {
    await opened.station.call('lane.release', { lane }, { actor: await actAs(opened, 'lead', as) });
    if (json) printJson({ schema: 1, lane });
    else process.stdout.write(`Lane ${lane} goes on\n`);
    return 0;
  } finally {
    await opened.close();
  }
}
