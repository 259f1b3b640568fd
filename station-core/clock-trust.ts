import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { ClockTrust } from './audit/log.ts';
import type { Clock } from './clock.ts';

// Whether the operating system says that its clock is right. It is asked at the start and every few minutes, in a process of its own;
// entries take the last answer and wait for none.

const askEveryMs = 5 * 60_000;

/** A service that does not answer by then says nothing. */
const deadlineMs = 2_000;

/** systemd-timesyncd makes it at the first synchronisation since the machine started (systemd-timesyncd.service(8)). */
const synchronisedFile = '/run/systemd/timesync/synchronized';

/** Asks now, and again until `stop`. */
export async function askForTrust(
  clock: Clock,
): Promise<{ readonly trust: () => ClockTrust; readonly stop: () => void }> {
  let answer = await askTheSystem();
  let silence: () => void = () => undefined;
  const again = () => {
    silence = clock.timer(askEveryMs, () => {
      askTheSystem().then((trust) => {
        answer = trust;
      }, silence);
      again();
    });
  };
  again();
  return { trust: () => answer, stop: () => silence() };
}

/** What the operating system says of its clock right now. */
export async function askTheSystem(): Promise<ClockTrust> {
  if (process.platform === 'linux') {
    // The kernel's own state, whoever keeps the time: timesyncd, chrony, ntpd (timedatectl(1), NTPSynchronized).
    const said = readTimedatectl(await output('timedatectl', ['show', '--property=NTPSynchronized', '--value']));
    return said === 'unknown' && existsSync(synchronisedFile) ? 'synchronised' : said;
  }
  if (process.platform === 'win32') return readW32tm(await output('w32tm', ['/query', '/status']));
  return 'unknown';
}

export function readTimedatectl(text: string | undefined): ClockTrust {
  const said = text?.trim();
  return said === 'yes' ? 'synchronised' : said === 'no' ? 'unsynchronised' : 'unknown';
}

/** Its first line is the leap indicator, whose number is the same in every language: 3 says not synchronised (RFC 5905, 7.3). */
export function readW32tm(text: string | undefined): ClockTrust {
  const leap = /^[^\r\n]*:\s*([0-3])\s*\(/.exec(text?.trimStart() ?? '')?.[1];
  return leap === undefined ? 'unknown' : leap === '3' ? 'unsynchronised' : 'synchronised';
}

/** What a program says, or nothing: it is not there, it failed, or it did not end in time. */
export function output(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: deadlineMs, windowsHide: true }, (error, stdout) => {
      resolve(error ? undefined : stdout);
    });
  });
}
