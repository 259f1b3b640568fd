import { describe, expect, test } from 'vitest';
import { readPublicKey } from '../../../../drivers/asn1/keys.ts';
import { expiresInWarehouse, leafRules } from '../../../../station-core/ca/profile.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { parse } from '../../../../station-core/contract/parse.ts';
import { type Profile, profileSchema } from '../../../../station-core/contract/profile.ts';
import { makeTestCa, now, prefix } from '../../../suites/certificates-ca.ts';
import { pairs } from '../../../suites/unit-certificates.ts';

const { issuer } = await makeTestCa();
const spki = (make: () => ReturnType<typeof pairs.p256>) =>
  readPublicKey(make().publicKey.export({ type: 'spki', format: 'der' }), 'test');
const [ec, rsa] = [spki(pairs.p256), spki(pairs.rsa2048)];
const good: Profile = { validityDays: 30, renewal: 'by hand' };
const day = 86_400_000;
const rulesOf = (profile: Profile, at = now, key = ec, of = issuer) =>
  leafRules(profile, of, { purpose: 'leaf', commonName: 'unit-1', key }, at, prefix);

test('a leaf begins an hour before it is issued, in whole seconds, and lives as long as the profile says', () => {
  const { notBefore, notAfter } = rulesOf(good, now + 999);
  expect(notBefore).toBe(now - 3_600_000);
  expect(notAfter).toBe(now + 30 * day);
});

test('a leaf never begins before its issuer', () => {
  const young = { ...issuer, rules: { ...issuer.rules, notBefore: now - 1000 } };
  expect(rulesOf(good, now, ec, young).notBefore).toBe(now - 1000);
});

test('a leaf that would outlive its issuer is refused, and not cut short', () => {
  const left = Math.floor((issuer.rules.notAfter - now) / day);
  expect(rulesOf({ ...good, validityDays: left }).notAfter).toBeLessThanOrEqual(issuer.rules.notAfter);
  expect(() => rulesOf({ ...good, validityDays: left + 1 })).toThrow(
    expect.objectContaining({
      code: 'ca.profile',
      details: expect.objectContaining({ rule: expect.stringContaining('F-59') }),
    }),
  );
});

test('usages follow from the key, unless the profile says them', () => {
  expect(rulesOf(good).keyUsage).toEqual(['digitalSignature']);
  expect(rulesOf(good, now, rsa).keyUsage).toEqual(['digitalSignature', 'keyEncipherment']);
  expect(rulesOf({ ...good, keyUsage: ['keyAgreement'] }).keyUsage).toEqual(['keyAgreement']);
  expect(rulesOf(good).extendedKeyUsage).toEqual(['clientAuth']);
});

test('the subject goes from the country down to the CN', () => {
  const subject = { OU: 'Line', C: 'DE', O: 'Works', L: 'Ulm', ST: 'BW' };
  expect(rulesOf({ ...good, subject }).subject.map(({ type }) => type)).toEqual(['C', 'ST', 'L', 'O', 'OU', 'CN']);
});

test.each([
  [364, 12, false],
  [359, 12, true],
  [90, 0, false],
])('%s days and %s months in a warehouse: expires there is %s', (validityDays, warehouseMonths, expires) => {
  expect(expiresInWarehouse({ ...good, validityDays, warehouseMonths })).toBe(expires);
  if (warehouseMonths === 12) expect(expiresInWarehouse({ ...good, validityDays })).toBe(expires);
});

describe('a profile is refused where it is given', () => {
  const extension = { oid: '1.2.3.4', critical: false, value: 'BQA=' };
  const own = ['2.5.29.14', '2.5.29.15', '2.5.29.19', '2.5.29.35', '2.5.29.37'];
  test.each<[string, object]>([
    ['with no validity', { validityDays: 0 }],
    ['with half a day', { validityDays: 0.5 }],
    ['with more than a hundred years', { validityDays: 36_526 }],
    ['with keyCertSign', { keyUsage: ['digitalSignature', 'keyCertSign'] }],
    ['with cRLSign', { keyUsage: ['cRLSign'] }],
    ['with no usage at all', { keyUsage: [] }],
    ['with a purpose that is no identifier', { extendedKeyUsage: ['clientAuth', 'anyExtendedKeyUsage'] }],
    ['with a CN of its own', { subject: { CN: 'x' } }],
    ['with a country in small letters', { subject: { C: 'de' } }],
    ['with a field that nobody knows', { isCa: true }],
    ['with an extension that is no identifier', { extensions: [{ ...extension, oid: '9.9' }] }],
    ['with an extension whose value is no base64', { extensions: [{ ...extension, value: '!' }] }],
    ...own.map((oid): [string, object] => [
      `with the station's own extension ${oid}`,
      { extensions: [{ ...extension, oid }] },
    ]),
  ])('%s', (_, change) => {
    expect(() => parse(profileSchema, { ...good, ...change }, 'profile')).toThrow(StationError);
  });

  test('and taken with everything that it may say', () => {
    const whole = {
      ...good,
      csrSubject: 'override',
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['clientAuth', '1.2.3'],
      subject: { C: 'DE' },
      extensions: [extension],
      warehouseMonths: 6,
    };
    expect(parse(profileSchema, whole, 'profile')).toEqual(whole);
  });
});
