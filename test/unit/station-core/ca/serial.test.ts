import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newSerial, prefixLength, serialLength, serialPrefix } from '../../../../station-core/ca/serial.ts';

test('a serial number has 20 octets: the prefix of the station and 136 bits of the generator', () => {
  const prefix = serialPrefix('birthmark/one/00000000');
  const serial = newSerial(prefix, (bytes) => Buffer.alloc(bytes, 0xab));
  expect(serial).toHaveLength(serialLength);
  expect(serial.subarray(0, prefixLength)).toEqual(prefix);
  expect(serial.subarray(prefixLength)).toEqual(Buffer.alloc(17, 0xab));
});

test('every prefix makes a positive number without a zero in front (RFC 5280 section 4.1.2.2)', () => {
  for (let index = 0; index < 2000; index++) {
    const [first = 0] = serialPrefix(`birthmark/${index}/${randomBytes(4).toString('hex')}`);
    expect(first).toBeGreaterThanOrEqual(0x40);
    expect(first).toBeLessThan(0x80);
  }
});

test('the prefix follows from the origin of the log, and another origin has another', () => {
  expect(serialPrefix('birthmark/one/00000000')).toEqual(serialPrefix('birthmark/one/00000000'));
  const origins = Array.from({ length: 200 }, (_, index) => serialPrefix(`birthmark/one/${index}`).toString('hex'));
  expect(new Set(origins).size).toBeGreaterThan(195);
});
