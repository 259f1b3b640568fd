// The station's side of uart-v1; uart-v1.md is the specification, uart-v1-messages.ts the tables.
import { createHash } from 'node:crypto';
import { StationError } from '../../station-core/contract/errors.ts';
import type { Link } from '../link.ts';
import { openTpm } from '../tpm/tpm.ts';
import type { UnitTpm } from '../tpm/unit-tpm.ts';
import { Exchange, type LineCounts, type Patience } from './exchange.ts';
import { operationLength } from './possession.ts';
import type {
  CredentialObject,
  CredentialStatus,
  KeyRequest,
  OwnCertificate,
  Possession,
  ProvisioningInfo,
  UnitFile,
  UnitHello,
  UnitIdentity,
  UnitProtocol,
  UnitSession,
} from './protocol.ts';
import { Asking, ordinaryPatience } from './uart-v1-asking.ts';
import { deliveryOf, prepareCredential } from './uart-v1-deliveries.ts';
import {
  type Answers,
  type Capability,
  fileFields,
  helloVersion,
  type MessageName,
  maxContent,
  maxPath,
  protocolVersion,
  provisioningFields,
} from './uart-v1-messages.ts';
import { confirmObject, fetchObject, type Sent, sendObject } from './uart-v1-objects.ts';
import { TpmTunnel } from './uart-v1-tpm.ts';
import { writeFields } from './wire.ts';

export type UartV1Session = UnitSession & { readonly line: LineCounts };
export interface UartV1 extends UnitProtocol {
  open(link: Link, signal: AbortSignal): Promise<UartV1Session>;
}

/** The protocol with the given patience; `uartV1` is the one with the ordinary one. */
export const createUartV1 = (patience: Readonly<Record<MessageName, Patience>> = ordinaryPatience): UartV1 => ({
  name: 'uart-v1',
  open: async (link, signal) => {
    const asking = new Asking(Exchange.on(link), patience);
    const answer = await asking.send('hello', { version: protocolVersion }, signal);
    const found = helloVersion(answer);
    if (found !== undefined && found !== protocolVersion) {
      throw new StationError('unit.version', { found, expected: protocolVersion });
    }
    return new Session(asking, asking.read('hello', answer));
  },
});

export const uartV1 = createUartV1();

class Session implements UartV1Session {
  readonly hello: UnitHello;
  readonly #asking: Asking;
  readonly #chunk: number;

  constructor(asking: Asking, hello: Answers<'hello'>) {
    const { chunk, ...said } = hello;
    this.hello = said;
    this.#asking = asking;
    this.#chunk = chunk;
  }

  get line(): LineCounts {
    return this.#asking.exchange.counts;
  }

  async identity(signal: AbortSignal): Promise<UnitIdentity> {
    const { mac, ...said } = await this.#asking.ask('identity', {}, signal);
    return mac === undefined ? said : { ...said, mac: macText(mac) };
  }

  async provision(info: ProvisioningInfo, signal: AbortSignal): Promise<void> {
    this.#needs('provisioning');
    const bytes = writeFields(provisioningFields, info);
    const digest = sha256(bytes);
    // Named by its content: the same values are the same operation, and doing it again changes nothing.
    const operation = operationOfContent(digest);
    const begin = { operation, object: 'provisioning', total: bytes.length, delivery: 'clear' };
    await this.#send(async () => ({ ...begin, bytes, comparable: true }), signal);
    // F-111: what was written is read back and compared, as its digest.
    const { provisioned } = await this.#asking.ask('status', {}, signal);
    if (provisioned?.equals(digest)) return;
    const reason = 'what it reads back is not what was written';
    throw new StationError('unit.refused', { what: 'provisioning', reason });
  }

  async status(signal: AbortSignal): Promise<CredentialStatus> {
    const { state, operation, locked } = await this.#asking.ask('status', {}, signal);
    // A copy: what was read is a view of the frame.
    return operation === undefined ? { state, locked } : { state, locked, operation: Buffer.from(operation) };
  }

  async stage(credential: CredentialObject, signal: AbortSignal): Promise<void> {
    this.#needs(credential.kind);
    this.#needs(`delivery-${deliveryOf(credential)}`);
    await this.#send(() => prepareCredential(this.#asking, credential, signal), signal);
  }

  async commit(operation: Buffer, signal: AbortSignal): Promise<void> {
    await this.#asking.ask('commit', { operation }, signal);
  }

  async prove(
    operation: Buffer,
    registrationId: string,
    stationNonce: Buffer,
    signal: AbortSignal,
  ): Promise<Possession> {
    const { capabilities } = this.hello;
    if (!capabilities.includes('proof-signature')) this.#needs('proof-hmac-sha256');
    const { unitNonce, proof } = await this.#asking.ask('prove', { operation, registrationId, stationNonce }, signal);
    return { unitNonce: Buffer.from(unitNonce), proof: Buffer.from(proof) };
  }

  async lock(operation: Buffer, signal: AbortSignal): Promise<void> {
    this.#needs('lock');
    await this.#asking.ask('lock', { operation }, signal);
  }

  async makeKey(request: KeyRequest, signal: AbortSignal): Promise<Buffer> {
    const { operation } = request;
    this.#needs('csr');
    this.#needs(`key-${request.algorithm}`);
    await this.#asking.ask('make-key', request, signal);
    return fetchObject(this.#asking, { object: 'csr', operation }, signal);
  }

  async readChain(operation: Buffer, signal: AbortSignal): Promise<Buffer> {
    this.#needs('chain');
    return fetchObject(this.#asking, { object: 'chain', operation }, signal);
  }

  async ownCertificate(signal: AbortSignal): Promise<OwnCertificate> {
    this.#needs('certificate');
    const chain = await fetchObject(this.#asking, { object: 'certificate' }, signal);
    return { operation: operationOfContent(sha256(chain)), chain };
  }

  async tpm(signal: AbortSignal): Promise<UnitTpm> {
    signal.throwIfAborted();
    this.#needs('tpm');
    return openTpm(new TpmTunnel(this.#asking));
  }

  async writeFile({ path, mode, bytes: content, key }: UnitFile, signal: AbortSignal): Promise<void> {
    // It would travel beside its own delivery, and in clear.
    if (key) throw new StationError('unit.cannot', { what: 'a file with a key in it' });
    this.#needs('file');
    const tooLong = content.length > maxContent || path.length > maxPath;
    if (tooLong) throw new StationError('unit.refused', { what: 'file', reason: 'that is too long for its protocol' });
    const bytes = writeFields(fileFields, { path, mode, content });
    const operation = operationOfContent(sha256(bytes));
    const file = { operation, object: 'file', total: bytes.length, delivery: 'clear', bytes, comparable: true };
    await this.#send(async () => file, signal);
    await confirmObject(this.#asking, file, signal);
  }

  #send(prepare: () => Promise<Sent>, signal: AbortSignal): Promise<void> {
    return sendObject(this.#asking, prepare, this.#chunk, signal);
  }

  #needs(what: Capability): void {
    if (!this.hello.capabilities.includes(what)) throw new StationError('unit.cannot', { what });
  }
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** What is named by its content, from its SHA-256: provisioning information, and the certificate that a unit came with. */
const operationOfContent = (digest: Buffer): Buffer => digest.subarray(0, operationLength);

const macText = (mac: Buffer): string =>
  [...mac].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
