// The generated parts of drivers/protocols/uart-v1.md: tables from the code's own tables, and one conversation with a
// simulated unit, byte for byte, with fixed ids, nonces and key.
import { createHash } from 'node:crypto';
import { encodeFrame, FrameDecoder } from '../../drivers/frames/framer.ts';
import { Ephemeral } from '../../drivers/protocols/channel.ts';
import {
  type Asks,
  answerOffset,
  capabilities,
  type Delivery,
  deliveries,
  fetchedKinds,
  fileFields,
  keyAlgorithms,
  type MessageName,
  messages,
  objectKinds,
  provisioningFields,
  refusalKind,
  writeRequest,
} from '../../drivers/protocols/uart-v1-messages.ts';
import { refusals } from '../../drivers/protocols/uart-v1-refusals.ts';
import { type Fields, writeFields } from '../../drivers/protocols/wire.ts';
import { Memory } from '../../drivers/simulated/unit/memory.ts';
import type { UnitsTpm } from '../../drivers/simulated/unit/units-tpm.ts';
import { WiredUnit } from '../../drivers/simulated/unit/wired.ts';
import { CuttableFlash } from '../suites/loop.ts';
import { unitChain, unitKey } from './x509-unit.ts';

/** A table as the repository's formatter lays it out: columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = head.map((_, at) => Math.max(3, ...[head, ...rows].map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[], fill: string) =>
    `| ${cells.map((cell, at) => cell.padEnd(width[at] ?? 0, fill)).join(' | ')} |`;
  const rule = line(
    head.map(() => ''),
    '-',
  );
  return [line(head, ' '), rule, ...rows.map((cells) => line(cells, ' '))].join('\n');
}

export const fieldRows = (fields: Fields, whose: string): string[][] =>
  Object.entries(fields).map(([name, { key, codec, needed }]) => [
    whose,
    `${key}`,
    name,
    needed ? codec.says : `${codec.says}; may be missing`,
  ]);

/** One section for each message. */
export function messageTables(): string {
  const sections = (Object.keys(messages) as MessageName[]).map((name) => {
    const { kind, asks, answers } = messages[name];
    const rows = [...fieldRows(asks, 'request'), ...fieldRows(answers, 'answer')];
    const title = `### ${name}: request ${kind}, answer ${kind + answerOffset}`;
    return rows.length === 0
      ? `${title}\n\nNo further fields.`
      : `${title}\n\n${table(['in', 'key', 'field', 'value'], rows)}`;
  });
  return sections.join('\n\n');
}

export const objectTable = (): string =>
  [
    `Kinds of objects that a station sends: ${objectKinds.map((kind) => `\`${kind}\``).join(', ')}.`,
    `Kinds that it fetches: ${fetchedKinds.map((kind) => `\`${kind}\``).join(', ')}.`,
    `Algorithms of keys: ${keyAlgorithms.map((kind) => `\`${kind}\``).join(', ')}.`,
    `Deliveries: ${deliveries.map((kind) => `\`${kind}\``).join(', ')}.`,
    `Capabilities: ${capabilities.map((kind) => `\`${kind}\``).join(', ')}.`,
    '',
    'The bytes of a `provisioning` object are a map of their own:',
    '',
    table(
      ['key', 'field', 'value'],
      fieldRows(provisioningFields, '').map(([, ...cells]) => cells),
    ),
    '',
    'The bytes of a `file` object:',
    '',
    table(
      ['key', 'field', 'value'],
      fieldRows(fileFields, '').map(([, ...cells]) => cells),
    ),
  ].join('\n');

export const refusalTable = (): string =>
  `The answer that refuses has kind ${refusalKind} and under key 2 one of these codes:\n\n${table(
    ['code', 'the unit says that'],
    Object.entries(refusals).map(([code, says]) => [`\`${code}\``, says]),
  )}`;

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const lines = (text: string): string => text.replace(/(.{96})(?=.)/g, '$1\n           ');

export const operation = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
export const registrationId = 'sn-000001';
const provisioning = writeFields(provisioningFields, {
  idScope: '0ne00000001',
  endpoint: 'global.azure-devices-provisioning.net',
  registrationId,
});
const infoDigest = sha256(provisioning);
const infoIds = {
  operation: infoDigest.subarray(0, 16),
  object: 'provisioning',
  total: provisioning.length,
};
export const prove = { operation, registrationId, stationNonce: Buffer.alloc(32, 0xa5) };

/** What a unit of these conversations has beside its firmware. */
type Unit = { readonly deliveries: readonly Delivery[]; readonly tpm?: UnitsTpm };

/** Requests to one unit and its answers, with request ids that count up. */
export class Conversation {
  readonly #unit: WiredUnit;
  readonly #conversation: string;
  #asked = 0;

  constructor(conversation: string, { deliveries: ways, tpm }: Unit = { deliveries: ['clear'] }) {
    const mac = Buffer.from('02005e100001', 'hex');
    const facts = { serial: 'SN-000001', mac, model: 'model', firmware: '1.0.0', deliveries: ways };
    const chance = {
      random: (length: number) => Buffer.alloc(length, 0x5a),
      makeKey: () => Buffer.from(unitKey),
      ephemeral: () => Ephemeral.of(Buffer.alloc(32, 0x5a)),
    };
    this.#unit = new WiredUnit(facts, new Memory(new CuttableFlash()), { ...chance, ...(tpm && { tpm }) });
    this.#conversation = conversation;
  }

  step<M extends MessageName>(name: M, asks: Asks<M>, about = ''): string {
    const request = this.#next(name, asks);
    return shown(name, request, Buffer.concat(this.#unit.receive(encodeFrame(request))), about);
  }

  /** The same of a request that the TPM is asked for. */
  async stepLater<M extends MessageName>(name: M, asks: Asks<M>, about = ''): Promise<string> {
    const request = this.#next(name, asks);
    const later: Promise<Buffer>[] = [];
    this.#unit.receive(encodeFrame(request), (frame) => later.push(frame));
    return shown(name, request, Buffer.concat(await Promise.all(later)), about);
  }

  #next<M extends MessageName>(name: M, asks: Asks<M>): Buffer {
    this.#asked += 1;
    const requestId = Buffer.from(`${this.#conversation}${this.#asked.toString(16).padStart(8, '0')}`, 'hex');
    return writeRequest(name, requestId, asks);
  }

  /** Provisioning information, as at the beginning of every conversation. */
  provision(): string[] {
    return [
      this.step('begin', { ...infoIds, delivery: 'clear' }, ', provisioning information'),
      this.step('chunk', { ...infoIds, offset: 0, bytes: provisioning }),
      this.step('end', { operation: infoIds.operation, object: 'provisioning', sha256: infoDigest }),
    ];
  }
}

