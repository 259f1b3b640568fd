// A cellular module that takes its credential over AT commands; at-modem.md is for whoever builds one in.
import { createHash } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import { readCertificate } from '../asn1/certificate.ts';
import { readPems } from '../asn1/pem.ts';
import { Deadline } from '../deadline.ts';
import type { Link } from '../link.ts';
import { type Entries, readImei, readMode, readPlain, readUuid } from './at-modem-answers.ts';
import { AtLine } from './at-modem-line.ts';
import { type ModemPatience, ordinaryModemPatience } from './at-modem-patience.ts';
import { refused, SecurityTag, sha256 } from './at-modem-tag.ts';
import { operationLength } from './possession.ts';
import type {
  CredentialObject,
  CredentialStatus,
  KeyRequest,
  ModemAccess,
  ProvisioningInfo,
  UnitAccess,
  UnitHello,
  UnitIdentity,
  UnitProtocol,
  UnitSession,
} from './protocol.ts';

export type AtModemSession = UnitSession & Required<Pick<UnitSession, 'chainDigest' | 'leave'>>;
export interface AtModem extends UnitProtocol {
  open(link: Link, signal: AbortSignal, access?: UnitAccess): Promise<AtModemSession>;
}

/** The protocol with the given patience; `atModem` is the one with the ordinary one. */
export const createAtModem = (patience: ModemPatience = ordinaryModemPatience): AtModem => ({
  name: 'at-modem',
  open: async (link, signal, access) => {
    const modem = access?.modem;
    if (modem === undefined)
      throw new StationError('recipe.unsupported', { what: 'a module without its security tag' });
    const line = new AtLine(link, patience);
    await line.call('hello', patience.boot, signal);
    // An AT host that cannot echo does not know this (sdk-nrf, serial_lte_modem).
    await line.read({ command: 'ATE0', what: 'hello' }, () => true, signal);
    // Numbers instead of ERROR alone (+CMEE).
    await line.read(
      { command: 'AT+CMEE=1', what: 'hello' },
      ({ end }) => (end.kind === 'ok' ? true : undefined),
      signal,
    );
    return new Session(line, modem, helloOf(await ask(line, 'AT+CGMI', readPlain, signal)));
  },
});

export const atModem = createAtModem();

/** What the practice line's modules answer as their manufacturer. */
const simulatedMaker = 'Birthmark simulated modem';

/**
 * A module makes one kind of key, signs the request for it, and later lists digests: no nonce is signed, nothing is decrypted, no
 * provisioning information kept, nothing locked. Its memory is no application's to read.
 */
const helloOf = (maker: string): UnitHello => ({
  version: 1,
  capabilities: ['csr', 'key-p256', 'chain', 'proof-by-request', 'read-back-digest', 'operation-of-key'],
  storage: 'tee',
  simulated: maker === simulatedMaker,
});

/** Functional modes in which credentials cannot be written (%CMNG, set command), and the one that they are written in. */
const activeModes: readonly number[] = [1, 2, 21];
const offlineMode = 4;

class Session implements AtModemSession {
  readonly hello: UnitHello;
  readonly #line: AtLine;
  readonly #tag: SecurityTag;
  readonly #modem: ModemAccess;
  #registrationId: string | undefined;
  /** The public key of the key that was made in this conversation, and what its chain will be, until it is committed. */
  #made: { readonly operation: Buffer; readonly spki: Buffer } | undefined;
  #staged: { readonly operation: Buffer; readonly chain: Buffer } | undefined;
  /** The mode that the module was found in, where it was changed. */
  #foundIn: number | undefined;

  constructor(line: AtLine, modem: ModemAccess, hello: UnitHello) {
    this.hello = hello;
    this.#line = line;
    this.#modem = modem;
    this.#tag = new SecurityTag(line, modem.secTag);
  }

