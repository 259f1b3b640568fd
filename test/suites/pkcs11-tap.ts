// Loaded into the module's process before anything else (NODE_OPTIONS=--import): it writes down every PKCS#11 call, and makes
// one go wrong when it is told to. What it is told lies in the folder that PKCS11_TAP names.
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Pkcs11Js from 'pkcs11js';
import type { Fault } from './pkcs11-faults.ts';

const folder = process.env.PKCS11_TAP;
if (folder === undefined) throw new Error('PKCS11_TAP names no folder');
const pkcs11js = createRequire(import.meta.url)('pkcs11js') as { PKCS11: typeof Pkcs11Js.PKCS11 };
type Call = (...args: unknown[]) => unknown;

pkcs11js.PKCS11 = class extends pkcs11js.PKCS11 {
  constructor(path?: string) {
    super(path);
    const calls = this as unknown as Record<string, Call>;
    for (const name of Object.keys(this).filter((key) => key.startsWith('C_'))) {
      const real = calls[name];
      if (real) calls[name] = (...args) => tapped(this, name, () => real.apply(this, args));
    }
  }
};

function tapped(module: Pkcs11Js.PKCS11, name: string, real: () => unknown): unknown {
  appendFileSync(join(folder ?? '', 'calls'), `${name}\n`);
  const fault = takeFault(name);
  if (fault?.closeSessions) for (const slot of module.C_GetSlotList(true)) module.C_CloseAllSessions(slot);
  if (fault?.hang) for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  if (fault?.waitMs) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, fault.waitMs);
  if (fault?.crash) process.kill(process.pid, 'SIGKILL');
  if (fault?.code === undefined) return real();
  if (fault.after) return loseAnswer(real(), fault.code);
  const error = Object.assign(new Error('CKR_TAPPED'), { code: fault.code });
  if (name.endsWith('Async')) return Promise.reject(error);
  throw error;
}

/** The work is done, and nobody is told. */
function loseAnswer(answer: unknown, code: number): unknown {
  const error = Object.assign(new Error('CKR_TAPPED'), { code });
  if (!(answer instanceof Promise)) throw error;
  return answer.then(() => Promise.reject(error));
}

function takeFault(name: string): Fault | undefined {
  const path = join(folder ?? '', 'fault');
  if (!existsSync(path)) return undefined;
  const [fault, ...later] = JSON.parse(readFileSync(path, 'utf8')) as Fault[];
  // Whether a signature is waited for or made in a thread depends on the token's pace: a fault of C_Sign meets both.
  if (fault === undefined || (fault.call !== name && `${fault.call}Async` !== name)) return undefined;
  if (fault.always) return fault;
  if (later.length === 0) rmSync(path);
  else writeFileSync(path, JSON.stringify(later));
  return fault;
}
