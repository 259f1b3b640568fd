import { join } from 'node:path';
import { createLinuxConsole, type LinuxConsoleSession } from '../../drivers/protocols/linux-console.ts';
import { type ConsolePatience, ordinaryConsolePatience } from '../../drivers/protocols/linux-console-patience.ts';
import type { ConsoleAccess } from '../../drivers/protocols/protocol.ts';
import { type LinuxUnit, type LinuxUnitOptions, type ShellName, startLinuxUnit } from './linux-unit.ts';
import { makeSwtpm, type Swtpm } from './swtpm.ts';
import { loadedIn, toPort } from './tpm-tcp.ts';
import type { TpmBench } from './unit-tpm.suite.ts';

const never = new AbortController().signal;

/** For units that answer at once. A whole boot still has its time, since a test machine may be busy. */
export const hurriedPatience: ConsolePatience = { ...ordinaryConsolePatience, quiet: 60, wake: 300, answer: 1_000 };
/** For rough lines, where every damage costs a wait. */
export const roughConsole = createLinuxConsole({ ...hurriedPatience, quiet: 40, answer: 400 });
export const hurriedConsole = createLinuxConsole(hurriedPatience);

export const account = { login: 'root', password: 'correct horse: battery' } as const;

/** How a recipe reaches a unit of the bench. */
export function accessTo(unit: LinuxUnit, more: Partial<ConsoleAccess> = {}): ConsoleAccess {
  const serialFile = join(unit.folder, 'serial');
  return { login: account.login, password: Buffer.from(account.password), serialFile, files: [], ...more };
}

/** A unit with an account, its cable, and a conversation with it; all of it ends with `end`. */
export type Conversation = {
  readonly unit: LinuxUnit;
  readonly session: LinuxConsoleSession;
  end(): Promise<void>;
};

/** Starts a unit and logs in. */
export async function converse(
  options: LinuxUnitOptions,
  more: Partial<ConsoleAccess> = {},
  protocol = hurriedConsole,
): Promise<Conversation> {
  const unit = await startLinuxUnit({ account, ...options });
  try {
    const console = accessTo(unit, more);
    const session = await protocol.open(await unit.plug(), never, { console });
    return { unit, session, end: () => unit.end() };
  } catch (error) {
    await unit.end();
    throw error;
  }
}

/** The way to a TPM through a unit's console, for the contract of every way. */
export async function consoleTpmBench(
  shell: ShellName,
  { certificates = false, without = [] }: { certificates?: boolean; without?: readonly string[] } = {},
): Promise<TpmBench & { readonly tpm: Swtpm }> {
  const tpm = await makeSwtpm({ certificates });
  const { session, end } = await converse({ shell, tcti: tpm.tcti, without });
  return {
    tpm,
    hasCertificate: certificates,
    open: () => session.tpm(never),
    loaded: async () => loadedIn(await toPort(tpm.port)),
    end: async () => {
      await end();
      await tpm.stop();
    },
  };
}
