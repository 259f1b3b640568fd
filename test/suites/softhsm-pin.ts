import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { SoftHsmToken } from './softhsm.ts';

const run = promisify(execFile);

/** Gives the token another user PIN behind the station's back, as its owner might with the maker's tool. */
export async function changePin(token: SoftHsmToken, from: string, to: string): Promise<void> {
  const { module, tokenLabel, environment } = token;
  const which = ['--module', module, '--token-label', tokenLabel];
  await run('pkcs11-tool', [...which, '--login', '--pin', from, '--change-pin', '--new-pin', to], {
    env: { ...process.env, ...environment },
  });
}

/** Makes a key that can be taken out of the token, as somebody might who does not know the rules. */
export async function addExtractableKey(token: SoftHsmToken, pin: string, label: string): Promise<void> {
  const { module, tokenLabel, environment } = token;
  const which = ['--module', module, '--token-label', tokenLabel, '--login', '--pin', pin];
  await run(
    'pkcs11-tool',
    [...which, '--keygen', '--key-type', 'AES:32', '--label', label, '--id', 'aa', '--extractable'],
    {
      env: { ...process.env, ...environment },
    },
  );
}

/** Kills every process that holds the token's module. */
export const killModule = (token: SoftHsmToken): void => signalModule(token, 'SIGKILL');

/** Every process that holds the token's module is killed, held or let go on: its tokens are where no other process looks. */
export function signalModule(
  { environment: { SOFTHSM2_CONF: conf = '' } }: SoftHsmToken,
  signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT',
): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (readOf(pid, 'cmdline').includes('pkcs11.main') && readOf(pid, 'environ').includes(conf)) {
      process.kill(Number(pid), signal);
    }
  }
}

function readOf(pid: string, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended meanwhile, or is somebody else's
  }
}
