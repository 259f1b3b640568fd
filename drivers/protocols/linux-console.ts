// A Linux unit without an agent, driven over its serial console; linux-console.md says what its image must have.
import { StationError } from '../../station-core/contract/errors.ts';
import type { Link } from '../link.ts';
import type { UnitTpm } from '../tpm/unit-tpm.ts';
import { ConsoleKey, certifiedCapabilities } from './linux-console-certificate.ts';
import { checkFile, checkPath, provisioningFile, writeFile } from './linux-console-files.ts';
import { readIdentity } from './linux-console-identity.ts';
import { type ConsolePatience, ordinaryConsolePatience } from './linux-console-patience.ts';
import { proveFromFile } from './linux-console-proof.ts';
import { Shell } from './linux-console-shell.ts';
import { ConsoleTpm } from './linux-console-tpm.ts';
import { Transfer } from './linux-console-transfer.ts';
import type {
  ConsoleAccess,
  CredentialObject,
  CredentialStatus,
  KeyInFile,
  KeyRequest,
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
    const { key, chain } = reach.certificate ?? {};
    for (const path of [reach.serialFile, reach.macFile, reach.modelFile, key, chain]) {
      if (path !== undefined) checkPath(path);
    }
    for (const file of reach.files) checkFile(file);
    // The password stays with whoever opened it.
    const { password: _, ...places } = reach;
    return new Session(await Shell.open(link, reach, patience, signal), places);
  },
});

export const linuxConsole = createLinuxConsole();

/**
 * There is no agent that keeps a credential of its own: what a unit is known by is its TPM, a key in a file that it is sent, or one that
 * its OpenSSL makes, where the recipe says the places for that.
 */
const helloOf = ({ certificate }: Places): UnitHello => ({
  version: 1,
  capabilities: ['provisioning', 'tpm', 'file', ...(certificate ? certifiedCapabilities : [])],
  storage: certificate ? 'file' : 'secure-element',
  simulated: false,
});

type Places = Omit<ConsoleAccess, 'password'>;

class Session implements LinuxConsoleSession {
  readonly hello: UnitHello;
  readonly #shell: Shell;
  readonly #transfer: Transfer;
  readonly #places: Places;
  #tpm: ConsoleTpm | undefined;
  /** The file that was written last with a key in it. */
  #keyed: (KeyInFile & Pick<UnitFile, 'path'>) | undefined;
  /** The key that the unit made, and the name that it was provisioned with. */
  #made: ConsoleKey | undefined;
  #registrationId: string | undefined;

  constructor(shell: Shell, places: Places) {
    this.hello = helloOf(places);
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
      this.#registrationId = info.registrationId;
    });
  }

  writeFile(file: UnitFile, signal: AbortSignal): Promise<void> {
    return this.#inShell(signal, async () => {
      await writeFile(this.#transfer, file, signal);
      if (file.key) this.#keyed = { ...file.key, path: file.path };
    });
  }

  makeKey(request: KeyRequest, signal: AbortSignal): Promise<Buffer> {
    const { certificate } = this.#places;
    const registrationId = this.#registrationId;
    if (certificate === undefined || registrationId === undefined) return cannot('csr')();
    return this.#inShell(signal, async () => {
      this.#made = await ConsoleKey.make(this.#transfer, certificate, request, signal);
      return this.#made.request(registrationId, signal);
    });
  }

  /** A chain alone: a key that is sent comes as a file. */
  async stage({ kind, operation, bytes }: CredentialObject, signal: AbortSignal): Promise<void> {
    const made = this.#madeFor(operation);
    if (kind !== 'chain') return cannot(`${kind} that is sent`)();
    await this.#inShell(signal, () => made.writeChain(bytes, signal));
  }

  async commit(operation: Buffer, signal: AbortSignal): Promise<void> {
    const made = this.#madeFor(operation);
    await this.#inShell(signal, () => made.checkPair(signal));
  }

  async readChain(operation: Buffer, signal: AbortSignal): Promise<Buffer> {
    const made = this.#madeFor(operation);
    return this.#inShell(signal, () => made.readChain(signal));
  }

  async prove(
    operation: Buffer,
    registrationId: string,
    stationNonce: Buffer,
    signal: AbortSignal,
  ): Promise<Possession> {
    const parts = { operation, registrationId, stationNonce };
    const keyed = this.#keyed;
    if (keyed?.operation.equals(operation)) {
      return this.#inShell(signal, () => proveFromFile(this.#transfer, keyed, parts, signal));
    }
    const made = this.#madeFor(operation);
    return this.#inShell(signal, () => made.prove(parts, signal));
  }

  #madeFor(operation: Buffer): ConsoleKey {
    if (this.#made?.operation.equals(operation)) return this.#made;
    throw new StationError('unit.cannot', { what: 'a credential of its own' });
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

  lock = cannot('lock');
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
