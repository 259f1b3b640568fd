// The commands that the station sends, with their responses read strictly (TPM 2.0 Library Specification, part 3).
import { randomBytes } from 'node:crypto';
import {
  algorithms,
  type CommandName,
  capabilities,
  handleRanges,
  handles,
  properties,
  sessionTypes,
} from './constants.ts';
import { byPassword, bySession, garbled, type Response, TpmExchange } from './exchange.ts';
import { Reader, sized, u8, u16, u32 } from './marshal.ts';
import { hashAlgorithm, type PublicArea, readPublicArea } from './public.ts';
import { isAbsent, tpmError } from './return-codes.ts';
import type { TpmTransport } from './transport.ts';

export type Loaded = { readonly handle: number; readonly public: PublicArea; readonly name: Buffer };
export type NvPublic = { readonly index: number; readonly attributes: number; readonly size: number };

/** Most entries of a list that is read: handles of one kind, or properties. */
const mostEntries = 254;
/** Longest content of an NV index; certificate chains have some 4 KiB. */
const longestNv = 16_384;
/** Header, size of parameters, size of the piece, and an empty acknowledgement. */
const nvReadOverhead = 10 + 4 + 2 + 5;
/** What every TPM takes at a time (PC Client Platform TPM Profile 4.4: at least 512). */
const leastNvBuffer = 512;

/**
 * A TPM answers handles of the same kind alone (part 3, 30.2); but loaded sessions, asked for from 0x02000000, are of both kinds,
 * and so are saved ones, from 0x03000000 (part 2, 7.3: TPM_HT_LOADED_SESSION, TPM_HT_SAVED_SESSION).
 */
function isOfRange(handle: number, from: number): boolean {
  const sessions: readonly number[] = [handleRanges.loadedSession >>> 24, handleRanges.savedSession >>> 24];
  const [kind, asked] = [handle >>> 24, from >>> 24];
  return sessions.includes(asked) ? sessions.includes(kind) : kind === asked;
}

/** Typed commands to one TPM. What is loaded is remembered until it is flushed. */
export class TpmCommands {
  readonly #exchange: TpmExchange;
  readonly #loaded = new Set<number>();
  #nvBuffer: number | undefined;

  constructor(transport: TpmTransport) {
    this.#exchange = new TpmExchange(transport, (signal) => this.#flushStrangers(signal));
  }

  /** TPM2_GetCapability(TPM_CAP_TPM_PROPERTIES): property → value, from the first that is asked for. */
  async properties(from: number, most: number, signal: AbortSignal): Promise<ReadonlyMap<number, number>> {
    const found = new Map<number, number>();
    let next: number | undefined = from;
    while (next !== undefined && found.size < most) {
      const { entries, more } = await this.#capability(capabilities.tpmProperties, next, most - found.size, signal);
      for (const { key, value = 0 } of entries) found.set(key, value);
      const last: number | undefined = entries.at(-1)?.key;
      next = more && last !== undefined && last >= next ? last + 1 : undefined;
    }
    return found;
  }

  /** TPM2_GetCapability(TPM_CAP_HANDLES): the handles of one kind, ascending. */
  async handles(from: number, signal: AbortSignal): Promise<readonly number[]> {
    const found: number[] = [];
    let next: number | undefined = from;
    while (next !== undefined && found.length < mostEntries) {
      const { entries, more } = await this.#capability(capabilities.handles, next, mostEntries, signal);
      found.push(...entries.map(({ key }) => key).filter((one) => isOfRange(one, from)));
      const last: number | undefined = entries.at(-1)?.key;
      next = more && last !== undefined && last >= next ? last + 1 : undefined;
    }
    return found;
  }

