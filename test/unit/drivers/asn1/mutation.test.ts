import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readCertificate, readTbs, writeTbs } from '../../../../drivers/asn1/certificate.ts';
import { readCrl, writeTbsCrl } from '../../../../drivers/asn1/crl.ts';
import { csrSignatureHolds, readCsr, writeCsrInfo } from '../../../../drivers/asn1/csr.ts';
import * as x from '../../../../drivers/asn1/extensions.ts';
import { readPublicKey } from '../../../../drivers/asn1/keys.ts';
import { encodeName, readName } from '../../../../drivers/asn1/names.ts';
import { readPems, writePem } from '../../../../drivers/asn1/pem.ts';
import type { SignatureAlgorithm } from '../../../../drivers/asn1/signatures.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { dice, mutate } from '../../../suites/mutations.ts';
import { long, testSeed } from '../../../suites/seed.ts';
import { signed } from './openssl.ts';

const rounds = long ? 100_000 : 1000;

/** Values that mean something in DER: tags, lengths at their limits. */
const telling = [
  0, 1, 2, 3, 4, 5, 6, 0x0a, 0x0c, 0x13, 0x17, 0x18, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xa0, 0xa3, 0xff,
];

/** Everything that is read from a certificate's extensions. */
function readAll(extensions: readonly x.Extension[]): void {
  const readers = [
    x.readBasicConstraints,
    x.readKeyUsage,
    x.readExtendedKeyUsage,
    x.readSubjectKeyIdentifier,
    x.readAuthorityKeyIdentifier,
  ];
  for (const extension of extensions) for (const read of readers) attempt(() => read(extension));
}

/** Whether it was read. Anything but `input.invalid` fails the test. */
function attempt(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof StationError && error.code === 'input.invalid' && error.message.length < 600) return false;
    throw error;
  }
}

const now = Date.UTC(2026, 10, 20);
const subject = [
  { type: 'C', value: 'DE' },
  { type: 'O', value: 'Größe' },
  { type: 'CN', value: 'device-0001' },
];

function samples(
  algorithm: SignatureAlgorithm,
  { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject },
) {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const identifier = x.keyIdentifierOf(spki);
  const issuerDer = encodeName(subject);
  const tbs = writeTbs({
    serial: Buffer.alloc(20, 0x41),
    signatureAlgorithm: algorithm,
    issuerDer,
    notBefore: now,
    notAfter: Date.UTC(2050, 0),
    subject,
    spki,
    extensions: [
      x.basicConstraints({ ca: true, pathLength: 0 }),
      x.keyUsage(['digitalSignature', 'keyCertSign']),
      x.extendedKeyUsage(['clientAuth']),
      x.subjectKeyIdentifier(spki),
      x.authorityKeyIdentifier(identifier),
    ],
  });
  const revoked = [
    { serial: Buffer.of(5), at: now, reason: 'keyCompromise' },
    { serial: Buffer.of(6), at: now, reason: 'unspecified' },
  ] as const;
  const crl = { issuerDer, signatureAlgorithm: algorithm, thisUpdate: now, nextUpdate: now, number: 1, revoked };
  return {
    spki,
    tbs,
    csr: signed(writeCsrInfo(subject, spki), algorithm, privateKey),
    certificate: signed(tbs, algorithm, privateKey),
    crl: signed(writeTbsCrl({ ...crl, authorityKeyIdentifier: identifier }), algorithm, privateKey),
  };
}

const readers: Record<keyof ReturnType<typeof samples>, (bytes: Buffer) => void> = {
  spki: (bytes) => void readPublicKey(bytes, 'test').key.asymmetricKeyDetails,
  tbs: (bytes) => readAll(readTbs(bytes, 'test').extensions),
  csr: (bytes) => void csrSignatureHolds(readCsr(bytes, 'test')),
  certificate: (bytes) => readAll(readCertificate(bytes, 'test').extensions),
  crl: (bytes) => void readCrl(bytes, 'test'),
};

describe('whatever happens to its bytes, it is read or refused as invalid', () => {
  const roll = dice(testSeed('asn1 mutation'));
  const made = [
    samples('ecdsa-sha256', generateKeyPairSync('ec', { namedCurve: 'P-256' })),
    samples('ecdsa-sha384', generateKeyPairSync('ec', { namedCurve: 'P-384' })),
    samples('rsa-sha256', generateKeyPairSync('rsa', { modulusLength: 2048 })),
  ];

  test.each(Object.keys(readers) as (keyof typeof readers)[])(
    `${rounds} times: %s`,
    (what) => {
      let good = 0;
      for (let round = 0; round < rounds; round += 1) {
        const bytes = made[round % made.length]?.[what] ?? Buffer.of();
        if (attempt(() => readers[what](mutate(bytes, roll, telling)))) good += 1;
      }
      expect(good).toBeLessThan(rounds);
      for (const sample of made) expect(attempt(() => readers[what](sample[what]))).toBe(true);
    },
    600_000,
  );

  test(`${rounds} times: a name, and PEM`, () => {
    const name = encodeName(subject);
    const pem = Buffer.from(writePem('CERTIFICATE', made[0]?.certificate ?? Buffer.of()));
    for (let round = 0; round < rounds; round += 1) {
      attempt(() => readName(mutate(name, roll, telling), 'test'));
      attempt(() => readPems(mutate(pem, roll, telling), 'test'));
      attempt(() => readCertificate(mutate(pem, roll, telling), 'test'));
    }
  }, 600_000);

  test('cut off at every byte', () => {
    for (const what of Object.keys(readers) as (keyof typeof readers)[]) {
      const bytes = made[0]?.[what] ?? Buffer.of();
      for (let length = 0; length < bytes.length; length += 1) {
        expect(attempt(() => readers[what](bytes.subarray(0, length)))).toBe(false);
      }
    }
  });

  test(`${rounds} times: bytes that were nothing to begin with`, () => {
    for (let round = 0; round < rounds; round += 1) {
      const bytes = Buffer.from(Array.from({ length: roll(200) }, () => telling[roll(telling.length)] ?? 0));
      for (const read of Object.values(readers)) expect(attempt(() => read(bytes))).toBe(false);
    }
  }, 600_000);

  test('a bomb of nested sequences, in every place that is read', () => {
    let bomb = Buffer.of(0x30, 0);
    while (bomb.length < 60_000) {
      const { length } = bomb;
      const head =
        length < 0x80
          ? [0x30, length]
          : length < 0x100
            ? [0x30, 0x81, length]
            : [0x30, 0x82, length >> 8, length & 0xff];
      bomb = Buffer.concat([Buffer.from(head), bomb]);
    }
    for (const read of Object.values(readers)) expect(attempt(() => read(bomb))).toBe(false);
    const extension = { oid: '1.2.3', critical: false, value: bomb };
    readAll([extension]);
    expect(attempt(() => readName(bomb, 'test'))).toBe(false);
  });
});
