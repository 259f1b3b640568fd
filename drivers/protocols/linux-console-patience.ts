/** How long the station waits for a console, in milliseconds. Every wait has its end here; no wait is a fixed pause. */
export type ConsolePatience = {
  /** Without a byte for this long, what the console shows counts as all that it shows. */
  readonly quiet: number;
  /** Without a byte for this long, a line feed wakes the console. A boot loader's countdown shows more often than that. */
  readonly wake: number;
  /** Until a shell prompt, from whatever is there: a unit that still boots, then its login. */
  readonly boot: number;
  /** Without an answer for this long, a running shell is asked what became of the last command. */
  readonly answer: number;
  /** Until a command of a shell's own has ended. */
  readonly command: number;
  /** Until a tool has ended that asks the TPM: discrete ones search for an RSA key for a minute. */
  readonly tool: number;
  /** Until what was begun on the unit is tidied up, and until the shell was left; nobody waits longer for that. */
  readonly leave: number;
};

export const ordinaryConsolePatience: ConsolePatience = {
  quiet: 400,
  wake: 3_000,
  boot: 180_000,
  answer: 3_000,
  command: 60_000,
  tool: 180_000,
  leave: 10_000,
};
