/** How long the station waits for a module, in milliseconds. Every wait has its end here; no wait is a fixed pause for a line. */
export type ModemPatience = {
  /** Until it answers at all: it may be in the middle of its boot. */
  readonly boot: number;
  /** Without an answer for this long, a module that is being called is called again. */
  readonly call: number;
  /** Without a byte for this long, what came late or unasked is over. */
  readonly quiet: number;
  /** Until a command has its final result code. */
  readonly answer: number;
  /** The same of commands that the module works for: a key is made, the radio is let go of, memory is written. */
  readonly work: number;
  /** Until it is set back to how it was found; nobody waits longer for that. */
  readonly leave: number;
};

export const ordinaryModemPatience: ModemPatience = {
  boot: 60_000,
  call: 1_000,
  quiet: 100,
  answer: 5_000,
  work: 60_000,
  leave: 10_000,
};
