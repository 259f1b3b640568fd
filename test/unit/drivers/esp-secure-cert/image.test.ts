// The esp_secure_cert partition, against checksums that Espressif's own tool printed, a second reader in Python, and openssl.
import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Entry,
  partitionSize,
  readPartition,
  writePartition,
} from '../../../../drivers/esp-secure-cert/entries.ts';
import { type EspKey, readImage, writeImage } from '../../../../drivers/esp-secure-cert/image.ts';
import { ImageFile, sweepImages } from '../../../../drivers/esp-secure-cert/image-file.ts';
import { seeded, whole } from '../../../../drivers/simulated/unit/random.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { long, testSeed } from '../../../suites/seed.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';
import { chainFor, pairs } from '../../../suites/unit-certificates.ts';

const invalid = expect.objectContaining({ code: 'input.invalid' });
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
const chain = chainFor(publicKey);
const plain = { kind: 'plain', pkcs8 } as const;

/** A reader in another language: what it finds, as lines of type, subtype, flags and value in hex. */
const python = `
import struct, sys, zlib
b = open(sys.argv[1], 'rb').read()
at = 0
while at + 12 <= len(b) and struct.unpack_from('<I', b, at)[0] == 0xBA5EBA11:
    magic, flags, reserved, kind, subtype, length = struct.unpack_from('<IB3sBBH', b, at)
    padded = (length + 15) & ~15
    crc, = struct.unpack_from('<I', b, at + 12 + padded)
    assert crc == zlib.crc32(b[at:at + 12 + padded], 0xffffffff)
    print(kind, subtype, flags, b[at + 12:at + 12 + length].hex())
    at += 16 + padded
assert at % 16 == 0 and set(b[at:]) <= {0xff}
`;

function secondOpinion(image: Buffer): string[] {
  const path = join(temporaryFolder(), 'image');
  writeFileSync(path, image);
  return execFileSync('python3', ['-c', python, path], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trimEnd());
}

describe('an entry', () => {
  // Printed for the tool's own sample (esp_secure_cert_mgr, tools/tests, tlv_entries_raw.txt).
  test.each([
    ['of 16 bytes', 52, Buffer.from('deadbeefcafebabe1234567890abcdef', 'hex'), 0x2af3_c61c],
    ['that is padded', 51, Buffer.from('Device Model: ESP32-S3-DevKit-C'), 0x2e60_f6d8],
    [
      'of a digest',
      8,
      Buffer.from('0be6bd6613bebb26f7939b2b5a7fcd550bab9ebf5a4e77a2912b67bf1346aa99', 'hex'),
      0x7ec0_a93b,
    ],
  ])('%s has the checksum that the tool of its makers gives it', (_, type, value, checksum) => {
    const image = writePartition([{ type, subtype: 0, flags: 0, value }]);
    const end = 12 + Math.ceil(value.length / 16) * 16;
    expect(image.subarray(0, 4).toString('hex')).toBe('11ba5eba');
    expect(image.readUInt32LE(end)).toBe(checksum);
    expect(image).toHaveLength(partitionSize);
    expect(image.subarray(end + 4).every((byte) => byte === 0xff)).toBe(true);
    expect(readPartition(image)).toEqual([{ type, subtype: 0, flags: 0, value }]);
    // Newer tools end the file behind the last entry, with a mark.
    expect(readPartition(Buffer.concat([image.subarray(0, end + 4), Buffer.from('ffff0000', 'hex')]))).toHaveLength(1);
  });

  test('that does not fit, is there twice, or is for a partition of no size, is not written', () => {
    const one: Entry = { type: 51, subtype: 0, flags: 0, value: Buffer.alloc(5_000) };
    expect(() => writePartition([one, { ...one, subtype: 1 }])).toThrow(invalid);
    expect(() =>
      writePartition([
        { ...one, value: Buffer.alloc(1) },
        { ...one, value: Buffer.alloc(2) },
      ]),
    ).toThrow(invalid);
    expect(() => writePartition([one], 5_000)).toThrow(invalid);
    expect(writePartition([one, { ...one, subtype: 1 }], 0x6000)).toHaveLength(0x6000);
  });
});

