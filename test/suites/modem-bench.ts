// Cellular modules on a bench: a simulated one in a process of its own, behind a pty and serialport.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Link } from '../../drivers/link.ts';
import { createAtModem } from '../../drivers/protocols/at-modem.ts';
import { type ModemPatience, ordinaryModemPatience } from '../../drivers/protocols/at-modem-patience.ts';
import type { ModemAccess } from '../../drivers/protocols/protocol.ts';
import { openSerial } from '../../drivers/serial.ts';
import type { ModemFaults } from '../../drivers/simulated/modem/faults.ts';
import { openSocket } from '../../drivers/socket.ts';
import type { UnitBench } from './protocol.suite.ts';
import { openPty, type Pty } from './pty.ts';

const never = new AbortController().signal;
const program = join(import.meta.dirname, '../../drivers/simulated/modem/modem.main.ts');

/** For modules that answer at once: what is lost is asked for again soon. */
export const hurriedModemPatience: ModemPatience = {
  ...ordinaryModemPatience,
  call: 200,
  quiet: 30,
  answer: 1_000,
  work: 1_000,
};
export const hurriedModem = createAtModem(hurriedModemPatience);
export const impatientModem = createAtModem({ ...hurriedModemPatience, boot: 60, call: 20 });

export const modemImei = '490154203237518';
export const modemUuid = '504d5632-3739-42fb-80c8-1411df972166';
export const modemAccess: ModemAccess = { secTag: 16_842_753, serial: 'imei' };

export type ModemOptions = Partial<ModemFaults> & {
  /** +CFUN at power-on. */
  readonly mode?: number;
  readonly imei?: string;
};

export type ModemBench = UnitBench & {
  readonly memory: string;
  /** Powers it off and on again, with other faults from now on. */
  restart(options?: ModemOptions): Promise<void>;
  /** Resolves when it is gone. */
  gone(): Promise<void>;
};

/** Starts a module that was never used; it ends with `end`. */
export async function startModem(
  options: ModemOptions = {},
  { cable = 'pty' }: { cable?: 'pty' | 'socket' } = {},
): Promise<ModemBench> {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-modem-'));
  const [socket, memory] = [join(folder, 'socket'), join(folder, 'memory')];
  let module = await power(socket, memory, options);
  let pty: Pty | undefined;
  let link: Link | undefined;
  const cut = async () => {
    await pty?.cut();
    await link?.close();
    pty = undefined;
  };
  const restart = async (next: ModemOptions = {}) => {
    await cut();
    await kill(module);
    module = await power(socket, memory, next);
  };
  return {
    memory,
    restart,
    freshUnit: async () => {
      rmSync(memory, { force: true });
      await restart(options);
    },
    openLink: async () => {
      await cut();
      if (cable === 'socket') {
        link = await openSocket({ path: socket }, never);
        return link;
      }
      pty = await openPty(socket);
      link = await openSerial({ path: pty.path, baud: 115_200, signal: never });
      return link;
    },
    cutLink: cut,
    restartUnit: () => restart(),
    // A process that is stopped hears everything later, as a module does that was busy.
    silenceUnit: async (silent) => {
      module.kill(silent ? 'SIGSTOP' : 'SIGCONT');
    },
    gone: () => gone(module),
    end: async () => {
      await cut();
      await kill(module);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function power(socket: string, memory: string, { mode = 0, imei = modemImei, ...faults }: ModemOptions) {
  const words = ['--socket', socket, '--memory', memory, '--imei', imei, '--mode', String(mode)];
  const module = spawn(process.execPath, [program, ...words, '--faults', JSON.stringify(faults)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(module.stdout, 'data');
  return module;
}

async function gone(module: ChildProcess): Promise<void> {
  if (module.exitCode === null && module.signalCode === null) await once(module, 'exit');
}

async function kill(module: ChildProcess): Promise<void> {
  module.kill('SIGKILL');
  await gone(module);
}
