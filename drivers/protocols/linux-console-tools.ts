// The unit's tpm2-tools, one call at a time, in a folder that is theirs alone.
import { randomBytes } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import { Deadline } from '../deadline.ts';
import { isFull, tpmError } from '../tpm/return-codes.ts';
import { readHandles } from './linux-console-getcap.ts';
import type { Shell } from './linux-console-shell.ts';
import type { Transfer } from './linux-console-transfer.ts';

const needed = [
  'tpm2_getcap',
  'tpm2_readpublic',
  'tpm2_nvread',
  'tpm2_createek',
  'tpm2_createprimary',
  'tpm2_startauthsession',
  'tpm2_policysecret',
  'tpm2_policyor',
  'tpm2_activatecredential',
  'tpm2_flushcontext',
];

/** Where the folder may lie: in memory first, where nothing of it outlives the power. */
const places = ['/dev/shm', '/run', '/tmp'];
/** With the console's own name, so that one console tidies up behind itself alone. */
const folderName = 'birthmark-"${Y##*/}".';

/**
 * `u` flushes the transient objects that were not there before: the tools leave them behind where no resource manager does it for
 * them. `v` runs a tool and keeps what it said; `w` flushes behind it too.
 */
const wrappers = [
  'u(){ for h in $(tpm2_getcap handles-transient);do case "$K" in *"$h"*);;*)[ "$h" = - ]||tpm2_flushcontext $h;;esac;done;}',
  'v(){ "$@" 2>"$T/e";};w(){ v "$@";R=$?;u;return $R;}',
];

/** Most that a tool says, prints or writes: certificate chains have some 4 KiB. */
const longestError = 16_384;
const longestOutput = 65_536;

/** Exit code of tpm2-tools when they could not start at all is 1 too, so their words are looked at: these are of the TSS itself. */
const noTcti = /Could not load tcti|Failed to instantiate TCTI/;
const esysCode = /^ERROR: Esys_\w{1,40}\(0x([0-9A-Fa-f]{1,8})\)/m;

/** Layers of the TSS's return codes (TCG TSS 2.0 Overview and Common Structures, 3): the TPM itself, also behind a resource manager. */
const layers = { tpm: 0, tcti: 10, resourceManager: 11, resourceManagerTpm: 12 } as const;

/** TPM_RC_SESSION_MEMORY and TPM_RC_SESSION_HANDLES (part 2, 6.6.4). */
const ofSessions: readonly number[] = [0x903, 0x905];

/** How a tool ended that did not succeed: with the TPM's return code, without a TPM, or in a way of its own. */
export type Failure = { readonly exit: number; readonly code?: number; readonly unreachable: boolean };

export class TpmTools {
  readonly transfer: Transfer;
  readonly #shell: Shell;
  readonly #ms: number;
  /** As the unit's shell expands it. */
  readonly #folder: string;
  /** Transient objects that were there before, as tpm2_getcap lists them: somebody else's. */
  #kept = '';
  #closed = false;

  private constructor(transfer: Transfer, shell: Shell, folder: string) {
    this.transfer = transfer;
    this.#shell = shell;
    this.#ms = shell.patience.tool;
    this.#folder = folder;
  }

  /** Throws `console.tool-missing`, `tpm.missing`, `tpm.version` and what `run` throws. */
  static async open(transfer: Transfer, shell: Shell, signal: AbortSignal): Promise<TpmTools> {
    await transfer.begin(signal);
    await checkTools(shell, signal);
    const folder = await makeFolder(transfer, signal);
    const tools = new TpmTools(transfer, shell, folder);
    try {
      await tools.#prepare(signal);
      tools.#kept = (await tools.handles('transient', signal)).map(asListed).join(' ');
      await tools.#prepare(signal);
    } catch (error) {
      using deadline = new Deadline(shell.patience.leave, signal);
      // What was wrong is thrown already; the next conversation tidies up what this one could not.
      await tools.close(deadline.signal).catch(() => undefined);
      throw error;
    }
    return tools;
  }