describe('an image', () => {
  const roots = chainFor(pairs.p256().publicKey, 'servers');

  test('with a key is read by another reader, and holds what openssl takes', () => {
    const image = writeImage({ chain, key: plain, roots });
    const zero = Buffer.of(0);
    expect(secondOpinion(image)).toEqual([
      `0 0 0 ${Buffer.concat([roots, zero]).toString('hex')}`,
      `1 0 0 ${Buffer.concat([chain, zero]).toString('hex')}`,
      `2 0 0 ${pkcs8.toString('hex')}`,
    ]);
    const [, , key] = readPartition(image);
    const openssl = execFileSync('openssl', ['pkey', '-inform', 'DER', '-pubout', '-outform', 'DER'], {
      input: key?.value,
    });
    expect(openssl.equals(publicKey.export({ format: 'der', type: 'spki' }))).toBe(true);
    const spoken = execFileSync('openssl', ['x509', '-noout', '-pubkey'], {
      input: readImage(image).chain,
      encoding: 'utf8',
    });
    expect(createPublicKey(spoken).equals(publicKey)).toBe(true);
    expect(readImage(image)).toEqual({ chain, key: plain, roots });
  });

  test('names the operation that its credential belongs to', () => {
    const operation = Buffer.alloc(16, 9);
    const image = writeImage({ chain, key: plain, operation });
    expect(secondOpinion(image).at(-1)).toBe(`51 0 0 ${'09'.repeat(16)}`);
    expect(readImage(image).operation).toEqual(operation);
    expect(() => writeImage({ chain, key: plain, operation: Buffer.alloc(15) })).toThrow(invalid);
  });

  test.each<[string, EspKey, string[]]>([
    ['that the chip derives', { kind: 'derived', salt: Buffer.alloc(32, 7) }, ['2 0 64', `5 0 0 ${'07'.repeat(32)}`]],
    ['in a block of its eFuses', { kind: 'efuse', block: 3 }, ['2 0 8', `6 0 0 07${'00'.repeat(39)}`]],
  ])('with a key %s says where it is, and holds none', (_, key, entries) => {
    const image = writeImage({ chain, key });
    expect(secondOpinion(image).slice(1)).toEqual(entries);
    expect(readImage(image)).toEqual({ chain, key });
  });

  test('is not made of a key that is another certificate’s, of no key, or of no certificate', () => {
    const other = pairs.p256().privateKey.export({ format: 'der', type: 'pkcs8' });
    expect(() => writeImage({ chain, key: { kind: 'plain', pkcs8: other } })).toThrow(invalid);
    expect(() => writeImage({ chain, key: { kind: 'plain', pkcs8: Buffer.from('no key') } })).toThrow(invalid);
    expect(() => writeImage({ chain: Buffer.from('no PEM'), key: plain })).toThrow(invalid);
    expect(() => writeImage({ chain, key: { kind: 'derived', salt: Buffer.alloc(8) } })).toThrow(invalid);
    expect(() => writeImage({ chain, key: { kind: 'efuse', block: 6 } })).toThrow(invalid);
  });

  test('whose key the station could not have made is refused by name', () => {
    const [device = fail()] = readPartition(writeImage({ chain, key: plain }));
    const with_ = (...more: Entry[]) => writePartition([device, ...more]);
    const entry = (type: number, flags: number, value = Buffer.alloc(16)): Entry => ({
      type,
      subtype: 0,
      flags,
      value,
    });
    const cannot = (what: string) => expect.objectContaining({ code: 'unit.cannot', details: { what } });
    expect(() => readImage(with_(entry(2, 0x80)))).toThrow(cannot('encrypted-key'));
    expect(() => readImage(with_(entry(3, 0), entry(4, 0)))).toThrow(cannot('key-by-ds-peripheral'));
    for (const wrong of [
      [],
      [entry(2, 0x40)],
      [entry(2, 8)],
      [entry(2, 1)],
      [entry(2, 8), entry(6, 0, Buffer.alloc(40))],
    ]) {
      expect(() => readImage(with_(...wrong))).toThrow(invalid);
    }
  });

  const count = long ? 200_000 : 2_000;
  test(`that was changed is read as another one never: ${count} times`, () => {
    const random = seeded(testSeed('esp-image'));
    const image = writeImage({ chain, key: plain });
    const used = image.length - 5_000;
    for (let index = 0; index < count; index += 1) {
      const copy = Buffer.from(image.subarray(0, whole(random, 8) === 0 ? whole(random, image.length) : image.length));
      for (let changes = whole(random, 3); changes >= 0; changes -= 1) {
        if (copy.length > 0) copy[whole(random, Math.min(copy.length, used))] = whole(random, 256);
      }
      if (copy.equals(image)) continue;
      try {
        const read = readImage(copy);
        // An image that ends early, in erased flash, says the same.
        expect(read).toEqual({ chain, key: plain });
      } catch (error) {
        if (!(error instanceof StationError) || !['input.invalid', 'unit.cannot'].includes(error.code)) throw error;
      }
    }
  });
});

const fail = (): never => {
  throw new Error('there is no entry');
};

describe('the file of an image', () => {
  test('is its owner’s alone, and is zeroed and gone afterwards', async () => {
    const image = writeImage({ chain, key: plain });
    let path = '';
    let kept: Buffer | undefined;
    {
      await using file = await ImageFile.write(image, 'a station');
      path = file.path;
      expect(readFileSync(path).equals(image)).toBe(true);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
      expect(file.inMemory).toBe(path.startsWith('/dev/shm/'));
      // A hard link sees what is left of its bytes.
      const link = `${dirname(dirname(path))}/birthmark-left-${process.pid}`;
      execFileSync('ln', [path, link]);
      kept = Buffer.from(link);
    }
    const left = kept?.toString() ?? '';
    expect(readFileSync(left).equals(Buffer.alloc(image.length))).toBe(true);
    rmSync(left);
    expect(existsSync(dirname(path))).toBe(false);
  });

  test('that its reader took away is no error', async () => {
    const file = await ImageFile.write(Buffer.from('x'), 'a station');
    rmSync(file.path);
    await file[Symbol.asyncDispose]();
    expect(existsSync(dirname(file.path))).toBe(false);
  });

  test('that a killed process left is swept up by its owner, and by nobody else', async () => {
    const owner = temporaryFolder();
    const left = await ImageFile.write(Buffer.from('x'), owner);
    const half = await ImageFile.write(Buffer.from('y'), owner);
    rmSync(half.path);
    await sweepImages(`${owner}2`);
    expect(existsSync(left.path)).toBe(true);
    await sweepImages(owner);
    expect([left, half].map(({ path }) => existsSync(dirname(path)))).toEqual([false, false]);
  });
});
