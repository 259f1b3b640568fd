import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { possessionHmac, possessionHmacHolds, possessionMessage } from '../../../../drivers/protocols/possession.ts';

const parts = {
  operation: Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'),
  registrationId: 'sn-000001',
  stationNonce: Buffer.alloc(32, 0xa5),
  unitNonce: Buffer.alloc(32, 0x5a),
};
// Computed apart with OpenSSL: printf 'sn-000001' | openssl dgst -sha256, and the HMAC with -mac HMAC -macopt hexkey.
const registrationDigest = '47667d8db5c4b17af7454a9f3c898e0567b2adb5161aeca0ac49131b3ca87865';
const proof = '1b32d5fd9578459e83c5ec0039a3daae753ed94b0e272ea607167c229416f50b';
const key = Buffer.alloc(32, 0x11);

test('the message is label, zero, operation, digest of the registration ID and both nonces, byte for byte', () => {
  expect(possessionMessage(parts).toString('hex')).toBe(
    [
      Buffer.from('birthmark-pop-v1').toString('hex'),
      '00',
      '000102030405060708090a0b0c0d0e0f',
      registrationDigest,
      'a5'.repeat(32),
      '5a'.repeat(32),
    ].join(''),
  );
});

test('the proof is the HMAC-SHA256 that OpenSSL computes', () => {
  expect(possessionHmac(key, possessionMessage(parts)).toString('hex')).toBe(proof);
});

test('only the whole proof under the same key and message holds', () => {
  const message = possessionMessage(parts);
  const good = Buffer.from(proof, 'hex');
  expect(possessionHmacHolds(key, message, good)).toBe(true);
  expect(possessionHmacHolds(Buffer.alloc(32, 0x12), message, good)).toBe(false);
  expect(possessionHmacHolds(key, possessionMessage({ ...parts, registrationId: 'sn-000002' }), good)).toBe(false);
  expect(possessionHmacHolds(key, message, good.subarray(0, 31))).toBe(false);
  expect(possessionHmacHolds(key, message, Buffer.alloc(0))).toBe(false);
  for (let bit = 0; bit < 256; bit += 1) {
    const changed = Buffer.from(good);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(possessionHmacHolds(key, message, changed)).toBe(false);
  }
});

test('a HMAC over the station nonce alone is no proof', () => {
  const chosen = createHmac('sha256', key).update(parts.stationNonce).digest();
  expect(possessionHmacHolds(key, possessionMessage(parts), chosen)).toBe(false);
});

test.each([
  ['operation', { operation: Buffer.alloc(15) }],
  ['station nonce', { stationNonce: Buffer.alloc(31) }],
  ['unit nonce', { unitNonce: Buffer.alloc(33) }],
])('a %s of another length makes no message', (_, wrong) => {
  expect(() => possessionMessage({ ...parts, ...wrong })).toThrow(RangeError);
});
