// A Linux unit without an agent, driven over its serial console; linux-console.md says what its image must have.
import { StationError } from '../../station-core/contract/errors.ts';
import type { Link } from '../link.ts';
import type { UnitTpm } from '../tpm/unit-tpm.ts';
import { checkFile, checkPath, provisioningFile, writeFile } from './linux-console-files.ts';
import { readIdentity } from './linux-console-identity.ts';
import { type ConsolePatience, ordinaryConsolePatience } from './linux-console-patience.ts';
import { proveFromFile } from './linux-console-proof.ts';
import { Shell } from './linux-console-shell.ts';
import { ConsoleTpm } from './linux-console-tpm.ts';
import { Transfer } from './linux-console-transfer.ts';
import type {
  ConsoleAccess,
  CredentialStatus,
  KeyInFile,
  Possession,
  ProvisioningInfo,
  UnitAccess,
  UnitFile,
  UnitHello,
  UnitIdentity,
  UnitProtocol,
  UnitSession,
} from './protocol.ts';

export type LinuxConsoleSession = UnitSession & Required<Pick<UnitSession, 'leave'>>;
export interface LinuxConsole extends UnitProtocol {
  open(link: Link, signal: AbortSignal, access?: UnitAccess): Promise<LinuxConsoleSession>;
}

/** The protocol with the given patience; `linuxConsole` is the one with the ordinary one. */
export const createLinuxConsole = (patience: ConsolePatience = ordinaryConsolePatience): LinuxConsole => ({
  name: 'linux-console',
  open: async (link, signal, access) => {
    const reach = access?.console;
    if (reach === undefined) throw new StationError('recipe.unsupported', { what: 'a console without its login' });
    for (const path of [reach.serialFile, reach.macFile, reach.modelFile]) if (path !== undefined) checkPath(path);
    for (const file of reach.files) checkFile(file);
    // The password stays with whoever opened it.
    const { password: _, ...places } = reach;
    return new Session(await Shell.open(link, reach, patience, signal), places);
  },
});

export const linuxConsole = createLinuxConsole();

/** There is no agent that keeps a credential of its own: what a unit is known by is its TPM, or a key in a file. */
const hello: UnitHello = {
  version: 1,
  capabilities: ['provisioning', 'tpm', 'file'],
  storage: 'secure-element',
  simulated: false,
};

class Session implements LinuxConsoleSession {
  readonly hello = hello;
  readonly #shell: Shell;
  readonly #transfer: Transfer;
  readonly #places: Omit<ConsoleAccess, 'password'>;
  #tpm: ConsoleTpm | undefined;
  /** The file that was written last with a key in it. */
  #keyed: (KeyInFile & Pick<UnitFile, 'path'>) | undefined;

  constructor(shell: Shell, places: Omit<ConsoleAccess, 'password'>) {
    this.#shell = shell;
    this.#transfer = new Transfer(shell);
    this.#places = places;
  }

  identity(signal: AbortSignal): Promise<UnitIdentity> {
    return this.#inShell(signal, () => readIdentity(this.#transfer, this.#places, signal));
  }

  provision(info: ProvisioningInfo, signal: AbortSignal): Promise<void> {
    return this.#inShell(signal, async () => {
      for (const { path, mode } of this.#places.files) {
        await writeFile(this.#transfer, { path, mode, bytes: provisioningFile(info) }, signal);
      }
    });
  }

  writeFile(file: UnitFile, signal: AbortSignal): Promise<void> {
    return this.#inShell(signal, async () => {
      await writeFile(this.#transfer, file, signal);
      if (file.key) this.#keyed = { ...file.key, path: file.path };
    });
  }

  async prove(
    operation: Buffer,
    registrationId: string,
    stationNonce: Buffer,
    signal: AbortSignal,
  ): Promise<Possession> {
    const keyed = this.#keyed;
    if (!keyed?.operation.equals(operation)) return cannot('a credential of its own')();
    const parts = { operation, registrationId, stationNonce };
    return this.#inShell(signal, () => proveFromFile(this.#transfer, keyed, parts, signal));
  }

  async status(signal: AbortSignal): Promise<CredentialStatus> {
    signal.throwIfAborted();
    this.#shell.throwIfLost();
    return { state: 'none', locked: false };
  }

  async tpm(signal: AbortSignal): Promise<UnitTpm> {
    if (this.#tpm !== undefined) return this.#tpm;
    return this.#inShell(signal, async () => {
      this.#tpm = await ConsoleTpm.open(this.#transfer, this.#shell, signal, () => {
        this.#tpm = undefined;
      });
      return this.#tpm;
    });
  }

  stage = cannot('a credential of its own');
  commit = cannot('a credential of its own');
  lock = cannot('lock');
  makeKey = cannot('csr');
  readChain = cannot('chain');
  ownCertificate = cannot('certificate');

  /** Logs out, where this station logged in. */
  async leave(): Promise<void> {
    await this.#tpm?.close();
    await this.#shell.logOut();
  }

  /** The unit's own shell is back at its prompt afterwards, unless its TPM is in use. */
  async #inShell<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      await this.#transfer.begin(signal);
      return await work();
    } finally {
      if (this.#tpm === undefined) await this.#transfer.end();
    }
  }
}

const cannot = (what: string) => async (): Promise<never> => {
  throw new StationError('unit.cannot', { what });
};
