// What a unit's firmware asks of its own TPM to open a sealed delivery, by raw commands (TPM 2.0 Library Specification, part 3):
// written apart from the station's driver; numbers, structures and templates are the TCG's and shared with it.
import { randomBytes } from 'node:crypto';
import { StationError } from '../../../station-core/contract/errors.ts';
import type { SealedEnvelope } from '../../protocols/sealed.ts';
import { algorithms, capabilities, commands, handleRanges, handles, sessionTypes, tags } from '../../tpm/constants.ts';
import { Reader, sized, u8, u16, u32 } from '../../tpm/marshal.ts';
import { hashAlgorithm, nameOf, type PublicArea, readArea } from '../../tpm/public.ts';
import { activationTemplate, branchesOf, ekTemplate } from '../../tpm/templates.ts';
import { ekKinds } from '../../tpm/unit-tpm.ts';
import { NoTpm, type UnitsTpm } from './units-tpm.ts';

type OwnKey = { readonly handle: number; readonly area: Omit<PublicArea, 'sized'>; readonly passing: boolean };
type Request = {
  readonly handles?: readonly number[];
  /** Sessions that authorise the first handles; the password session stands for an empty password. */
  readonly sessions?: readonly number[];
  readonly parameters?: Buffer;
};

/** TPM_RC_YIELDED, TPM_RC_TESTING and TPM_RC_RETRY (part 2, 6.6.3): the same command once more. */
const asksAgain: ReadonlySet<number> = new Set([0x908, 0x90a, 0x922]);
const askings = 10;
/** More than any TPM has loaded or persistent. */
const mostHandles = 64;
const none = Buffer.alloc(0);
/** No password, no data of its own (TPM2B_SENSITIVE_CREATE). */
const noSensitive = sized(Buffer.concat([sized(none), sized(none)]));

/**
 * What the credential of a sealed delivery holds, or `undefined` when this TPM has not its keys or does not activate it. The
 * caller zeroes it. Rejects with NoTpm.
 */
export async function activateSealed(tpm: UnitsTpm, sealed: SealedEnvelope): Promise<Buffer | undefined> {
  const agent = new TpmAgent(tpm);
  const found: OwnKey[] = [];
  try {
    const templates = ekKinds.map(ekTemplate);
    const endorsement = await agent.find(sealed.endorsementKey, templates);
    if (endorsement === undefined) return undefined;
    found.push(endorsement);
    const activation = await agent.find(sealed.activationKey, [activationTemplate]);
    if (activation === undefined) return undefined;
    found.push(activation);
    return await agent.activate(endorsement, activation, sealed);
  } catch (thrown) {
    // What is no response of a TPM.
    if (thrown instanceof StationError) throw new NoTpm('the TPM answers with something else', { cause: thrown });
    throw thrown;
  } finally {
    for (const { handle, passing } of found) if (passing) await agent.flush(handle);
  }
}

class TpmAgent {
  readonly #tpm: UnitsTpm;

  constructor(tpm: UnitsTpm) {
    this.#tpm = tpm;
  }

  /** The key of that Name: loaded, persistent, or made again by one of the templates. */
  async find(name: Buffer, templates: readonly Buffer[]): Promise<OwnKey | undefined> {
    for (const from of [handleRanges.transient, handleRanges.persistent]) {
      for (const handle of await this.#handles(from)) {
        const area = await this.#readPublic(handle);
        if (area && nameOf(area).equals(name)) return { handle, area, passing: false };
      }
    }
    for (const template of templates) {
      const made = await this.#createPrimary(template);
      if (made && nameOf(made.area).equals(name)) return made;
      if (made) await this.flush(made.handle);
    }
    return undefined;
  }

