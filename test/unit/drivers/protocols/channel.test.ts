import {
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
} from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  agreeChannel,
  associatedData,
  channelKey,
  Ephemeral,
  forgetKey,
  pointLength,
  seal,
  unseal,
} from '../../../../drivers/protocols/channel.ts';

const operation = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const bound = { operation, registrationId: 'sn-000001' };
const station = () => Ephemeral.of(Buffer.alloc(32, 0xa5));
const unit = () => Ephemeral.of(Buffer.alloc(32, 0x5a));
const points = { stationKey: station().point, unitKey: unit().point };
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();
const agreed = () => {
  const key = agreeChannel(station(), points.unitKey, points, bound);
  if (key === undefined) throw new Error('these are points');
  return key;
};

describe('the key of a channel', () => {
  test('is the same on both sides, and another one for whatever differs', () => {
    const ours = agreed();
    expect(agreeChannel(unit(), points.stationKey, points, bound)).toEqual(ours);
    const others = [
      channelKey(Buffer.alloc(32, 1), points, bound),
      agreeChannel(station(), points.unitKey, { stationKey: points.unitKey, unitKey: points.stationKey }, bound),
      agreeChannel(station(), points.unitKey, points, { ...bound, registrationId: 'sn-000002' }),
      agreeChannel(station(), points.unitKey, points, { ...bound, operation: Buffer.alloc(16) }),
      agreeChannel(station(), Ephemeral.draw().point, points, bound),
    ].map((key) => key?.key.toString('hex'));
    expect(new Set([...others, ours.key.toString('hex')]).size).toBe(others.length + 1);
  });

  test('follows from RFC 5869 by hand', () => {
    const shared = station().agree(points.unitKey) ?? Buffer.alloc(0);
    const word = (text: string) => Buffer.from(`${text}\0`, 'latin1');
    const info = Buffer.concat([
      ...[word('birthmark-channel-v1'), word('station'), points.stationKey, word('unit'), points.unitKey],
      ...[operation, sha256('sn-000001')],
    ]);
    const secret = createHmac('sha256', Buffer.alloc(32)).update(shared).digest();
    const block = (before: Buffer, count: number) =>
      createHmac('sha256', secret).update(before).update(info).update(Buffer.of(count)).digest();
    const first = block(Buffer.alloc(0), 1);
    expect(agreed()).toEqual({ key: first, iv: block(first, 2).subarray(0, 12) });
  });

  test('shares the x coordinate that node finds in another way, with a fresh pair each time', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = other.publicKey.export({ format: 'jwk' });
    const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
    const own = Ephemeral.draw();
    const url = (from: number) => own.point.subarray(from, from + 32).toString('base64url');
    const key = { kty: 'EC', crv: 'P-256', x: url(1), y: url(33) };
    const { privateKey } = other;
    expect(own.agree(point)).toEqual(diffieHellman({ privateKey, publicKey: createPublicKey({ key, format: 'jwk' }) }));
    expect(Ephemeral.draw().point.equals(Ephemeral.draw().point)).toBe(false);
  });
});

describe('what is no point of the curve', () => {
  const good = points.unitKey;
  const changed = (at: number, byte: number) => {
    const copy = Buffer.from(good);
    copy[at] = byte;
    return copy;
  };
  test.each([
    ['one of another curve', changed(64, (good[64] ?? 0) ^ 1)],
    ['the compressed form, filled up', Buffer.concat([Buffer.of(2), good.subarray(1, 33), Buffer.alloc(32)])],
    ['the hybrid form', changed(0, 6 + ((good[64] ?? 0) & 1))],
    ['infinity, filled up', Buffer.alloc(pointLength)],
    ['the origin', Buffer.concat([Buffer.of(4), Buffer.alloc(64)])],
    ['coordinates beyond the field', Buffer.concat([Buffer.of(4), Buffer.alloc(64, 0xff)])],
    ['a byte too few', good.subarray(0, 64)],
    ['a byte too many', Buffer.concat([good, Buffer.of(0)])],
    ['nothing', Buffer.alloc(0)],
  ])('%s is refused', (_, point) => {
    expect(station().agree(point)).toBeUndefined();
    expect(agreeChannel(station(), point, points, bound)).toBeUndefined();
  });

  test('no bytes whatever make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (tail) => {
        expect(station().agree(Buffer.concat([Buffer.of(4), tail]))).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

describe('an envelope', () => {
  const associated = associatedData('symmetric-key', bound);
  const plain = Buffer.from('a credential of any length at all', 'latin1');

  test('opens with its own key for what it is for, and is AES-256-GCM with its tag behind', () => {
    const envelope = seal(agreed(), associated, plain);
    expect(unseal(agreed(), associated, envelope)).toEqual(plain);
    const { key, iv } = agreed();
    const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(
      Buffer.concat([Buffer.from('symmetric-key\0'), operation, sha256('sn-000001')]),
    );
    decipher.setAuthTag(envelope.subarray(-16));
    expect(Buffer.concat([decipher.update(envelope.subarray(0, -16)), decipher.final()])).toEqual(plain);
  });

  test('is refused with one changed bit anywhere, cut off, or for anything else', () => {
    const envelope = seal(agreed(), associated, plain);
    for (let bit = 0; bit < envelope.length * 8; bit += 1) {
      const changed = Buffer.from(envelope);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(unseal(agreed(), associated, changed)).toBeUndefined();
    }
    for (let end = 0; end < envelope.length; end += 1) {
      expect(unseal(agreed(), associated, envelope.subarray(0, end))).toBeUndefined();
    }
    const others = [
      associatedData('private-key', bound),
      associatedData('symmetric-key', { ...bound, operation: Buffer.alloc(16) }),
      associatedData('symmetric-key', { ...bound, registrationId: 'sn-000002' }),
    ];
    for (const other of others) expect(unseal(agreed(), other, envelope)).toBeUndefined();
  });

  test('may hold nothing, and a forgotten key is zeros', () => {
    expect(unseal(agreed(), associated, seal(agreed(), associated, Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
    const key = agreed();
    forgetKey(key);
    expect(key).toEqual({ key: Buffer.alloc(32), iv: Buffer.alloc(12) });
  });
});