  async identity(signal: AbortSignal): Promise<UnitIdentity> {
    const serial =
      this.#modem.serial === 'imei'
        ? await ask(this.#line, 'AT+CGSN=1', readImei, signal)
        : await ask(this.#line, 'AT%DEVICEUUID', readUuid, signal);
    const model = await ask(this.#line, 'AT+CGMM', readPlain, signal);
    return { serial, model, firmware: await ask(this.#line, 'AT+CGMR', readPlain, signal) };
  }

  /** Where it registers is its firmware's: a module keeps credentials alone. What it is told here is its servers' CA certificates. */
  async provision({ registrationId }: ProvisioningInfo, signal: AbortSignal): Promise<void> {
    if (this.#modem.roots !== undefined) {
      await this.#goOffline(signal);
      await this.#tag.write('roots', Buffer.from(this.#modem.roots, 'latin1'), signal);
    }
    this.#registrationId = registrationId;
  }

  async status(signal: AbortSignal): Promise<CredentialStatus> {
    const { key, certificate } = await this.#tag.entries(signal);
    if (key === undefined) return { state: 'none', locked: false };
    const state = certificate === undefined ? 'staged' : 'committed';
    return { state, operation: operationOf(key), locked: false };
  }

  /** A key gives way as long as no certificate lies with it, or when its operation is named as the one that is replaced. */
  async makeKey({ algorithm, replaces }: KeyRequest, signal: AbortSignal): Promise<Buffer> {
    if (algorithm !== 'p256') return cannot(`key-${algorithm}`)();
    const name = this.#registrationId;
    if (name === undefined) {
      throw new StationError('unit.refused', { what: 'making a key', reason: 'it was not told its registration ID' });
    }
    if (!isName(name)) {
      throw new StationError('unit.refused', {
        what: 'making a key',
        reason: 'its registration ID fits no common name',
      });
    }
    const { key, certificate } = await this.#tag.entries(signal);
    if (key !== undefined && certificate !== undefined && !replaces?.equals(operationOf(key))) {
      throw new StationError('unit.other-credential');
    }
    await this.#goOffline(signal);
    if (certificate !== undefined) await this.#tag.forget('certificate', signal);
    const csr = await this.#tag.makeKey(name, signal);
    const { operation } = await this.status(signal);
    if (operation === undefined) throw new StationError('unit.garbled', { what: 'its certificate request' });
    this.#made = { operation, spki: csr.publicKey.spki };
    return csr.der;
  }

  /** There is no second slot: the chain waits here until it is committed. */
  async stage({ kind, operation, bytes }: CredentialObject, signal: AbortSignal): Promise<void> {
    if (kind !== 'chain') return cannot(kind)();
    const { certificate } = await this.#of(operation, signal);
    if (certificate !== undefined && certificate !== sha256(bytes)) throw new StationError('unit.other-credential');
    this.#checkPair(operation, bytes);
    this.#staged = { operation: Buffer.from(operation), chain: Buffer.from(bytes) };
  }

  /** Of a key that was made in an earlier conversation the public half is nowhere to be read: whoever kept the request compares. */
  #checkPair(operation: Buffer, chain: Buffer): void {
    if (!this.#made?.operation.equals(operation)) return;
    if (leafSpki(chain)?.equals(this.#made.spki)) return;
    throw new StationError('unit.refused', { what: 'chain', reason: 'the certificate is not for its key' });
  }

  async commit(operation: Buffer, signal: AbortSignal): Promise<void> {
    const { certificate } = await this.#of(operation, signal);
    if (this.#staged?.operation.equals(operation)) {
      await this.#goOffline(signal);
      await this.#tag.write('certificate', this.#staged.chain, signal);
      this.#staged = undefined;
    } else if (certificate === undefined) {
      throw new StationError('unit.refused', { what: 'chain', reason: 'no credential is staged' });
    }
    // What lies there now is this key with this chain, or somebody was quicker.
    await this.#of(operation, signal);
  }

  async chainDigest(operation: Buffer, signal: AbortSignal): Promise<Buffer> {
    const { certificate } = await this.#of(operation, signal);
    if (certificate !== undefined) return Buffer.from(certificate, 'hex');
    throw new StationError('unit.refused', { what: 'chain', reason: 'there is none' });
  }

  /** What lies under the tag, where its key is the one of this operation. */
  async #of(operation: Buffer, signal: AbortSignal): Promise<Entries> {
    const entries = await this.#tag.entries(signal);
    if (entries.key === undefined) throw new StationError('unit.refused', { what: 'chain', reason: 'it has no key' });
    if (!operationOf(entries.key).equals(operation)) throw new StationError('unit.other-credential');
    return entries;
  }

  async #goOffline(signal: AbortSignal): Promise<void> {
    const mode = await ask(this.#line, 'AT+CFUN?', readMode, signal);
    if (!activeModes.includes(mode)) return;
    const what = 'letting go of its radio';
    const asked = { command: `AT+CFUN=${offlineMode}`, what, ms: this.#line.patience.work };
    await this.#line.read(asked, ({ end }) => (end.kind === 'ok' ? true : fail(what, end)), signal);
    this.#foundIn ??= mode;
  }

  /** Sets the module back to the mode that it was found in. */
  async leave(): Promise<void> {
    if (this.#foundIn === undefined) return;
    using deadline = new Deadline(this.#line.patience.leave);
    const asked = { command: `AT+CFUN=${this.#foundIn}`, what: 'leaving it' };
    // A module that is gone cannot be set back either; the next power-on does that.
    await this.#line.ask(asked, deadline.signal).catch(() => undefined);
  }

  prove = cannot('proof-signature');
  readChain = cannot('certificates that can be read');
  lock = cannot('lock');
  ownCertificate = cannot('certificate');
  writeFile = cannot('file');
  tpm = cannot('tpm');
}

function ask<T>(line: AtLine, command: string, read: (line: string) => T | undefined, signal: AbortSignal): Promise<T> {
  const what = command.replace(/^AT/, '');
  return line.read(
    { command, what },
    ({ end, lines }) => {
      if (end.kind === 'refused') return fail(what, end);
      return lines.map(read).find((value) => value !== undefined);
    },
    signal,
  );
}

function fail(what: string, end: Parameters<typeof refused>[1]): never {
  throw refused(what, end);
}

const label = Buffer.from('birthmark-at-modem-v1\0', 'latin1');

/** A module keeps no operation ids: the key that it lists names its own. */
const operationOf = (key: string): Buffer =>
  createHash('sha256').update(label).update(Buffer.from(key, 'hex')).digest().subarray(0, operationLength);

/** What DPS takes as a registration ID, and a certificate as a common name: nothing in it means anything in a command. */
const isName = (name: string): boolean => /^[A-Za-z0-9._:-]{1,64}$/.test(name);

function leafSpki(chain: Buffer): Buffer | undefined {
  try {
    const [leaf] = readPems(chain, 'the chain');
    return leaf && readCertificate(leaf.der, 'the certificate').publicKey.spki;
  } catch (error) {
    if (error instanceof StationError && error.code === 'input.invalid') return undefined;
    throw error;
  }
}

const cannot = (what: string) => async (): Promise<never> => {
  throw new StationError('unit.cannot', { what });
};
