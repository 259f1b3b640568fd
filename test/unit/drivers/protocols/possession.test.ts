import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  possessionHmac,
  possessionHmacHolds,
  possessionMessage,
  possessionSignature,
  possessionSignatureHolds,
} from '../../../../drivers/protocols/possession.ts';

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

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const pairs = {
  'P-256': { ...ec('P-256'), digest: 'sha256' },
  'P-384': { ...ec('P-384'), digest: 'sha384' },
  'RSA-2048': { ...generateKeyPairSync('rsa', { modulusLength: 2048 }), digest: 'sha256' },
};

describe.each(Object.entries(pairs))('a signature with a %s key', (_, { publicKey, privateKey, digest }) => {
  const message = possessionMessage(parts);

  test('holds with its own digest, key and message alone', () => {
    const good = possessionSignature(privateKey, message);
    expect(possessionSignatureHolds(publicKey, message, good)).toBe(true);
    expect(possessionSignatureHolds(publicKey, message, sign(digest, message, privateKey))).toBe(true);
    expect(possessionSignatureHolds(publicKey, message, sign('sha512', message, privateKey))).toBe(false);
    expect(possessionSignatureHolds(publicKey, message.subarray(1), good)).toBe(false);
    for (const { publicKey: other } of Object.values(pairs)) {
      if (other !== publicKey) expect(possessionSignatureHolds(other, message, good)).toBe(false);
    }
  });

  test('with any changed bit, cut short or longer, and garbage, does not hold and never throws', () => {
    const good = possessionSignature(privateKey, message);
    const holds = (proof: Uint8Array) => possessionSignatureHolds(publicKey, message, proof);
    for (let bit = 0; bit < good.length * 8; bit += 1) {
      const changed = Buffer.from(good);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(holds(changed)).toBe(false);
    }
    for (const wrong of [good.subarray(0, -1), Buffer.concat([good, Buffer.of(0)]), Buffer.alloc(0)]) {
      expect(holds(wrong)).toBe(false);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (proof) => !holds(proof)),
      { numRuns: 300 },
    );
  });
});

test('a signature as two plain numbers, or with PSS padding, is not the proof that was agreed', () => {
  const message = possessionMessage(parts);
  const { 'P-256': p256, 'RSA-2048': rsa } = pairs;
  const plain = sign('sha256', message, { key: p256.privateKey, dsaEncoding: 'ieee-p1363' });
  expect(possessionSignatureHolds(p256.publicKey, message, plain)).toBe(false);
  const pss = sign('sha256', message, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING });
  expect(possessionSignatureHolds(rsa.publicKey, message, pss)).toBe(false);
});

test('keys of other kinds neither prove nor are proven', () => {
  const message = possessionMessage(parts);
  const others: { publicKey: KeyObject; privateKey: KeyObject }[] = [
    ec('P-521'),
    generateKeyPairSync('ed25519'),
    generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
  ];
  for (const { publicKey, privateKey } of others) {
    expect(() => possessionSignature(privateKey, message)).toThrow(TypeError);
    expect(possessionSignatureHolds(publicKey, message, Buffer.alloc(64, 1))).toBe(false);
  }
});
