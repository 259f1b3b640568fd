import { describe, expect, test } from 'vitest';
import { readTbs } from '../../../../drivers/asn1/certificate.ts';
import { readCsr } from '../../../../drivers/asn1/csr.ts';
import type { Name } from '../../../../drivers/asn1/names.ts';
import { checkCsr, checkCsrSignature } from '../../../../station-core/ca/csr.ts';
import { makeTestCa } from '../../../suites/certificates-ca.ts';
import { asksCa, asksCertSign, asksOther, makeCsr, makers, multiRdn, type Wish } from '../../../suites/issuing-csrs.ts';

const pair = makers.p256();
const other = makers.p256();
const cn = (value: string): Name => [{ type: 'CN', value }];
const made = (wish: Partial<Wish> = {}) => readCsr(makeCsr({ subject: cn('unit-1'), pair, ...wish }), 'test');
const wanted = { commonName: 'unit-1', algorithm: 'p256', profile: {} } as const;
const refused = (rule: RegExp) =>
  expect.objectContaining({
    code: 'ca.csr-refused',
    details: expect.objectContaining({ rule: expect.stringMatching(rule) }),
  });

describe('a request is refused', () => {
  test.each<[string, Partial<Wish>, RegExp]>([
    ['signed with SHA-1', { hash: 'sha1' }, /F-55/],
    ['for a key of another curve', { pair: makers.p384() }, /p256/],
    ['for P-521', { pair: makers.p521(), hash: 'sha512' }, /p256/],
    ['for secp256k1', { pair: makers.secp256k1() }, /p256/],
    ['for RSA', { pair: makers.rsa2048() }, /p256/],
    ['for RSA of 1024 bits', { pair: makers.rsa1024() }, /p256/],
    ['for Ed25519', { pair: makers.ed25519() }, /F-55/],
    ["with another unit's name", { subject: cn('unit-2') }, /F-53/],
    ['with its name in capitals', { subject: cn('UNIT-1') }, /F-53/],
    ['without a name', { subject: [] }, /F-53/],
    ['with two common names', { subject: [...cn('unit-1'), ...cn('unit-1')] }, /F-53/],
  ])('%s', (_, wish, rule) => {
    expect(() => checkCsr(made(wish), wanted)).toThrow(refused(rule));
  });

  test('of an RSA key with the exponent 3', () => {
    const csr = made({ pair: makers.rsa2048e3() });
    expect(() => checkCsr(csr, { ...wanted, algorithm: 'rsa2048' })).toThrow(refused(/rsa2048/));
  });

  test('whose signature is by another key, whether it is checked here or was before', () => {
    expect(() => checkCsrSignature(made({ signer: other.privateKey }))).toThrow(refused(/F-54/));
    expect(() => checkCsrSignature(made(), false)).toThrow(refused(/F-54/));
    expect(() => checkCsrSignature(made())).not.toThrow();
  });
});

describe('a request is taken', () => {
  test.each<[string, Partial<Wish>]>([
    ['as units make it', {}],
    ['with SHA-384', { hash: 'sha384' }],
    ['with more attributes in its subject', { subject: [{ type: 'O', value: 'x' }, ...cn('unit-1')] }],
    ['with an RDN of two attributes', { subject: multiRdn('unit-1', 'x') }],
    ['that asks for extensions', { extensions: [asksCa, asksCertSign, asksOther] }],
    ['with a challenge password', { challenge: Buffer.from('secret') }],
  ])('%s, and its subject is the one of the unit', (_, wish) => {
    expect(checkCsr(made(wish), wanted)).toEqual({ overridden: false });
  });
});

test('a profile that overrides the subject issues for the unit all the same, and says that it did', () => {
  const overriding = { ...wanted, profile: { csrSubject: 'override' } } as const;
  for (const subject of [cn('unit-2'), [], [...cn('unit-1'), ...cn('unit-2')], multiRdn('evil', 'x')]) {
    expect(checkCsr(made({ subject }), overriding)).toEqual({ overridden: true });
  }
  expect(checkCsr(made(), overriding)).toEqual({ overridden: false });
  // The policy is about the subject alone.
  expect(() => checkCsr(made({ hash: 'sha1' }), overriding)).toThrow(refused(/F-55/));
  expect(() => checkCsr(made({ pair: makers.p384() }), overriding)).toThrow(refused(/p256/));
});

test('of a request nothing but its key gets into the certificate', async () => {
  const { ca, issuer } = await makeTestCa();
  const csr = made({ subject: [{ type: 'O', value: 'Evil' }, ...cn('unit-2')], extensions: [asksCa, asksOther] });
  const profile = { validityDays: 30, renewal: 'by hand', csrSubject: 'override' } as const;
  const { linted, overridden } = ca.draft(issuer, { csr, commonName: 'unit-1', algorithm: 'p256', profile });
  expect(overridden).toBe(true);
  const tbs = readTbs(linted.bytes, 'test');
  expect(tbs.subject).toEqual(cn('unit-1'));
  expect(tbs.publicKey.spki).toEqual(csr.publicKey.spki);
  expect(tbs.extensions.map(({ oid }) => oid)).toEqual([
    '2.5.29.19',
    '2.5.29.15',
    '2.5.29.37',
    '2.5.29.14',
    '2.5.29.35',
  ]);
  expect(linted.bytes.includes('Evil')).toBe(false);
});
