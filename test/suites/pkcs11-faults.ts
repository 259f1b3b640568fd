import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What goes wrong at the next call of this name: a return value, all sessions closed before it, or no answer at all. */
export type Fault = {
  readonly call: string;
  readonly code?: number;
  readonly closeSessions?: boolean;
  readonly hang?: boolean;
  /** It takes so much longer. */
  readonly waitMs?: number;
  /** The process ends, as when the module crashes. */
  readonly crash?: boolean;
  /** The function does its work first, and only its answer is lost. */
  readonly after?: boolean;
  /** At every call of this name, not only the next. */
  readonly always?: boolean;
};

/** Steers pkcs11-tap.ts in the process of a PKCS#11 module. */
export function tapIn(folder: string) {
  const calls = join(folder, 'calls');
  const fault = join(folder, 'fault');
  return {
    /** Variables for the module's process. */
    environment: {
      PKCS11_TAP: folder,
      NODE_OPTIONS: `--import=${new URL('./pkcs11-tap.ts', import.meta.url).href}`,
    },
    /** How often this PKCS#11 function was called so far, in all processes. */
    count: (name: string): number =>
      existsSync(calls)
        ? readFileSync(calls, 'utf8')
            .split('\n')
            .filter((line) => line === name).length
        : 0,
    /** The names of all functions that were called since, in their order, and forgets them. */
    takeCalls: (): string[] => {
      const lines = existsSync(calls) ? readFileSync(calls, 'utf8').split('\n').filter(Boolean) : [];
      rmSync(calls, { force: true });
      return lines;
    },
    /** What goes wrong from now on; several faults one after the other. */
    break: (...what: Fault[]): void => writeFileSync(fault, JSON.stringify(what)),
    mend: (): void => rmSync(fault, { force: true }),
  };
}
