// A unit's TPM through its own tpm2-tools. What they ask and in which order is as in drivers/tpm/tpm.ts.
import { StationError } from '../../station-core/contract/errors.ts';
import { Deadline } from '../deadline.ts';
import { nvIndices, persistentKeys } from '../tpm/constants.ts';
import { readEndorsement } from '../tpm/endorsement.ts';
import { activatesByPassword, brokenKeyRule } from '../tpm/public.ts';
import { isAbsent, nameOfCode } from '../tpm/return-codes.ts';
import { activationTemplate, branchesOf } from '../tpm/templates.ts';
import type { ActivationKey, Challenge, EkWanted, Endorsement, TpmDescription, UnitTpm } from '../tpm/unit-tpm.ts';
import { readDescription } from './linux-console-getcap.ts';
import { hexOf, type Key, TpmKeys } from './linux-console-keys.ts';
import type { Shell } from './linux-console-shell.ts';
import { TpmTools } from './linux-console-tools.ts';
import type { Transfer } from './linux-console-transfer.ts';

/** tpm2-tools' own head of a credential's file (files_save_credential of tpm2-tools): its magic number and version 1. */
const credentialHead = Buffer.from('badcc0de00000001', 'hex');

export class ConsoleTpm implements UnitTpm {
  readonly #tools: TpmTools;
  readonly #keys: TpmKeys;
  readonly #closeLimit: number;
  readonly #onClosed: () => void;
  #endorsement: Key | undefined;
  #activation: Key | undefined;
  #indices: readonly number[] | undefined;
  #closing: Promise<void> | undefined;

  private constructor(tools: TpmTools, closeLimit: number, onClosed: () => void) {
    this.#tools = tools;
    this.#keys = new TpmKeys(tools);
    this.#closeLimit = closeLimit;
    this.#onClosed = onClosed;
  }

  static async open(transfer: Transfer, shell: Shell, signal: AbortSignal, onClosed: () => void): Promise<ConsoleTpm> {
    return new ConsoleTpm(await TpmTools.open(transfer, shell, signal), shell.patience.leave, onClosed);
  }

  async describe(signal: AbortSignal): Promise<TpmDescription> {
    await this.#tools.ready(signal);
    const properties = (which: string, until: string) =>
      this.#tools.output(`tpm2_getcap properties-${which}`, 'TPM2_GetCapability', signal, until);
    // Properties come in the order of their numbers, and the ones that matter come first.
    return readDescription(
      await properties('fixed', 'TPM2_PT_INPUT_BUFFER'),
      await properties('variable', 'TPM2_PT_STARTUP_CLEAR'),
    );
  }

  async endorsement({ kind, endorsementAuth }: EkWanted, signal: AbortSignal): Promise<Endorsement> {
    await this.#tools.ready(signal);
    this.#keys.authorise(endorsementAuth);
    this.#endorsement = undefined;
    this.#indices = await this.#tools.handles('nv-index', signal);
    const { key, endorsement } = await readEndorsement(kind, {
      content: (index) => this.#content(index, signal),
      chain: () => this.#chain(signal),
      persistent: () => this.#tools.handles('persistent', signal),
      read: (handle) => this.#keys.read(hexOf(handle), 'v', signal),
      create: (recipe) => this.#keys.createEk(recipe, signal),
    });
    this.#endorsement = key;
    return endorsement;
  }

  async activationKey(signal: AbortSignal): Promise<ActivationKey> {
    await this.#tools.ready(signal);
    this.#activation = undefined;
    const root = await this.#keys.read(hexOf(persistentKeys.storageRoot), 'v', signal);
    const usable = root && brokenKeyRule(root.public) === undefined && activatesByPassword(root.public);
    // Of the endorsement hierarchy, since that one's password is known and the owner may have taken the other.
    const key = usable ? root : await this.#keys.createPrimary('srk', activationTemplate, signal);
    this.#activation = key;
    return { public: key.public.sized, origin: usable ? 'storage-root' : 'transient', name: key.name };
  }

