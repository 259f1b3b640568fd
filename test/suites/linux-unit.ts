// A Linux unit on a bench: a real shell on a real terminal behind a serial cable, with a login as getty and login give one, and
// a kernel that writes into whatever the shell prints.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, symlinkSync, watch, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Link } from '../../drivers/link.ts';
import { openSerial } from '../../drivers/serial.ts';
import { Pace } from './pace.ts';
import { openPty, type Pty } from './pty.ts';

export type ShellName = 'bash' | 'dash' | 'busybox';

export type LinuxUnitOptions = {
  readonly shell: ShellName;
  /** Who may log in; without, a shell is there at once, as on a unit whose console asks nobody. */
  readonly account?: { readonly login: string; readonly password?: string };
  /** Where the unit's tools find its TPM. */
  readonly tcti?: string;
  /** Tools that the unit's image lacks. */
  readonly without?: readonly string[];
  /** What the unit prints before its login, and whether it waits then until `finishBoot`. */
  readonly boot?: { readonly lines: readonly string[]; readonly held: boolean };
  /** The prompt of its shell. */
  readonly prompt?: string;
  /** Whether the login shows the password as it is typed, which no login should. */
  readonly echoesPassword?: boolean;
  /** Speed that the port is opened with. */
  readonly baud?: number;
  /** What happens to bytes between the unit's terminal and the cable, and to those that the station types. */
  readonly onWay?: (bytes: Buffer) => readonly Buffer[];
  readonly onWayIn?: (bytes: Buffer) => readonly Buffer[];
  /** Every byte takes this many milliseconds, in both directions. */
  readonly msPerByte?: number;
};

export type LinuxUnit = {
  /** Its file system's part that tests use: home, and files that say who it is. */
  readonly folder: string;
  /** Plugs a cable in; the one before was pulled. */
  plug(): Promise<Link>;
  /** Pulls it. */
  cut(): Promise<void>;
  /** Lets a boot go on that is held. */
  finishBoot(): Promise<void>;
  /** Pulls it when the unit's terminal has sent this many bytes from now on. */
  cutAfter(bytes: number): void;
  /** What the station has typed, and what the terminal has shown. */
  readonly typed: Buffer[];
  readonly shown: Buffer[];
  end(): Promise<void>;
};

const never = new AbortController().signal;

