// The TPM of this machine through the kernel's resource manager (Documentation/security/tpm in the kernel; F-105).
import { type FileHandle, open } from 'node:fs/promises';
import { StationError } from '../../station-core/contract/errors.ts';
import { unlessAborted } from '../deadline.ts';
import type { TpmTransport } from './transport.ts';

const longest = 4_096;

const reasons: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) =>
    `there is no ${path}: the machine has no TPM 2.0, it is off in the firmware, or the kernel is older than 4.12`,
  EACCES: (path) => `this account may not use ${path}: add it to the group tss, or give it a udev rule`,
  EBUSY: (path) => `another program holds ${path}`,
};

/** Opens a device node such as /dev/tpmrm0. Throws `tpm.missing`, which names it, or the signal's reason. */
export async function openDevice(path: string, signal: AbortSignal): Promise<TpmTransport> {
  signal.throwIfAborted();
  try {
    return new DeviceTransport(path, await open(path, 'r+'));
  } catch (cause) {
    throw new StationError('tpm.missing', { what: reasonOf(path, cause) }, { cause });
  }
}

function reasonOf(path: string, thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'no answer';
  return reasons[code]?.(path) ?? `${path}: ${code}`;
}

class DeviceTransport implements TpmTransport {
  readonly name: string;
  readonly longest = longest;
  readonly #file: FileHandle;
  #closing: Promise<void> | undefined;

  constructor(path: string, file: FileHandle) {
    this.name = path;
    this.#file = file;
  }

  /** One write is one command, and one read its whole response; the read waits for the TPM. */
  async transmit(command: Buffer, _commandCode: number, signal: AbortSignal): Promise<Buffer> {
    const buffer = Buffer.alloc(longest);
    try {
      await unlessAborted(this.#file.write(command, 0, command.length, null), signal);
      const { bytesRead } = await unlessAborted(this.#file.read(buffer, 0, longest, null), signal);
      return buffer.subarray(0, bytesRead);
    } catch (cause) {
      if (signal.aborted) throw cause;
      throw new StationError('tpm.missing', { what: reasonOf(this.name, cause) }, { cause });
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#file.close();
    return this.#closing;
  }
}
