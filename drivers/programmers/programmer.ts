/** What a program is started with. Nothing of it is secret: everybody on the machine can read it. */
export type ProgramJob = {
  /** Each is one element of the argument vector; no shell reads them. */
  readonly args: readonly string[];
  /** Beside what every program gets (environment.ts). */
  readonly env: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
  /** How percents are found in a line of its output (percent.ts). */
  readonly progress?: string;
};

/** What it printed, on both ways, in the order in which it came. */
export type Printed = {
  /** Bytes altogether. */
  readonly bytes: number;
  /** Head and tail in lines, printable, without what looks like a secret. */
  readonly text: string;
  /** The last line that complains; where none does, the last one that says something. */
  readonly said: string;
};

/** How a program ended: by itself, by a signal that was not ours, at its deadline, since it was stopped, never begun, or unwatched. */
export type Ending =
  | { readonly how: 'exit'; readonly code: number }
  | { readonly how: 'signal'; readonly signal: string }
  | { readonly how: 'late' }
  | { readonly how: 'stopped' }
  | { readonly how: 'not-started'; readonly reason: string }
  | { readonly how: 'lost' };

export type Ended = { readonly ending: Ending; readonly printed: Printed };

/** An external program that writes firmware into units. */
export interface Programmer {
  readonly path: string;
  /** SHA-256 of its file as it is now, in hex; none where there is no such file. Throws what the file system throws beside that. */
  hash(): Promise<string | undefined>;
  /** The SHA-256 that its file must have. */
  readonly pinned?: string;
  /**
   * Runs it to its end, and whatever it started to theirs. `told` gets percents, as its output says them. A signal that is aborted ends
   * it: `stopped`. Never rejects.
   */
  run(job: ProgramJob, told: (percent: number) => void, signal: AbortSignal): Promise<Ended>;
}