  /** The shell is the one that was prepared, or is prepared again. */
  async ready(signal: AbortSignal): Promise<void> {
    if (this.#closed) throw new Error('this conversation with a TPM is over');
    if (!(await this.transfer.begin(signal))) return;
    await this.#prepare(signal);
    // A call that was given up ended with its shell, and could not tidy up behind itself.
    await this.tidy(signal);
  }

  async #prepare(signal: AbortSignal): Promise<void> {
    const what = 'its preparation';
    await this.transfer.must(`Y=$(tty <&4);T=${this.#folder};K='${this.#kept}'`, what, signal);
    for (const wrapper of wrappers) await this.transfer.must(wrapper, what, signal);
  }

  /** Runs a tool that must succeed; `command` is the TCG's name of what it does. Throws what the TPM's return code means. */
  async run(line: string, command: string, signal: AbortSignal): Promise<void> {
    const failure = await this.try(line, command, signal);
    if (failure) throw await this.errorOf(failure, command, signal);
  }

  /** Runs a tool; how it failed, if it did. A TPM that has no room is tidied up once. */
  async try(line: string, command: string, signal: AbortSignal): Promise<Failure | undefined> {
    const failure = await this.#once(line, command, signal);
    if (failure?.code === undefined || !isFull(failure.code)) return failure;
    // What an earlier conversation left, whose station or cable died: without a resource manager nobody else flushes it. Sessions
    // only where they are what there is no room for: one of ours may be in use.
    const kinds = ofSessions.includes(failure.code) ? '-l -s' : '-t';
    await this.transfer.succeeds(`for a in ${kinds};do tpm2_flushcontext $a;done`, command, signal);
    return this.#once(line, command, signal);
  }

