import type { Ended, ProgramJob } from './programmer.ts';

/** A program that runs, and the folder that goes with it. */
export type Started = { readonly pid: number; readonly folder: string };

/** From the station to the process that keeps a programmer. */
export type ToKeeper =
  | {
      readonly type: 'run';
      readonly path: string;
      readonly job: ProgramJob;
      /** The folder in which the program gets its own. */
      readonly temporary: string;
    }
  | { readonly type: 'stop' };

/** From there to the station. */
export type FromKeeper =
  | ({ readonly type: 'started' } & Started)
  | { readonly type: 'percent'; readonly percent: number }
  | { readonly type: 'ended'; readonly ended: Ended };
