import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A SoftHSM token in a folder of its own. */
export type SoftHsmToken = {
  readonly module: string;
  readonly tokenLabel: string;
  /** The user PIN in a new Buffer each time, since an HSM zeroes the one that it is given. */
  readonly pin: () => Buffer;
  /** What the module's process needs in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly dispose: () => Promise<void>;
};

/** Where distributions and Homebrew put the module; none when SoftHSM is not installed. */
export const softHsmModule: string | undefined = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
].find((path) => existsSync(path));

/** Makes a token that nobody else uses, with the user PIN that `pin()` gives. */
export async function makeSoftHsm(tokenLabel = 'birthmark-test'): Promise<SoftHsmToken> {
  if (softHsmModule === undefined) throw new Error('SoftHSM is not installed: apt-get install softhsm2');
  const folder = await mkdtemp(join(tmpdir(), 'softhsm-'));
  await mkdir(join(folder, 'tokens'));
  const conf = join(folder, 'softhsm2.conf');
  const lines = [`directories.tokendir = ${join(folder, 'tokens')}`, 'objectstore.backend = file', 'log.level = ERROR'];
  await writeFile(conf, `${lines.join('\n')}\n`);
  const environment = { SOFTHSM2_CONF: conf };
  const pin = '739154';
  await run('softhsm2-util', ['--init-token', '--free', '--label', tokenLabel, '--pin', pin, '--so-pin', '80246135'], {
    env: { ...process.env, ...environment },
  });
  return {
    module: softHsmModule,
    tokenLabel,
    pin: () => Buffer.from(pin),
    environment,
    folder,
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