  async #once(line: string, command: string, signal: AbortSignal): Promise<Failure | undefined> {
    const exit = await this.#shell.run(line, { what: command, ms: this.#ms }, signal);
    if (exit === 0) return undefined;
    const said = await this.#read('e', longestError, command, signal);
    const code = esysCode.exec(said?.toString('latin1') ?? '')?.[1];
    const unreachable = noTcti.test(said?.toString('latin1') ?? '');
    return code === undefined ? { exit, unreachable } : { exit, unreachable, ...layered(Number.parseInt(code, 16)) };
  }

  /** A failure as our error. What the tool said stays on the unit. */
  async errorOf(failure: Failure, command: string, signal: AbortSignal): Promise<StationError> {
    if (failure.unreachable) return this.#missing(signal);
    if (failure.code !== undefined) return tpmError(command, failure.code);
    return new StationError('console.failed', { what: command, code: failure.exit });
  }

  /** No TPM at all, or one that the kernel knows as a TPM 1.2, which tpm2-tools have no way to (sysfs-class-tpm of the kernel). */
  async #missing(signal: AbortSignal): Promise<StationError> {
    const what = 'its version';
    const path = '/sys/class/tpm/tpm0/tpm_version_major';
    const major = await this.transfer.read(path, { what, most: 64 }, signal);
    if (major?.toString('latin1').trim() === '1') return new StationError('tpm.version', { found: '1.2' });
    return new StationError('tpm.missing', { what: 'its tpm2-tools reach none' });
  }

  /** The handles of one kind. */
  async handles(kind: 'transient' | 'persistent' | 'nv-index', signal: AbortSignal): Promise<readonly number[]> {
    return readHandles(await this.output(`tpm2_getcap handles-${kind}`, 'TPM2_GetCapability', signal));
  }

  /** What a tool prints, up to a line that begins like that: a slow line takes a second for each kilobyte. */
  async output(line: string, command: string, signal: AbortSignal, until?: string): Promise<string> {
    await this.run(`v ${line} >"$T/o"`, command, signal);
    if (until === undefined) return (await this.fetch('o', command, signal)).toString('latin1');
    const copy = `while IFS= read -r a;do case $a in ${until}*)break;;esac;printf '%s\\n' "$a";done`;
    await this.transfer.must(`${copy} <"$T/o" >"$T/q"`, command, signal);
    return (await this.fetch('q', command, signal)).toString('latin1');
  }

  /** A file that a tool has written. */
  async fetch(name: string, command: string, signal: AbortSignal): Promise<Buffer> {
    const bytes = await this.#read(name, longestOutput, command, signal);
    if (bytes === undefined) throw new StationError('console.garbled', { what: command });
    return bytes;
  }

  async #read(name: string, most: number, command: string, signal: AbortSignal): Promise<Buffer | undefined> {
    const what = `what ${command} gave`;
    await this.transfer.must(`F="$T/${name}"`, what, signal);
    return this.transfer.readAt('F', { what, most }, signal);
  }

  /** Writes a file for a tool, which nobody else can read. */
  async put(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const what = 'a file for its tools';
    await this.transfer.must(`F="$T/${name}";:>"$F"`, what, signal);
    await this.transfer.append('F', bytes, what, signal);
  }

  /** A tool that few recipes take. Throws `console.tool-missing`. */
  async need(tool: string, signal: AbortSignal): Promise<void> {
    if (await this.transfer.succeeds(`command -v ${tool}`, 'its tools', signal)) return;
    throw new StationError('console.tool-missing', { tool });
  }

  /** Whether the unit's machine keeps the low byte of a number first. */
  async isLittleEndian(signal: AbortSignal): Promise<boolean> {
    const what = 'the order of its bytes';
    const line = "(set -- $(printf '\\1\\0'|od -An -tu2);case $1 in 1)exit 0;;256)exit 1;;esac;exit 2)";
    const code = await this.#shell.run(line, { what }, signal);
    if (code > 1) throw new StationError('console.tool-missing', { tool: 'od' });
    return code === 0;
  }

  /** Removes a file, if there still is a shell that can: the folder goes at the end in any case. */
  async remove(name: string, signal: AbortSignal): Promise<void> {
    if (!this.#shell.isEntered) return;
    await this.transfer.succeeds(`rm -f "$T/${name}"`, 'tidying up', signal);
  }

  /** Ends the policy session, if there is one, and removes what a challenge left; whether that went well. */
  async tidy(signal: AbortSignal): Promise<boolean> {
    if (!this.#shell.isEntered) return false;
    const line = '[ ! -f "$T/s" ]||tpm2_flushcontext "$T/s";R=$?;rm -f "$T/s" "$T/c" "$T/a" "$T"/b?;return $R';
    return this.transfer.succeeds(`x(){ ${line};};x`, 'tidying up', signal);
  }

  /** Flushes what was loaded, and removes the folder. */
  async close(signal: AbortSignal): Promise<void> {
    await this.ready(signal);
    this.#closed = true;
    const what = 'tidying up';
    await this.tidy(signal);
    await this.transfer.succeeds('u', what, signal);
    await this.transfer.succeeds('rm -rf "$T"', what, signal);
  }
}

/** A handle as tpm2_getcap writes it. */
const asListed = (handle: number): string => `0x${handle.toString(16).toUpperCase()}`;

function layered(code: number): Pick<Failure, 'code'> | { readonly unreachable: true } | undefined {
  const layer = (code >>> 16) & 0xff;
  if (layer === layers.tcti || layer === layers.resourceManager) return { unreachable: true };
  return layer === layers.tpm || layer === layers.resourceManagerTpm ? { code: code & 0xffff } : undefined;
}

async function checkTools(shell: Shell, signal: AbortSignal): Promise<void> {
  const line = `(x=0;for y in ${needed.join(' ')};do x=$((x+1));command -v $y||exit $x;done)`;
  const code = await shell.run(line, { what: 'its tools' }, signal);
  if (code !== 0) throw new StationError('console.tool-missing', { tool: needed[code - 1] ?? 'shell' });
}

/**
 * mkdir makes a folder or fails, and this one's name was drawn by the station: as good as mktemp -d, and its name need not come
 * back. What a conversation left behind that was cut off is removed first.
 */
async function makeFolder(transfer: Transfer, signal: AbortSignal): Promise<string> {
  const what = 'making a folder';
  const name = folderName + randomBytes(8).toString('hex');
  await transfer.succeeds('Y=$(tty <&4)', what, signal);
  for (const place of places) {
    await transfer.succeeds(`rm -rf ${place}/${folderName}*`, what, signal);
    if (await transfer.succeeds(`[ -d ${place} ]&&mkdir -m 700 ${place}/${name}`, what, signal))
      return `${place}/${name}`;
  }
  throw new StationError('console.failed', { what, code: 1 });
}
