// The generated parts of drivers/protocols/uart-v1.md about encrypted deliveries and the TPM: tables, and bytes for fixed keys.
import { agreeChannel, associatedData, type EnvelopeKey, Ephemeral, seal } from '../../drivers/protocols/channel.ts';
import { sealedFields } from '../../drivers/protocols/sealed.ts';
import { writeFields } from '../../drivers/protocols/wire.ts';
import type { UnitsTpm } from '../../drivers/simulated/unit/units-tpm.ts';
import { commands } from '../../drivers/tpm/constants.ts';
import { Conversation, fieldRows, hex, operation, prove, registrationId, sha256, table } from './uart-v1-spec.ts';

const bound = { operation, registrationId };
const kind = 'symmetric-key';
const associated = associatedData(kind, bound);
const key = Buffer.alloc(32, 0x11);

/** Values by name, as wide as the widest name. */
function values(rows: readonly (readonly [string, Uint8Array])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const wrapped = (bytes: Uint8Array) =>
    hex(bytes)
      .match(/.{1,96}/g)
      ?.join(`\n${' '.repeat(width)}`);
  const body = rows.map(([name, bytes]) => `${name.padEnd(width)}${wrapped(bytes)}`);
  return `\`\`\`text\n${body.join('\n')}\n\`\`\``;
}

function agreed() {
  const [station, unit] = [0xa5, 0x5a].map((byte) => Buffer.alloc(32, byte));
  if (station === undefined || unit === undefined) throw new TypeError('there are two sides');
  const own = Ephemeral.of(station);
  const points = { stationKey: own.point, unitKey: Ephemeral.of(unit).point };
  const shared = own.agree(points.unitKey);
  const envelope = agreeChannel(own, points.unitKey, points, bound);
  if (shared === undefined || envelope === undefined) throw new TypeError('both sides have a point');
  return { station, unit, points, shared, envelope };
}

/** Every value on the way from both private keys to the bytes that travel. */
export function channelVector(): string {
  const { station, unit, points, shared, envelope } = agreed();
  return values([
    ['station, private key', station],
    ['station, stationKey', points.stationKey],
    ['unit, private key', unit],
    ['unit, unitKey', points.unitKey],
    ['shared x coordinate', shared],
    ['operation', operation],
    ['SHA-256("sn-000001")', sha256(Buffer.from(registrationId))],
    ['derived key', envelope.key],
    ['derived IV', envelope.iv],
    ['associated data', associated],
    ['symmetric key', key],
    ['ciphertext, tag', seal(envelope, associated, key)],
  ]);
}

/** The same key through a channel, of a unit that is provisioned already. */
export function channelConversation(): string {
  const { points, envelope } = agreed();
  const bytes = seal(envelope, associated, key);
  const object = { operation, object: kind, total: bytes.length };
  const unit = new Conversation('090a0b0c', { deliveries: ['clear', 'channel'] });
  unit.provision();
  return [
    unit.step('channel', { operation, stationKey: points.stationKey }),
    unit.step('begin', { ...object, delivery: 'channel' }),
    unit.step('chunk', { ...object, offset: 0, bytes }),
    unit.step('end', { operation, object: kind, sha256: sha256(bytes) }),
    unit.step('commit', { operation }),
    unit.step('begin', { ...object, delivery: 'channel' }, ' again, of the operation that is in force now'),
    unit.step('prove', prove, ', as in the first conversation'),
  ].join('\n\n');
}

export const sealedTable = (): string =>
  table(
    ['key', 'field', 'value'],
    fieldRows(sealedFields, '').map(([, ...cells]) => cells),
  );

/** An object with made-up Names and a made-up credential: what a unit does once its TPM gave out the key. */
export function sealedVector(): string {
  const envelope: EnvelopeKey = { key: Buffer.alloc(32, 0x33), iv: Buffer.alloc(12, 0x44) };
  const name = (byte: number) => Buffer.concat([Buffer.from('000b', 'hex'), Buffer.alloc(32, byte)]);
  const credential = Buffer.concat([Buffer.from('00440020', 'hex'), Buffer.alloc(66, 0xc1)]);
  const secret = Buffer.concat([Buffer.from('0100', 'hex'), Buffer.alloc(256, 0xc2)]);
  const names = { endorsementKey: name(0xe1), activationKey: name(0xa1) };
  const ciphertext = seal(envelope, associated, key);
  const object = writeFields(sealedFields, { ...names, credential, secret, iv: envelope.iv, ciphertext });
  return values([
    ['activated key', envelope.key],
    ['iv', envelope.iv],
    ['associated data', associated],
    ['symmetric key', key],
    ['ciphertext, tag', ciphertext],
    ['object', object],
  ]);
}

/** Every command that the station sends. */
export const tpmCommands = (): string =>
  `${Object.keys(commands)
    .map((name) => `TPM2_${name}`)
    .sort()
    .join(', ')}.`;

/** A TPM that says that it is a TPM 2.0. */
const tpm: UnitsTpm = {
  execute: async () => Buffer.from('80010000001b0000000000000000060000000100000100322e3000', 'hex'),
  restart: () => undefined,
};

export async function tpmConversation(): Promise<string> {
  const unit = new Conversation('0d0e0f10', { deliveries: ['clear', 'channel', 'sealed'], tpm });
  const family = Buffer.from('8001000000160000017a000000060000010000000001', 'hex');
  return [
    unit.step('hello', { version: 1 }),
    await unit.stepLater('tpm', { command: family }, ', TPM2_GetCapability of TPM_PT_FAMILY_INDICATOR'),
  ].join('\n\n');
}