  /** TPM2_ReadPublic; `undefined` where nothing is at that handle. */
  async readPublic(handle: number, signal: AbortSignal): Promise<Loaded | undefined> {
    const { code, response } = await this.#exchange.try('ReadPublic', { handles: [handle] }, signal);
    if (!response) {
      if (isAbsent(code)) return undefined;
      throw tpmError('TPM2_ReadPublic', code);
    }
    return this.#read('ReadPublic', response, (reader) => {
      const area = publicOf(reader);
      const name = nameIn(reader);
      reader.sized('its qualified name', 0, 66);
      return { handle, public: area, name };
    });
  }

  /** TPM2_CreatePrimary by a template (TPMT_PUBLIC), under a hierarchy's password. To be flushed. */
  async createPrimary(
    hierarchy: number,
    password: Uint8Array | undefined,
    template: Buffer,
    signal: AbortSignal,
  ): Promise<Loaded> {
    // No password and no data of its own, no outside information, no PCRs (part 3, 24.1).
    const sensitive = sized(Buffer.concat([sized(Buffer.alloc(0)), sized(Buffer.alloc(0))]));
    const parameters = Buffer.concat([sensitive, sized(template), u16(0), u32(0)]);
    const command = { handles: [hierarchy], authorisations: [byPassword(password)], parameters };
    const response = await this.#exchange.ask('CreatePrimary', command, signal);
    const handle = this.#remember(response);
    return this.#read('CreatePrimary', response, (reader) => {
      const area = publicOf(reader);
      reader.sized('its creation data', 0, 512);
      reader.sized('its creation hash', 0, 64);
      readTicket(reader);
      return { handle, public: area, name: nameIn(reader) };
    });
  }

  /** TPM2_NV_ReadPublic; `undefined` for an index that is not there. */
  async nvReadPublic(index: number, signal: AbortSignal): Promise<NvPublic | undefined> {
    const { code, response } = await this.#exchange.try('NV_ReadPublic', { handles: [index] }, signal);
    if (!response) {
      if (isAbsent(code)) return undefined;
      throw tpmError('TPM2_NV_ReadPublic', code);
    }
    return this.#read('NV_ReadPublic', response, (reader) => {
      const area = new Reader(reader.sized('the public area', 14, 128), 'NV public area');
      const said = area.u32('its index');
      if (said !== index) throw area.wrong('its index', index.toString(16), said.toString(16));
      area.u16('its name algorithm');
      const attributes = area.u32('its attributes');
      area.sized('its policy', 0, 64);
      const size = area.u16('its size');
      area.end('the NV public area');
      if (size > longestNv) throw area.wrong('its size', `at most ${longestNv}`, `${size}`);
      reader.sized('its name', 0, 66);
      return { index, attributes, size };
    });
  }

  /** TPM2_NV_Read of the whole index, which is its own authorisation (TPMA_NV_AUTHREAD, empty password). */
  async nvRead({ index, size }: NvPublic, signal: AbortSignal): Promise<Buffer> {
    const most = await this.#nvPiece(signal);
    const pieces: Buffer[] = [];
    for (let offset = 0; offset < size; offset += most) {
      const length = Math.min(most, size - offset);
      const parameters = Buffer.concat([u16(length), u16(offset)]);
      const command = { handles: [index, index], authorisations: [byPassword()], parameters };
      const response = await this.#exchange.ask('NV_Read', command, signal);
      pieces.push(this.#read('NV_Read', response, (reader) => reader.sized('the piece', length, length)));
    }
    return Buffer.concat(pieces);
  }

  /** TPM2_StartAuthSession: a policy session, unbound and unsalted. To be flushed unless a command ended it. */
  async startPolicySession(hash: PublicArea['nameAlgorithm'], signal: AbortSignal): Promise<number> {
    // A nonce has at least 16 bytes (part 3, 11.1).
    const parameters = Buffer.concat([
      sized(randomBytes(16)),
      u16(0),
      u8(sessionTypes.policy),
      u16(algorithms.null),
      u16(hashAlgorithm[hash]),
    ]);
    const command = { handles: [handles.null, handles.null], parameters };
    const response = await this.#exchange.ask('StartAuthSession', command, signal);
    const handle = this.#remember(response);
    this.#read('StartAuthSession', response, (reader) => reader.sized('its nonce', 0, 64));
    return handle;
  }

  /** TPM2_PolicySecret of the endorsement hierarchy: no nonce, no cpHash, no reference, no expiry. */
  async policySecret(session: number, password: Uint8Array | undefined, signal: AbortSignal): Promise<void> {
    const parameters = Buffer.concat([u16(0), u16(0), u16(0), u32(0)]);
    const command = { handles: [handles.endorsement, session], authorisations: [byPassword(password)], parameters };
    const response = await this.#exchange.ask('PolicySecret', command, signal);
    this.#read('PolicySecret', response, (reader) => {
      reader.sized('its timeout', 0, 8);
      readTicket(reader);
    });
  }

  /** TPM2_PolicyOR: two to eight branches. */
  async policyOr(session: number, branches: readonly Buffer[], signal: AbortSignal): Promise<void> {
    const parameters = Buffer.concat([u32(branches.length), ...branches.map(sized)]);
    const response = await this.#exchange.ask('PolicyOR', { handles: [session], parameters }, signal);
    this.#read('PolicyOR', response, () => undefined);
  }

  /** TPM2_ActivateCredential: the secret. A session that succeeded is gone with it (part 1, 19.6.4). The caller zeroes the answer. */
  async activateCredential(
    keys: { readonly activation: number; readonly endorsement: number; readonly session: number },
    challenge: { readonly credential: Buffer; readonly secret: Buffer },
    signal: AbortSignal,
  ): Promise<Buffer> {
    const command = {
      handles: [keys.activation, keys.endorsement],
      authorisations: [byPassword(), bySession(keys.session)],
      parameters: Buffer.concat([challenge.credential, challenge.secret]),
    };
    const response = await this.#exchange.ask('ActivateCredential', command, signal);
    this.#loaded.delete(keys.session);
    return this.#read('ActivateCredential', response, (reader) => {
      const view = reader.sized('the secret', 0, 64);
      const secret = Buffer.from(view);
      view.fill(0);
      return secret;
    });
  }

  /** TPM2_HierarchyChangeAuth of the owner hierarchy, whose authorisation is empty. It travels in clear. */
  async setOwnerAuth(ownerAuth: Uint8Array, signal: AbortSignal): Promise<void> {
    const parameters = sized(ownerAuth);
    const command = { handles: [handles.owner], authorisations: [byPassword()], parameters };
    try {
      const response = await this.#exchange.ask('HierarchyChangeAuth', command, signal);
      this.#read('HierarchyChangeAuth', response, () => undefined);
    } finally {
      parameters.fill(0);
    }
  }

  /** TPM2_FlushContext of something that was loaded. */
  async flush(handle: number, signal: AbortSignal): Promise<void> {
    const response = await this.#exchange.ask('FlushContext', { parameters: u32(handle) }, signal);
    this.#loaded.delete(handle);
    this.#read('FlushContext', response, () => undefined);
  }

  /** Ends the waiting; to be called when the last command was sent. */
  close(): void {
    this.#exchange.close();
  }

  get hasLoaded(): boolean {
    return this.#loaded.size > 0;
  }

  /** Flushes everything that was loaded and not flushed. */
  async flushAll(signal: AbortSignal): Promise<void> {
    for (const handle of [...this.#loaded]) await this.flush(handle, signal);
  }

  /** What an earlier conversation left in the TPM, whose station or cable died: nobody uses it any more. */
  async #flushStrangers(signal: AbortSignal): Promise<boolean> {
    let flushed = 0;
    for (const from of [handleRanges.transient, handleRanges.loadedSession, handleRanges.savedSession]) {
      for (const handle of await this.handles(from, signal)) {
        if (this.#loaded.has(handle)) continue;
        await this.flush(handle, signal);
        flushed += 1;
      }
    }
    return flushed > 0;
  }

  async #nvPiece(signal: AbortSignal): Promise<number> {
    if (this.#nvBuffer === undefined) {
      const said = (await this.properties(properties.nvBufferMax, 1, signal)).get(properties.nvBufferMax);
      this.#nvBuffer = Math.max(32, Math.min(said ?? leastNvBuffer, this.#exchange.room(nvReadOverhead)));
    }
    return this.#nvBuffer;
  }

  async #capability(capability: number, from: number, most: number, signal: AbortSignal) {
    const parameters = Buffer.concat([u32(capability), u32(from), u32(most)]);
    const response = await this.#exchange.ask('GetCapability', { parameters }, signal);
    return this.#read('GetCapability', response, (reader) => {
      const more = reader.u8('whether there is more') !== 0;
      const said = reader.u32('the capability');
      if (said !== capability) throw reader.wrong('the capability', `${capability}`, `${said}`);
      const count = reader.u32('the number of entries');
      if (count > mostEntries) throw reader.wrong('the number of entries', `at most ${mostEntries}`, `${count}`);
      const pairs = capability === capabilities.tpmProperties;
      const entries = Array.from({ length: count }, () => {
        const key = reader.u32('an entry');
        return pairs ? { key, value: reader.u32('its value') } : { key };
      });
      return { entries, more };
    });
  }

  #remember({ handle = 0 }: Response): number {
    this.#loaded.add(handle);
    return handle;
  }

  /** Reads a response's parameters to their end. */
  #read<T>(name: CommandName, { parameters }: Response, read: (reader: Reader) => T): T {
    try {
      const value = read(parameters);
      parameters.end('the response');
      return value;
    } catch (thrown) {
      throw garbled(name, thrown);
    }
  }
}

/** A TPM2B_PUBLIC inside a response. */
function publicOf(reader: Reader): PublicArea {
  return readPublicArea(sized(reader.sized('the public area', 1, 1_024)), 'public area');
}

/** The Name that the TPM says (34, 50 or 66 bytes). Whether it follows from the public area is `nameOf`'s to say. */
const nameIn = (reader: Reader): Buffer => Buffer.from(reader.sized('its name', 34, 66));

/** TPMT_TK: tag, hierarchy, digest (part 2, 10.7). */
function readTicket(reader: Reader): void {
  reader.u16("a ticket's tag");
  reader.u32("a ticket's hierarchy");
  reader.sized("a ticket's digest", 0, 64);
}
