// A unit's TPM by raw commands.
import { StationError } from '../../station-core/contract/errors.ts';
import { Deadline } from '../deadline.ts';
import { type Loaded, TpmCommands } from './commands.ts';
import { handleRanges, handles, nvAttributes, nvIndices, permanent, persistentKeys, properties } from './constants.ts';
import { madeBy, readEndorsement } from './endorsement.ts';
import { u32 } from './marshal.ts';
import { activatesByPassword, brokenKeyRule } from './public.ts';
import { activationTemplate, branchesOf } from './templates.ts';
import type { TpmTransport } from './transport.ts';
import type { ActivationKey, Challenge, EkWanted, Endorsement, TpmDescription, UnitTpm } from './unit-tpm.ts';

/** What is flushed at the end is flushed within this time, or left to the TPM's next reset. */
const closeLimit = 5_000;
/** Opens a TPM that a transport carries commands to. The transport is closed with it. */
export const openTpm = (transport: TpmTransport): UnitTpm => new CommandedTpm(transport);

class CommandedTpm implements UnitTpm {
  readonly #transport: TpmTransport;
  readonly #commands: TpmCommands;
  #endorsement: Loaded | undefined;
  #activation: Loaded | undefined;
  #endorsementAuth: Uint8Array | undefined;
  #closing: Promise<void> | undefined;

  constructor(transport: TpmTransport) {
    this.#transport = transport;
    this.#commands = new TpmCommands(transport);
  }

