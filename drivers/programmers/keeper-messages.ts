import type { Ended, ProgramJob } from './programmer.ts';

/** From the station to the process that keeps a programmer. */
export type ToKeeper =
  | { readonly type: 'run'; readonly path: string; readonly job: ProgramJob }
  | { readonly type: 'stop' };

/** From there to the station. */
export type FromKeeper =
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'percent'; readonly percent: number }
  | { readonly type: 'ended'; readonly ended: Ended };