function shown(name: MessageName, request: Buffer, answers: Buffer, about: string): string {
  const [answer] = new FrameDecoder().push(answers);
  if (answer === undefined) throw new Error(`the unit did not answer ${name}`);
  const parts: [string, Uint8Array][] = [
    ['request', request],
    ['  frame', encodeFrame(request)],
    [' answer', answer],
    ['  frame', answers],
  ];
  const body = parts.map(([label, bytes]) => `${label}    ${lines(hex(bytes))}`).join('\n');
  return `${name}${about}\n\n\`\`\`text\n${body}\n\`\`\``;
}

/** The conversation of one unit that is provisioned, given a key, asked for its proof and locked. */
export function conversation(): string {
  const key = Buffer.alloc(32, 0x11);
  const credential = { operation, object: 'symmetric-key', total: key.length };
  const unit = new Conversation('01020304');
  return [
    unit.step('hello', { version: 1 }),
    unit.step('identity', {}),
    ...unit.provision(),
    unit.step('status', {}, ', where the digest of what was written is read back'),
    unit.step('begin', { ...credential, delivery: 'clear' }, ', the credential, a key of 32 times 11'),
    unit.step('chunk', { ...credential, offset: 0, bytes: key }),
    unit.step('end', { operation, object: 'symmetric-key', sha256: sha256(key) }),
    unit.step('commit', { operation }),
    unit.step('prove', prove, ', station nonce 32 times a5, unit nonce 32 times 5a'),
    unit.step('lock', { operation }),
    unit.step('commit', { operation: Buffer.alloc(16, 0xff) }, ' of another operation, refused as `other-credential`'),
  ].join('\n\n');
}

/** A unit that makes an RSA key and is given its certificate; what it is asked first is as in the other conversation. */
export function x509Conversation(): string {
  const chain = { operation, object: 'chain', total: unitChain.length };
  const unit = new Conversation('05060708');
  unit.provision();
  return [
    unit.step('make-key', { operation, algorithm: 'rsa2048' }),
    unit.step('fetch', { operation, object: 'csr', offset: 0 }, ', the certificate request'),
    unit.step('begin', { ...chain, delivery: 'clear' }, ', the chain'),
    unit.step('chunk', { ...chain, offset: 0, bytes: unitChain }),
    unit.step('end', { operation, object: 'chain', sha256: sha256(unitChain) }),
    unit.step('commit', { operation }),
    unit.step('fetch', { operation, object: 'chain', offset: 0 }, ', the chain is read back'),
    unit.step('prove', prove, ', the proof is a signature'),
  ].join('\n\n');
}
