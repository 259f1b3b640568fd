import type { TokenName } from './pkcs11-calls.ts';

export type Deadlines = {
  /** Any operation of the token. */
  readonly operationMs: number;
  /** Starting the process, loading the module, logging in. */
  readonly startMs: number;
  /** Making a key pair: RSA takes its time. */
  readonly generateMs: number;
  /** An idle token is asked for something so often, so that its sessions do not idle out (YubiHSM: 30 s). */
  readonly keepAliveMs: number;
  /** While the HSM is down, it is tried again so often at first, then ever less often (backoff.ts). */
  readonly probeMs: number;
};

export type Pkcs11Options = TokenName & {
  /** The module's file. */
  readonly module: string;
  /** The user PIN. Without one the HSM opens locked. It belongs to the HSM from here on, which zeroes it. */
  readonly pin?: Buffer;
  /** Variables for the module's process, over those of the station: vendors find their configuration by them. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly deadlines?: Partial<Deadlines>;
};

/** What is used unless told otherwise. */
export const defaultDeadlines: Deadlines = {
  operationMs: 10_000,
  startMs: 30_000,
  generateMs: 180_000,
  keepAliveMs: 15_000,
  probeMs: 1000,
};
