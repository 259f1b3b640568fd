// A software TPM 2.0 as a real part: swtpm as a process of its own, with a state that nobody else uses.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, type FSWatcher, rmSync, watch } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type SwtpmOptions = {
  /**
   * Has swtpm_setup make the endorsement keys and their certificates first, by a CA of this TPM's own (about a second):
   * RSA-2048 at 0x81010001 with its certificate in NV 0x01c00002, P-384 at 0x81010016 with its in 0x01c00016. Without,
   * the TPM is as empty as a new one, and comes at once.
   */
  readonly certificates?: boolean;
};

/** A running TPM. It serves one client at a time: the next one waits until the one before has disconnected. */
export type Swtpm = {
  /** 127.0.0.1 at this port takes raw TPM commands and gives raw responses. The control channel is at the port above. */
  readonly port: number;
  /** What `TPM2TOOLS_TCTI` is set to for tpm2-tools. */
  readonly tcti: string;
  /** A folder of the TPM's own, for files that tools read and write; it goes with `stop`. */
  readonly folder: string;
  /** With certificates, the PEM files of the CA that issued them: the root's and the intermediate's. Else none. */
  readonly issuerFiles: readonly string[];
  /** Where the TPM keeps its state between power cycles. */
  readonly stateFolder: string;
  /** Takes the power away and gives it back: what was not persistent is gone, ports stay the same. */
  powerCycle(): Promise<void>;
  /** Kills the TPM and deletes its folder. May be called again. */
  stop(): Promise<void>;
};

/** 20000 to 31999; Linux gives away 32768 and above (ip_local_port_range). */
const lowestPort = 20_000;
const portPairs = 6_000;

/** Starts a TPM that nobody else uses. The caller stops it; it also ends with this process, however that ends. */
export async function makeSwtpm({ certificates = false }: SwtpmOptions = {}): Promise<Swtpm> {
  const folder = await mkdtemp(join(tmpdir(), 'swtpm-'));
  try {
    const stateFolder = join(folder, 'state');
    await mkdir(stateFolder);
    const issuerFiles = certificates ? await manufacture(folder, stateFolder) : [];
    let { port, process: running } = await startSomewhere(stateFolder);
    return {
      port,
      tcti: `swtpm:host=127.0.0.1,port=${port}`,
      folder,
      issuerFiles,
      stateFolder,
      async powerCycle() {
        await kill(running);
        running = await start(stateFolder, port);
      },
      async stop() {
        await kill(running);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Runs tpm2-tools against a TPM: `tools(tpm)('tpm2_getcap', 'handles-persistent')` gives what the tool wrote to its
 * standard output. Names of files are relative to the TPM's folder. A failure is thrown with what the tool said.
 */
export function tools({ tcti, folder }: Pick<Swtpm, 'tcti' | 'folder'>) {
  return async (command: string, ...args: string[]): Promise<Buffer> => {
    const env = { ...process.env, TPM2TOOLS_TCTI: tcti, TSS2_LOG: 'all+ERROR' };
    try {
      return (await run(command, args, { cwd: folder, env, encoding: 'buffer', timeout: 60_000 })).stdout;
    } catch (cause) {
      const said = (cause as { stderr?: Buffer }).stderr?.toString().trim();
      throw new Error(`${command}: ${said || (cause as Error).message}`, { cause });
    }
  };
}

/** What a manufacturer does: endorsement keys, and certificates for them. All of it stays in the folder. */
async function manufacture(folder: string, stateFolder: string): Promise<string[]> {
  const ca = join(folder, 'ca');
  const temporary = join(folder, 'tmp');
  await Promise.all([ca, temporary].map((path) => mkdir(path)));
  const write = async (name: string, lines: string[]) => {
    await writeFile(join(folder, name), `${lines.join('\n')}\n`);
    return join(folder, name);
  };
  const issuer = join(ca, 'issuercert.pem');
  const localca = await write('swtpm-localca.conf', [
    `statedir = ${ca}`,
    `signingkey = ${join(ca, 'signkey.pem')}`,
    `issuercert = ${issuer}`,
    `certserial = ${join(ca, 'certserial')}`,
  ]);
  const setup = await write('swtpm_setup.conf', [
    `create_certs_tool = ${pathOf('swtpm_localca')}`,
    `create_certs_tool_config = ${localca}`,
    `create_certs_tool_options = ${await write('swtpm-localca.options', [])}`,
    'active_pcr_banks = sha256',
  ]);
  const args = ['--tpm2', '--tpmstate', stateFolder, '--create-ek-cert', '--config', setup];
  await run('swtpm_setup', args, { env: { ...process.env, TMPDIR: temporary }, timeout: 60_000 });
  return [join(ca, 'swtpm-localca-rootca-cert.pem'), issuer];
}

/** Configuration of swtpm_setup names programs by their whole path. */
function pathOf(program: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${program} is not installed: apt-get install swtpm swtpm-tools tpm2-tools`);
  return found;
}

const PID_FILE = 'swtpm.pid';
const PORT_TAKEN = 'Could not open TCP socket';
const ATTEMPTS = 20;

/** Starts on ports that were free a moment ago, and looks for others when they were taken meanwhile. */
async function startSomewhere(stateFolder: string): Promise<{ port: number; process: ChildProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePortPair();
    try {
      return { port, process: await start(stateFolder, port) };
    } catch (error) {
      if (attempt === ATTEMPTS || !(error as Error).message.includes(PORT_TAKEN)) throw error;
    }
  }
}

/**
 * Two free ports in a row: clients look for the control channel at the port above the TPM's own (swtpm(8), TCTIs). Below the ports
 * that the kernel gives away by itself, or a connection could have one of them while the TPM has no power.
 */
async function freePortPair(): Promise<number> {
  for (;;) {
    const port = lowestPort + 2 * randomInt(portPairs);
    const servers = [await listening(port), await listening(port + 1)];
    await Promise.all(servers.map(closed));
    if (servers.every((server) => server !== undefined)) return port;
  }
}

/** A server on this port; undefined when the port is taken. */
async function listening(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function closed(server: Server | undefined): Promise<void> {
  if (!server) return;
  const done = once(server, 'close');
  server.close();
  await done;
}

/**
 * Starts swtpm and waits until it says that both its ports are open: it writes its process ID only then. setpriv has the
 * kernel kill it when this process ends without having stopped it.
 */
async function start(stateFolder: string, port: number): Promise<ChildProcess> {
  const pidFile = join(stateFolder, PID_FILE);
  rmSync(pidFile, { force: true });
  const swtpm = ['swtpm', 'socket', '--tpm2', '--flags', 'not-need-init,startup-clear', '--pid', `file=${pidFile}`];
  const ports = ['--server', `type=tcp,port=${port}`, '--ctrl', `type=tcp,port=${port + 1}`];
  const args = ['--pdeathsig', 'KILL', '--', ...swtpm, ...ports, '--tpmstate', `dir=${stateFolder}`];
  const watcher = watch(stateFolder);
  try {
    const child = spawn('setpriv', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    await opened(child, watcher);
    return child;
  } finally {
    watcher.close();
  }
}

function opened(child: ChildProcess, watcher: FSWatcher): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    watcher.on('change', (_event, name) => name === PID_FILE && resolve());
    watcher.once('error', reject);
    child.once('error', reject);
    child.once('close', () => reject(new Error(`swtpm ended before it was ready: ${said.trim()}`)));
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
}
