import { describe, expect, test } from 'vitest';
import { readChain, readEkCertificate } from '../../../../drivers/tpm/ek-certificate.ts';
import { pinOf } from '../../../../station-core/ca/given.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { checkEkCertificate } from '../../../../station-core/genuine/chain.ts';
import { readVendorRoots } from '../../../../station-core/genuine/roots.ts';
import { pem } from '../../../suites/certificates.ts';
import { ekKeyOf, type Keys, makeEkCertificate, now, oaepSpki } from '../../../suites/ek-certificates.ts';
import { dice, mutate } from '../../../suites/mutations.ts';
import { long, testSeed } from '../../../suites/seed.ts';
import { lower, p256, p384, root, rsa, upper } from './checking.ts';

const rounds = long ? 100_000 : 1_000;
const limit = 3_600_000;
/** Tags and lengths of DER, the wrapper's tags, fill. */
const telling = [
  0, 1, 2, 3, 4, 5, 6, 0x0c, 0x10, 0x13, 0x17, 0x18, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0xa0, 0xa3, 0xa4, 0xff,
];
const roll = dice(testSeed('EK certificate mutation'));

const pins = new Set([pinOf(root.certificate)]);
const pool = [lower, upper, root].map(({ certificate }) => certificate);

type Sample = { readonly keys: Keys; readonly der: Buffer; readonly nv: Buffer };
const sample = (keys: Keys, nv: (der: Buffer) => Buffer, der = makeEkCertificate(keys, lower)): Sample => ({
  keys,
  der,
  nv: nv(der),
});
const padded = (fill: number) => (der: Buffer) => Buffer.concat([der, Buffer.alloc(64, fill)]);
const size = (length: number) => Buffer.of(length >> 8, length & 0xff);
const wrapped = (der: Buffer) =>
  Buffer.concat([Buffer.of(0x10, 0x01, 0), size(der.length + 2), Buffer.of(0x10, 0x02), der, Buffer.alloc(32)]);
const samples: readonly Sample[] = [
  sample(rsa, (der) => der),
  sample(p256, padded(0)),
  sample(p384, padded(0xff)),
  sample(rsa, wrapped),
  sample(rsa, (der) => der, makeEkCertificate(rsa, lower, { spki: oaepSpki(rsa) })),
];
const [first] = samples;
if (!first) throw new TypeError('there are samples');

const codes = ['unreadable', 'other-key', 'self-signed', 'usage', 'expired', 'chain'].map(
  (end) => `ek.certificate-${end}`,
);
const lawful: ReadonlySet<string> = new Set([...codes, 'ek.root-unknown']);

/** The code of what it throws, or 'accepted'. Anything but a refusal of these fails the test. */
function outcomeOf(act: () => unknown, expected: ReadonlySet<string> = lawful): string {
  try {
    act();
    return 'accepted';
  } catch (error) {
    if (error instanceof StationError && expected.has(error.code) && error.message.length < 1_000) return error.code;
    throw error;
  }
}

const asked = (bytes: Buffer, keys: Keys, above = pool) =>
  checkEkCertificate({
    certificate: readEkCertificate(bytes, 'NV'),
    ekPublicKey: ekKeyOf(keys),
    pool: above,
    pins,
    at: now,
  });

describe(`${rounds} times`, () => {
  test(
    'a changed certificate passes only when nothing of it was changed',
    () => {
      const seen = new Map<string, number>();
      for (let round = 0; round < rounds; round += 1) {
        const { keys, der, nv } = samples[round % samples.length] ?? first;
        const bytes = mutate(nv, roll, telling);
        const outcome = outcomeOf(() => asked(bytes, keys));
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
        if (outcome === 'accepted') expect(readEkCertificate(bytes, 'NV').certificate.certificate).toEqual(der);
      }
      expect(seen.get('ek.certificate-unreadable')).toBeGreaterThan(rounds / 10);
      // Enough of them could be read, so that it was the signature that told.
      expect(seen.get('ek.certificate-chain')).toBeGreaterThan(rounds / 100);
      for (const { keys, nv } of samples) expect(outcomeOf(() => asked(nv, keys))).toBe('accepted');
    },
    limit,
  );

  test(
    'a single bit of a certificate changes it',
    () => {
      for (let round = 0; round < rounds; round += 1) {
        const { keys, der } = samples[round % samples.length] ?? first;
        const bytes = Buffer.from(der);
        const at = roll(bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << roll(8));
        expect(outcomeOf(() => asked(bytes, keys))).not.toBe('accepted');
      }
    },
    limit,
  );

  test(
    'a changed chain helps only where its certificates are the maker’s',
    () => {
      const chain = Buffer.concat([lower, upper].map(({ certificate }) => certificate.certificate));
      const above = [lower, upper].map(({ certificate }) => certificate.certificate);
      for (let round = 0; round < rounds; round += 1) {
        const bytes = mutate(chain, roll, telling);
        const cut = roll(bytes.length + 1);
        const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
        const outcome = outcomeOf(() => asked(first.nv, first.keys, [...readChain(pieces), root.certificate]));
        if (outcome !== 'accepted') continue;
        const read = readChain(pieces).map(({ certificate }) => certificate);
        expect(above.every((one) => read.some((other) => other.equals(one)))).toBe(true);
      }
    },
    limit,
  );

  test(
    'a changed folder gives certificates, or names its file',
    () => {
      const files = [
        root.certificate.certificate,
        Buffer.from(pem(upper.certificate.certificate) + pem(lower.certificate.certificate)),
      ];
      const invalid = new Set(['input.invalid']);
      for (let round = 0; round < rounds; round += 1) {
        const bytes = mutate(files[round % files.length] ?? Buffer.of(), roll, [...telling, 0x2d, 0x0a, 0x3d]);
        const read = () => readVendorRoots([{ name: 'a-file', bytes }]);
        if (outcomeOf(read, invalid) !== 'accepted') {
          expect(read).toThrow(
            expect.objectContaining({ details: expect.objectContaining({ place: expect.stringMatching(/^a-file/) }) }),
          );
        }
      }
    },
    limit,
  );

  test(
    'bytes that were nothing to begin with are refused',
    () => {
      for (let round = 0; round < rounds; round += 1) {
        const bytes = Buffer.from(Array.from({ length: roll(120) }, () => telling[roll(telling.length)] ?? 0));
        expect(outcomeOf(() => asked(bytes, rsa))).toBe('ek.certificate-unreadable');
        outcomeOf(() => readChain([bytes]));
      }
    },
    limit,
  );
});