  async activate(endorsement: OwnKey, activation: OwnKey, sealed: SealedEnvelope): Promise<Buffer | undefined> {
    const session = await this.#policySession(endorsement.area);
    if (session === undefined) return undefined;
    const response = await this.#ask(commands.ActivateCredential, {
      handles: [activation.handle, endorsement.handle],
      sessions: [handles.password, session],
      parameters: Buffer.concat([sealed.credential, sealed.secret]),
    });
    // A session ends with the command that it authorised, unless that failed.
    if (response === undefined) await this.flush(session);
    return response && inside(response, (reader) => reader.sized('the secret', 0, 64));
  }

  async flush(handle: number): Promise<void> {
    await this.#ask(commands.FlushContext, { parameters: u32(handle) });
  }

  /** A session in which the endorsement key's policy is satisfied; that hierarchy has no password. */
  async #policySession(key: OwnKey['area']): Promise<number | undefined> {
    const branches = branchesOf({ ...key, sized: none });
    if (branches === undefined) return undefined;
    const parameters = Buffer.concat([
      sized(randomBytes(16)),
      sized(none),
      u8(sessionTypes.policy),
      u16(algorithms.null),
      u16(hashAlgorithm[key.nameAlgorithm]),
    ]);
    const started = await this.#ask(commands.StartAuthSession, { handles: [handles.null, handles.null], parameters });
    if (started === undefined) return undefined;
    const session = started.reader.u32('the session');
    const secret = { handles: [handles.endorsement, session], sessions: [handles.password] };
    const passed = await this.#ask(commands.PolicySecret, { ...secret, parameters: Buffer.alloc(10) });
    const list = Buffer.concat([u32(branches.length), ...branches.map(sized)]);
    const or = { handles: [session], parameters: list };
    if (passed && (branches.length === 0 || (await this.#ask(commands.PolicyOR, or)))) return session;
    await this.flush(session);
    return undefined;
  }

  async #handles(from: number): Promise<number[]> {
    const parameters = Buffer.concat([u32(capabilities.handles), u32(from), u32(mostHandles)]);
    const response = await this.#ask(commands.GetCapability, { parameters });
    if (response === undefined) return [];
    const { reader } = response;
    reader.bytes(5, 'whether there is more, and the capability');
    const count = reader.u32('the number of handles');
    if (count > mostHandles) throw new NoTpm(`the TPM says that it has ${count} handles`);
    return Array.from({ length: count }, () => reader.u32('a handle'));
  }

  async #readPublic(handle: number): Promise<OwnKey['area'] | undefined> {
    const response = await this.#ask(commands.ReadPublic, { handles: [handle] });
    return response && areaIn(response.reader);
  }

  async #createPrimary(template: Buffer): Promise<OwnKey | undefined> {
    const parameters = Buffer.concat([noSensitive, sized(template), sized(none), u32(0)]);
    const asked = { handles: [handles.endorsement], sessions: [handles.password], parameters };
    const response = await this.#ask(commands.CreatePrimary, asked);
    if (response === undefined) return undefined;
    const handle = response.reader.u32('the handle');
    response.reader.u32('the size of the parameters');
    const area = areaIn(response.reader);
    if (area) return { handle, area, passing: true };
    await this.flush(handle);
    return undefined;
  }

  /** What follows the header of a good response; `undefined` when the TPM refuses. */
  async #ask(code: number, request: Request): Promise<Answered | undefined> {
    const command = commandOf(code, request);
    for (let asking = 1; ; asking += 1) {
      const bytes = await this.#tpm.execute(command);
      const reader = new Reader(bytes, 'the response');
      const tag = reader.u16('its tag');
      const length = reader.u32('its size');
      const said = reader.u32('its code');
      const isResponse = tag === tags.sessions || tag === tags.noSessions;
      if (!isResponse || length !== bytes.length) throw new NoTpm('the TPM answers with something else');
      if (said === 0) return { bytes, reader };
      if (asking === askings || !asksAgain.has(said)) return undefined;
    }
  }
}

type Answered = { readonly bytes: Buffer; readonly reader: Reader };

/** What a response with sessions and no handles holds, as a copy; the response is zeroed. */
function inside({ bytes, reader }: Answered, read: (reader: Reader) => Buffer): Buffer {
  reader.u32('the size of the parameters');
  const copy = Buffer.from(read(reader));
  bytes.fill(0);
  return copy;
}

/** The public area at the start of what is left; none for keys that are neither RSA nor ECC. */
function areaIn(reader: Reader): OwnKey['area'] | undefined {
  const area = reader.sized('the public area', 0, 1_024);
  try {
    return readArea(area, 'a key of the TPM');
  } catch (thrown) {
    if (thrown instanceof StationError) return undefined;
    throw thrown;
  }
}

/** Header, handles, authorisations, parameters (part 1, 18.1). */
function commandOf(code: number, { handles: on = [], sessions = [], parameters = none }: Request): Buffer {
  const authorisations = sessions.map((session) => Buffer.concat([u32(session), u16(0), u8(0), u16(0)]));
  const area = Buffer.concat(authorisations);
  const body = [...on.map(u32), ...(area.length === 0 ? [] : [u32(area.length), area]), parameters];
  const length = 10 + body.reduce((sum, part) => sum + part.length, 0);
  const tag = area.length === 0 ? tags.noSessions : tags.sessions;
  return Buffer.concat([u16(tag), u32(length), u32(code), ...body]);
}