  async describe(signal: AbortSignal): Promise<TpmDescription> {
    const fixed = await this.#commands.properties(properties.familyIndicator, 16, signal);
    const family = fixed.get(properties.familyIndicator);
    // In failure mode a TPM tells a few properties, and the family is not among them (part 1, 12.4).
    if (family === undefined) throw new StationError('tpm.failure-mode');
    const said = textOf([family]);
    if (said !== '2.0') throw new StationError('tpm.version', { found: said });
    const varying = await this.#commands.properties(properties.permanent, 1, signal);
    const bits = varying.get(properties.permanent) ?? 0;
    const words = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => fixed.get(from + index) ?? 0);
    return {
      manufacturer: textOf(words(properties.manufacturer, properties.manufacturer)),
      vendor: textOf(words(properties.vendorString1, properties.vendorString4)),
      firmware: words(properties.firmwareVersion1, properties.firmwareVersion2)
        .flatMap((word) => [word >>> 16, word & 0xffff])
        .join('.'),
      ownerAuthSet: (bits & permanent.ownerAuthSet) !== 0,
      endorsementAuthSet: (bits & permanent.endorsementAuthSet) !== 0,
      lockoutAuthSet: (bits & permanent.lockoutAuthSet) !== 0,
      inLockout: (bits & permanent.inLockout) !== 0,
    };
  }

  async endorsement({ kind, endorsementAuth }: EkWanted, signal: AbortSignal): Promise<Endorsement> {
    this.#endorsementAuth = endorsementAuth;
    await this.#letGo(this.#endorsement, signal);
    this.#endorsement = undefined;
    const { key, endorsement } = await readEndorsement(kind, {
      content: (index) => this.#content(index, signal),
      chain: () => this.#chain(signal),
      persistent: () => this.#commands.handles(handleRanges.persistent, signal),
      read: (handle) => this.#commands.readPublic(handle, signal),
      create: ({ bytes }) => this.#create(handles.endorsement, bytes, signal),
    });
    this.#endorsement = key;
    return endorsement;
  }

  async activationKey(signal: AbortSignal): Promise<ActivationKey> {
    const root = await this.#commands.readPublic(persistentKeys.storageRoot, signal);
    const usable = root && brokenKeyRule(root.public) === undefined && activatesByPassword(root.public);
    await this.#letGo(this.#activation, signal);
    this.#activation = undefined;
    // Of the endorsement hierarchy, since that one's password is known and the owner may have taken the other.
    const key = usable ? root : await this.#create(handles.endorsement, activationTemplate, signal);
    this.#activation = key;
    return { public: key.public.sized, origin: usable ? 'storage-root' : 'transient', name: key.name };
  }

  async activate(challenge: Challenge, signal: AbortSignal): Promise<Buffer> {
    const [endorsement, activation] = [this.#endorsement, this.#activation];
    if (!endorsement || !activation) throw new TypeError('a challenge is activated after both keys were read');
    const branches = branchesOf(endorsement.public);
    if (!branches) {
      const rule = 'its policy is not one of the TCG EK Credential Profile';
      throw new StationError('tpm.key-refused', { what: 'endorsement key', rule });
    }
    const session = await this.#commands.startPolicySession(endorsement.public.nameAlgorithm, signal);
    try {
      await this.#commands.policySecret(session, this.#endorsementAuth, signal);
      if (branches.length > 0) await this.#commands.policyOr(session, branches, signal);
      const keys = { activation: activation.handle, endorsement: endorsement.handle, session };
      return await this.#commands.activateCredential(keys, challenge, signal);
    } catch (thrown) {
      // A session that a command did not end stays loaded; a TPM that is gone has none, and one in failure mode flushes none.
      if (isGone(thrown)) throw thrown;
      await this.#commands.flush(session, signal);
      // TPM_RC_FAILURE is also what libtpms says of a seed that OAEP cannot open; it flushed, so it is not in failure mode.
      const failed = thrown instanceof StationError && thrown.code === 'tpm.failure-mode';
      throw failed ? new StationError('tpm.not-activated', {}, { cause: thrown }) : thrown;
    }
  }

  takeOwnership(ownerAuth: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#commands.setOwnerAuth(ownerAuth, signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    try {
      if (this.#commands.hasLoaded) await this.#flushAll();
    } finally {
      this.#endorsementAuth = undefined;
      this.#commands.close();
      await this.#transport.close();
    }
  }

  async #flushAll(): Promise<void> {
    using deadline = new Deadline(closeLimit);
    try {
      await this.#commands.flushAll(deadline.signal);
    } catch (thrown) {
      // A TPM that is gone has nothing loaded, and one that refuses is flushed by whoever needs the room next.
      if (!(thrown instanceof StationError) && !deadline.passed) throw thrown;
    }
  }

  async #create(hierarchy: number, template: Buffer, signal: AbortSignal): Promise<Loaded> {
    return madeBy(await this.#commands.createPrimary(hierarchy, this.#endorsementAuth, template, signal), template);
  }

  /** A TPM has room for three transient objects: one that is read anew takes its predecessor's place. */
  async #letGo(key: Loaded | undefined, signal: AbortSignal): Promise<void> {
    if (key && key.handle >>> 24 === handleRanges.transient >>> 24) await this.#commands.flush(key.handle, signal);
  }

  /** What an NV index holds, or nothing. */
  async #content(index: number, signal: AbortSignal): Promise<Buffer | undefined> {
    const nv = await this.#commands.nvReadPublic(index, signal);
    if (!nv || nv.size === 0 || (nv.attributes & nvAttributes.written) === 0) return undefined;
    return this.#commands.nvRead(nv, signal);
  }

  async #chain(signal: AbortSignal): Promise<readonly Buffer[]> {
    const pieces: Buffer[] = [];
    for (const index of await this.#commands.handles(nvIndices.chainFrom, signal)) {
      if (index > nvIndices.chainTo) break;
      const piece = await this.#content(index, signal);
      if (piece) pieces.push(piece);
    }
    return pieces;
  }
}

/** Words of four characters each, without the zeros and blanks that fill them up. */
function textOf(words: readonly number[]): string {
  return Buffer.concat(words.map((word) => u32(word >>> 0)))
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
}

const isGone = (thrown: unknown): boolean =>
  !(thrown instanceof StationError) || ['link.lost', 'tpm.missing', 'unit.silent'].includes(thrown.code);