/** Where a program is, or nothing. */
export function programAt(name: string): string | undefined {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Resolves when something makes a file of that name in a folder; to be called before. */
export async function appears(folder: string, name: string): Promise<void> {
  const watcher = watch(folder);
  const { promise, resolve } = Promise.withResolvers<void>();
  watcher.on('change', (_, changed) => changed === name && resolve());
  await promise;
  watcher.close();
}

/** Shells that a unit may have. */
export const shells = ['bash', 'dash', 'busybox'] as const satisfies readonly ShellName[];

/** What an image for this station must hold (drivers/protocols/linux-console.md). */
const tools = [
  'sha256sum',
  'base64',
  'od',
  'dd',
  'wc',
  'stty',
  'tty',
  'cat',
  'rm',
  'mv',
  'mkdir',
  'mktemp',
  'chmod',
  'sync',
];
const tpmTools = ['getcap', 'readpublic', 'nvread', 'createek', 'createprimary', 'startauthsession', 'policysecret'];
const moreTpmTools = ['policyor', 'activatecredential', 'flushcontext', 'changeauth'];

/** Starts a unit; it ends with `end`. */
export async function startLinuxUnit(options: LinuxUnitOptions): Promise<LinuxUnit> {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-linux-'));
  writeFileSync(join(folder, 'serial'), 'SN-LINUX-1\n');
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  fillBin(bin, options);
  if (options.boot?.held) execFileSync('mkfifo', [join(folder, 'boot')]);
  const script = join(folder, 'init');
  writeFileSync(script, initOf(options), { mode: 0o755 });
  const env = { PATH: bin, HOME: folder, TERM: 'vt102', LC_ALL: 'C', ...tctiOf(options) };
  // A terminal as getty leaves one: lines are edited and echoed, and Control-C interrupts.
  const terminal = 'pty,setsid,ctty,stderr,sane,echo=1,icanon=1,isig=1';
  const console = spawn(programAt('socat') ?? 'socat', ['-', `EXEC:${bin}/sh ${script},${terminal}`], { env });
  const unit = new BenchUnit(folder, console, options);
  await unit.listen();
  return unit;
}

const tctiOf = ({ tcti }: LinuxUnitOptions) => (tcti === undefined ? {} : { TPM2TOOLS_TCTI: tcti });

/** The unit's programs: all that it needs and nothing else, as an image has them. */
function fillBin(bin: string, { shell, without = [] }: LinuxUnitOptions): void {
  const link = (name: string, target: string | undefined) => {
    if (target !== undefined && !without.includes(name)) symlinkSync(target, join(bin, name));
  };
  link('sh', programAt(shell));
  // bash also where sh is another one: it is what people log in to.
  link(shell, programAt(shell));
  for (const tool of tools) link(tool, programAt(shell === 'busybox' ? 'busybox' : tool));
  link('openssl', programAt('openssl'));
  for (const tool of [...tpmTools, ...moreTpmTools]) link(`tpm2_${tool}`, programAt(`tpm2_${tool}`));
}

const text = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

/** Kernel, getty and login in one: prints its boot, asks who is there, and gives a shell. */
function initOf({ shell, account, boot, prompt, echoesPassword = false }: LinuxUnitOptions): string {
  const interactive = { bash: 'bash --norc --noprofile -i', dash: 'dash -i', busybox: 'busybox sh -i' }[shell];
  // bash sets its own prompt where it finds none exported before it starts.
  const start = `PS1=${text(prompt ?? 'root@unit:~# ')} ${interactive}`;
  const lines = (boot?.lines ?? []).map((line) => `echo ${text(line)}`);
  const held = boot?.held ? ['read -r _ <"$HOME/boot"'] : [];
  const asked =
    account?.password === undefined
      ? []
      : [
          ...(echoesPassword ? [] : ['stty -echo']),
          "printf 'Password: '",
          'IFS= read -r word || exit',
          'stty echo; echo',
        ];
  const login =
    account === undefined
      ? [`${start}`]
      : [
          'while :; do',
          "printf '\\nDebian GNU/Linux 12 unit ttyS0\\n\\nunit login: '",
          'read -r name || exit',
          '[ "$name" ] || continue',
          'word=',
          ...asked,
          `if [ "$name" = ${text(account.login)} ] && [ "$word" = ${text(account.password ?? '')} ]; then`,
          "echo 'Last login: Fri Nov 27 10:00:00 UTC 2026 on ttyS0'",
          start,
          "else echo; echo 'Login incorrect'; fi",
          'done',
        ];
  return [`#!/bin/sh`, 'trap : INT', ...lines, ...held, ...login, ''].join('\n');
}

class BenchUnit implements LinuxUnit {
  readonly folder: string;
  readonly typed: Buffer[] = [];
  readonly shown: Buffer[] = [];
  readonly #console: ChildProcess;
  readonly #options: LinuxUnitOptions;
  readonly #server: Server;
  readonly #toUnit: Pace;
  readonly #toStation: Pace;
  #cable: Socket | undefined;
  #pty: Pty | undefined;
  #link: Link | undefined;
  #leftUntilCut = Number.POSITIVE_INFINITY;

  constructor(folder: string, console: ChildProcess, options: LinuxUnitOptions) {
    this.folder = folder;
    this.#console = console;
    this.#options = options;
    const { msPerByte = 0 } = options;
    this.#toUnit = new Pace(msPerByte, (bytes) => this.#console.stdin?.write(bytes));
    this.#toStation = new Pace(msPerByte, (bytes) => this.#send(bytes));
    // A unit that ended takes nothing more, which is no error of a test.
    console.stdin?.on('error', () => undefined);
    console.stdout?.on('data', (bytes: Buffer) => this.#show(bytes));
    this.#server = createServer((socket) => this.#plugged(socket));
  }

  async listen(): Promise<void> {
    this.#server.listen(join(this.folder, 'cable'));
    await once(this.#server, 'listening');
  }

  async plug(): Promise<Link> {
    await this.cut();
    this.#pty = await openPty(join(this.folder, 'cable'));
    this.#link = await openSerial({ path: this.#pty.path, baud: this.#options.baud ?? 115_200, signal: never });
    return this.#link;
  }

  async cut(): Promise<void> {
    this.#leftUntilCut = Number.POSITIVE_INFINITY;
    await this.#pty?.cut();
    await this.#link?.close();
    this.#pty = undefined;
    this.#link = undefined;
  }

  finishBoot(): Promise<void> {
    return writeFile(join(this.folder, 'boot'), 'on\n');
  }

  cutAfter(bytes: number): void {
    this.#leftUntilCut = bytes;
  }

  async end(): Promise<void> {
    await this.cut();
    if (this.#console.exitCode === null && this.#console.signalCode === null) {
      const gone = once(this.#console, 'exit');
      this.#console.kill('SIGKILL');
      await gone;
    }
    this.#server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #plugged(socket: Socket): void {
    this.#cable = socket;
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      this.typed.push(Buffer.from(bytes));
      for (const piece of this.#options.onWayIn?.(bytes) ?? [bytes]) this.#toUnit.push(piece);
    });
  }

  #show(bytes: Buffer): void {
    this.shown.push(Buffer.from(bytes));
    for (const piece of this.#options.onWay?.(bytes) ?? [bytes]) this.#toStation.push(piece);
  }

  #send(bytes: Buffer): void {
    this.#leftUntilCut -= bytes.length;
    if (this.#leftUntilCut <= 0) {
      this.#leftUntilCut = Number.POSITIVE_INFINITY;
      void this.#pty?.cut();
    } else if (this.#cable?.writable) this.#cable.write(bytes);
  }
}
