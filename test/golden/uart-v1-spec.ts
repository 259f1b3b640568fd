// The generated parts of drivers/protocols/uart-v1.md: tables from the code's own tables, and one conversation with a
// simulated unit, byte for byte, with fixed ids, nonces and key.
import { createHash } from 'node:crypto';
import { encodeFrame, FrameDecoder } from '../../drivers/frames/framer.ts';
import {
  type Asks,
  answerOffset,
  capabilities,
  deliveries,
  type MessageName,
  messages,
  objectKinds,
  provisioningFields,
  refusalKind,
  refusals,
  writeRequest,
} from '../../drivers/protocols/uart-v1-messages.ts';
import { type Fields, writeFields } from '../../drivers/protocols/wire.ts';
import { Memory } from '../../drivers/simulated/unit/memory.ts';
import { WiredUnit } from '../../drivers/simulated/unit/wired.ts';
import { CuttableFlash } from '../suites/loop.ts';

/** A table as the repository's formatter lays it out: columns as wide as their widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = head.map((_, at) => Math.max(3, ...[head, ...rows].map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[], fill: string) =>
    `| ${cells.map((cell, at) => cell.padEnd(width[at] ?? 0, fill)).join(' | ')} |`;
  const rule = line(
    head.map(() => ''),
    '-',
  );
  return [line(head, ' '), rule, ...rows.map((cells) => line(cells, ' '))].join('\n');
}

const fieldRows = (fields: Fields, whose: string): string[][] =>
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
    `Kinds of objects: ${objectKinds.map((kind) => `\`${kind}\``).join(', ')}.`,
    `Deliveries: ${deliveries.map((kind) => `\`${kind}\``).join(', ')}.`,
    `Capabilities: ${capabilities.map((kind) => `\`${kind}\``).join(', ')}.`,
    '',
    'The bytes of a `provisioning` object are a map of their own:',
    '',
    table(
      ['key', 'field', 'value'],
      fieldRows(provisioningFields, '').map(([, ...cells]) => cells),
    ),
  ].join('\n');

export const refusalTable = (): string =>
  `The answer that refuses has kind ${refusalKind} and under key 2 one of these codes:\n\n${table(
    ['code', 'the unit says that'],
    Object.entries(refusals).map(([code, says]) => [`\`${code}\``, says]),
  )}`;

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const lines = (text: string): string => text.replace(/(.{96})(?=.)/g, '$1\n           ');

/** The conversation of one unit that is provisioned, given a key, asked for its proof and locked. */
export function conversation(): string {
  const operation = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
  const key = Buffer.alloc(32, 0x11);
  const registrationId = 'sn-000001';
  const info = { idScope: '0ne00000001', endpoint: 'global.azure-devices-provisioning.net', registrationId };
  const provisioning = writeFields(provisioningFields, info);
  const infoDigest = sha256(provisioning);
  const ids = { operation: infoDigest.subarray(0, 16), object: 'provisioning', total: provisioning.length };
  const credential = { operation, object: 'symmetric-key', total: key.length };
  const facts = { serial: 'SN-000001', mac: Buffer.from('02005e100001', 'hex'), model: 'model', firmware: '1.0.0' };
  const unit = new WiredUnit(facts, new Memory(new CuttableFlash()), (length) => Buffer.alloc(length, 0x5a));
  let asked = 0;

  const step = <M extends MessageName>(name: M, asks: Asks<M>, about = ''): string => {
    asked += 1;
    const requestId = Buffer.from(`01020304${asked.toString(16).padStart(8, '0')}`, 'hex');
    const request = writeRequest(name, requestId, asks);
    const frame = encodeFrame(request);
    const answers = unit.receive(frame);
    const [answer] = new FrameDecoder().push(Buffer.concat(answers));
    if (answer === undefined) throw new Error(`the unit did not answer ${name}`);
    const shown: [string, Uint8Array][] = [
      ['request', request],
      ['  frame', frame],
      [' answer', answer],
      ['  frame', Buffer.concat(answers)],
    ];
    const body = shown.map(([label, bytes]) => `${label}    ${lines(hex(bytes))}`).join('\n');
    return `${name}${about}\n\n\`\`\`text\n${body}\n\`\`\``;
  };

  const prove = { operation, registrationId, stationNonce: Buffer.alloc(32, 0xa5) };
  return [
    step('hello', { version: 1 }),
    step('identity', {}),
    step('begin', { ...ids, delivery: 'clear' }, ', provisioning information'),
    step('chunk', { ...ids, offset: 0, bytes: provisioning }),
    step('end', { operation: ids.operation, object: 'provisioning', sha256: infoDigest }),
    step('status', {}, ', where the digest of what was written is read back'),
    step('begin', { ...credential, delivery: 'clear' }, ', the credential, a key of 32 times 11'),
    step('chunk', { ...credential, offset: 0, bytes: key }),
    step('end', { operation, object: 'symmetric-key', sha256: sha256(key) }),
    step('commit', { operation }),
    step('prove', prove, ', station nonce 32 times a5, unit nonce 32 times 5a'),
    step('lock', { operation }),
    step('commit', { operation: Buffer.alloc(16, 0xff) }, ' of another operation, refused as `other-credential`'),
  ].join('\n\n');
}

/** What stands between `<!-- generated: NAME -->` and `<!-- end of NAME -->` in the specification. */
export const generated = (): Readonly<Record<string, string>> => ({
  messages: messageTables(),
  objects: objectTable(),
  refusals: refusalTable(),
  conversation: conversation(),
});