  async activate(challenge: Challenge, signal: AbortSignal): Promise<Buffer> {
    const [endorsement, activation] = [this.#endorsement, this.#activation];
    if (!endorsement || !activation) throw new TypeError('a challenge is activated after both keys were read');
    checkChallenge(challenge);
    await this.#tools.ready(signal);
    await this.#tools.put('c', Buffer.concat([credentialHead, challenge.credential, challenge.secret]), signal);
    try {
      await this.#policy(endorsement, signal);
      return await this.#activate(endorsement, activation, signal);
    } finally {
      // The secret is not left behind, and a session that a tool did not end is.
      await this.#tools.tidy(signal);
    }
  }

  async takeOwnership(ownerAuth: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#tools.ready(signal);
    await this.#tools.need('tpm2_changeauth', signal);
    await this.#keys.withPassword(ownerAuth, signal, (auth) =>
      this.#tools.run(`v tpm2_changeauth -c o ${auth}`, 'TPM2_HierarchyChangeAuth', signal),
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#keys.authorise(undefined);
    using deadline = new Deadline(this.#closeLimit, new AbortController().signal);
    try {
      await this.#tools.close(deadline.signal);
    } catch {
      // The unit, its console or its TPM is gone, or the next conversation tidies up; either way there is nobody left to tell.
    } finally {
      this.#onClosed();
      await this.#tools.transfer.end();
    }
  }

  /** What an NV index holds, or nothing. The index is its own authorisation (TPMA_NV_AUTHREAD, empty password). */
  async #content(index: number, signal: AbortSignal): Promise<Buffer | undefined> {
    if (!this.#indices?.includes(index)) return undefined;
    const command = 'TPM2_NV_Read';
    const failure = await this.#tools.try(`v tpm2_nvread ${hexOf(index)} -o "$T/o"`, command, signal);
    if (failure?.code !== undefined && isAbsent(failure.code)) return undefined;
    if (failure) throw await this.#tools.errorOf(failure, command, signal);
    return this.#tools.fetch('o', command, signal);
  }

  async #chain(signal: AbortSignal): Promise<readonly Buffer[]> {
    const pieces: Buffer[] = [];
    for (const index of this.#indices ?? []) {
      if (index < nvIndices.chainFrom || index > nvIndices.chainTo) continue;
      const piece = await this.#content(index, signal);
      if (piece) pieces.push(piece);
    }
    return pieces;
  }

  /** A policy session that the endorsement key takes. */
  async #policy({ public: area }: Key, signal: AbortSignal): Promise<void> {
    const branches = branchesOf(area);
    if (!branches) {
      const rule = 'its policy is not one of the TCG EK Credential Profile';
      throw new StationError('tpm.key-refused', { what: 'endorsement key', rule });
    }
    const hash = area.nameAlgorithm;
    const start = `v tpm2_startauthsession --policy-session -g ${hash} -S "$T/s"`;
    await this.#tools.run(start, 'TPM2_StartAuthSession', signal);
    await this.#keys.withAuth(signal, (auth) =>
      this.#tools.run(`v tpm2_policysecret -S "$T/s" -c e ${auth}`, 'TPM2_PolicySecret', signal),
    );
    if (branches.length === 0) return;
    for (const [at, branch] of branches.entries()) await this.#tools.put(`b${at}`, branch, signal);
    const files = branches.map((_, at) => `"$T/b${at}"`).join();
    await this.#tools.run(`v tpm2_policyor -S "$T/s" -l ${hash}:${files}`, 'TPM2_PolicyOR', signal);
  }

  async #activate(endorsement: Key, activation: Key, signal: AbortSignal): Promise<Buffer> {
    const command = 'TPM2_ActivateCredential';
    const keys = `-c ${activation.at} -C ${endorsement.at}`;
    const line = `w tpm2_activatecredential -Q ${keys} -i "$T/c" -o "$T/a" -P session:"$T/s"`;
    const failure = await this.#tools.try(line, command, signal);
    if (failure === undefined) return this.#tools.fetch('a', command, signal);
    const error = await this.#tools.errorOf(failure, command, signal);
    // TPM_RC_FAILURE is also what libtpms says of a seed that OAEP cannot open; it flushes, so it is not in failure mode.
    if (error.code !== 'tpm.failure-mode' || !(await this.#tools.tidy(signal))) throw error;
    throw new StationError('tpm.not-activated', {}, { cause: error });
  }
}

/** The tools look at the two sizes before they ask the TPM, which would say TPM_RC_SIZE of a parameter. */
function checkChallenge({ credential, secret }: Challenge): void {
  for (const [at, part] of [credential, secret].entries()) {
    if (part.length >= 2 && part.readUInt16BE(0) === part.length - 2) continue;
    throw new StationError('tpm.not-activated', { code: nameOfCode(0x0d5 + 0x100 * at + 0x100) });
  }
}
