import type { Result } from '../contract/api.ts';
import { type ErrorData, sentence } from '../contract/errors.ts';
import type { LaneView } from '../contract/record.ts';
import type { CaOptions } from './ca-people.ts';
import { byEither } from './either.ts';
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

type Board = Result<'station.view'>;
type LaneState = 'ready' | 'unplugged' | 'armed' | 'working' | 'stopped' | 'fault';

/** `birthmark lane list`: 0 when every lane takes units or makes one, 1 when one is stopped or cannot say how its last run ended. */
export function laneList(options: CaOptions): Promise<number> {
  return byEither(options, 'lane list', async (call) => {
    const board = await call({ first: 'technician' }, 'station.view', {});
    const { lanes } = board;
    if (options.json) printJson({ schema: 1, lanes: lanes.map((lane) => toJson(board, lane)) });
    else process.stdout.write(lanes.map((lane) => `${lineOf(board, lane).join('\t').trimEnd()}\n`).join(''));
    return lanes.some(({ fault }) => fault) ? 1 : 0;
  });
}

/** What a lane is at, whatever became of its last unit: that is in `run`. */
function stateOf({ audit }: Board, { fault, armed, run, attached, start }: LaneView): LaneState {
  if (run && !run.outcome) return 'working';
  if (fault) return audit.stopped || fault.code === 'lane.stopped' ? 'stopped' : 'fault';
  if (armed) return 'armed';
  // A fixture that starts by plugging in has nothing plugged in between two units.
  return attached || start === 'attach' ? 'ready' : 'unplugged';
}

function toJson(board: Board, view: LaneView) {
  const { lane, port, simulated, attached, start, armed, waits, run, fault } = view;
  return {
    lane,
    port,
    simulated,
    attached,
    ...(start ? { start } : {}),
    state: stateOf(board, view),
    ...(armed ? { armed } : {}),
    ...(waits ? { waits } : {}),
    ...(run ? { run: { id: run.id, serial: run.serial, ...(run.outcome ? { outcome: run.outcome } : {}) } } : {}),
    ...(fault ? { fault: { ...fault, says: sentence(fault) } } : {}),
  };
}

/** Lane, port, state, and what there is to say of that. */
function lineOf(board: Board, view: LaneView): readonly string[] {
  return [String(view.lane), view.port, stateOf(board, view), saysOf(view)];
}

function saysOf({ fault, armed, waits, run }: LaneView): string {
  const told = (error: ErrorData): string => `${sentence(error)} [${error.code}]`;
  if (fault) return told(fault);
  if (armed) return `${armed.serial}, waits for its unit to be plugged in until ${armed.until}`;
  if (waits) return `${run?.serial ?? ''}, waits for the ${waitsFor[waits.on]}, ${waits.before} before it`;
  return run ? `${run.serial}${run.outcome ? `: ${run.outcome}` : ''} (run ${run.id})` : '';
}

const waitsFor = { hsm: 'HSM' } as const;
