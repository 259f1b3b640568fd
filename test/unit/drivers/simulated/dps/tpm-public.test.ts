import { expect, test } from 'vitest';
import { readStorageKey } from '../../../../../drivers/simulated/dps/tpm-public.ts';
import { eccArea, rsaArea } from './tpm-areas.ts';

/** A copy with some bytes written over, and its size put right. */
function changed(bytes: Buffer, at: number, hex: string): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(Buffer.from(hex, 'hex'), at);
  return copy;
}

const cut = (bytes: Buffer, length: number) => {
  const copy = Buffer.from(bytes.subarray(0, length));
  if (length >= 2) copy.writeUInt16BE(length - 2);
  return copy;
};

test('an EK and an SRK by the usual templates are read, with RSA-2048 and with P-256', () => {
  expect([rsaArea('ek'), rsaArea('srk'), eccArea('ek'), eccArea('srk')].map((bytes) => bytes.length)).toEqual([
    316, 284, 124, 92,
  ]);
  expect(readStorageKey(rsaArea('ek'))?.type).toBe('rsa');
  expect(readStorageKey(rsaArea('srk'))?.type).toBe('rsa');
  expect(readStorageKey(eccArea('ek'))?.type).toBe('ecc');
  expect(readStorageKey(eccArea('srk'))?.type).toBe('ecc');
});

// From an issue of the C SDK, and from recorded traffic with the service.
const published = [
  'AToAAQALAAMAsgAgg3GXZ0SEs/gakMyNRqXXJP1S124GUgtk8qHaGzMUaaoABgCAAEMAEAgAAAAAAAEAopqgkUBwtpr1sCgVJcEZxsJtpmtOAt' +
    '9K7SjGFe4hsp6DJ/dd2E5UFzBC+Jp8Fzqf5ukRBkqrAgIuAvHRsruIedk1uarJSLhbDpFLHxFd7iDNcYfrvdgVNT2T9zrvkh2y04WuRQg2D5qf' +
    '0tZF82jeTjR/YJK7uWhaRwWOwZ3b1XD9l6wFOrwK/Ic0PEsjneFXQzL0n9uKyuHmHNz+wHppmOiMAabvnXXEin9ou7/iowY/+YhFm3j7atsVvx' +
    'MI5HEM3Mq+W4imUuzPxVX7fZH+oWPKP5ofpWBTf+MdttGby1AjGnv8JE69JriOYoZG2/4qbsfv9M7a7NFrBlaW7Rt36w==',
  'AToAAQALAAMAsgAgg3GXZ0SEs/gakMyNRqXXJP1S124GUgtk8qHaGzMUaaoABgCAAEMAEAgAAAAAAAEAibym9HQP9vxCGF5dVc1QQsAGe021aU' +
    'GJzNol1/gycBx3jFsTpwmWbISRwnFvflWd0w2Mc44FAAZNaJOAAxwZvG8GvyLlHh6fGKdh+mSBL4iLH2bZ4Ry22cB3CJVjXmdGoz9Y/j3/NwLn' +
    'dBxQC+baNvzvyVQZ4/A2YL7vzIIj2ik4y+ve9ir7U0GbNdnxskqK1KFIITVVtkTIYyyFTIR0BySjPrRIDj7r7Mh5uF9HBppGKQCBoVSVV8dI91' +
    'lNazmSdpGWyqCkO7iM4VvUMv2HT/ym53aYlUrau+Qq87Tu+uQipWYgRdF11KDfcpMHqqzBQQ1NpOJVhrsTrhyJzO7KNw==',
];

test.each(published)('an endorsement key of a real TPM is read: %s', (text) => {
  expect(readStorageKey(Buffer.from(text, 'base64'))?.type).toBe('rsa');
});

test('a coordinate may come without its leading zeros', () => {
  const x = '0015602c6ea3d5c95f7c722083dd17538e37ebadda8c4b72effadef072d23447';
  const y = '13c7da63350fadafe04746af7c1b1259c9f2355acf3e2935abbd1842ac70d545';
  const [whole, short] = [x, x.slice(2)].map((each) => readStorageKey(eccArea('srk', { x: each, y })));
  expect(short?.type).toBe('ecc');
  expect(short?.key.export({ format: 'jwk' })).toEqual(whole?.key.export({ format: 'jwk' }));
});

test('an exponent of 65537 is as good as the default', () => {
  expect(readStorageKey(changed(rsaArea('ek'), 54, '00010001'))?.type).toBe('rsa');
});

test('an endorsement key is refused however it is cut short, with and without its size put right', () => {
  for (const whole of [rsaArea('ek'), eccArea('ek')]) {
    for (let length = 0; length < whole.length; length += 1) {
      expect(readStorageKey(whole.subarray(0, length))).toBeUndefined();
      expect(readStorageKey(cut(whole, length))).toBeUndefined();
    }
  }
});

test.each<[string, Buffer]>([
  ['a byte too many', Buffer.concat([rsaArea('ek'), Buffer.alloc(1)])],
  ['a size that counts itself', changed(rsaArea('ek'), 0, '013c')],
  ['no size in front', rsaArea('ek').subarray(2)],
  ['a keyed hash', changed(rsaArea('ek'), 2, '0008')],
  ['SHA-384 for its name', changed(rsaArea('ek'), 4, '000c')],
  ['a key that may decrypt anything', changed(rsaArea('srk'), 6, '00020472')],
  ['a key that signs', changed(rsaArea('srk'), 6, '00050472')],
  ['a key that signs as well', changed(rsaArea('srk'), 6, '00070472')],
  ['a key that may leave its TPM', changed(rsaArea('srk'), 6, '00030460')],
  ['a policy of another length', changed(rsaArea('ek'), 10, '0010')],
  ['AES-256', changed(rsaArea('ek'), 46, '0100')],
  ['a scheme', changed(rsaArea('ek'), 50, '0016')],
  ['3072 bits', changed(rsaArea('ek'), 52, '0c00')],
  ['an exponent of 3', changed(rsaArea('ek'), 54, '00000003')],
  ['a modulus of another length', changed(rsaArea('ek'), 58, '00ff')],
  ['a modulus with a leading zero', changed(rsaArea('ek'), 60, '00')],
  ['an even modulus', changed(rsaArea('ek'), 315, '00')],
  ['P-384', changed(eccArea('ek'), 52, '0004')],
  ['a KDF', changed(eccArea('ek'), 54, '0020')],
  ['a coordinate that is too long', changed(eccArea('ek'), 56, '0021')],
  ['an empty coordinate', changed(eccArea('ek'), 56, '0000')],
  ['a point that is not on the curve', changed(eccArea('ek'), 58, '00'.repeat(32))],
])('%s is refused', (_name, bytes) => {
  expect(readStorageKey(bytes)).toBeUndefined();
});
