import { expect, test } from 'vitest';
import { checkId } from '../../../../station-core/contract/registration-id.ts';
import { normalMac, registrationIdOf } from '../../../../station-core/orders/identity.ts';

/** What a registration ID is made by, with symmetric keys. */
const of = (registrationId: string): Parameters<typeof registrationIdOf>[0] => ({
  registrationId,
  attestation: { type: 'symmetricKey', scope: 'individual' },
});

test('serial and MAC give exactly the documented example (F-05)', () => {
  const unit = { serial: '007-888-ABC', mac: normalMac('A1:B2:C3:D4:E5:F6'), facts: {} };
  expect(registrationIdOf(of('sn-{serial}-mac-{mac}'), unit)).toBe('sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6');
});

test('a MAC may be written with dashes and in any case', () => {
  expect(normalMac('a1-b2-c3-d4-e5-f6')).toBe('A1:B2:C3:D4:E5:F6');
});

const good = ['symm-key-device-007', 'sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6', 'a', 'a-', 'a.b_c:d', 'x'.repeat(128)];
test.each(good)('%s is a registration ID (F-01)', (id) => {
  expect(checkId(id)).toBe(id);
});

const bad: readonly [string, RegExp][] = [
  ['', /empty/],
  ['a.', /end with/],
  ['a_', /end with/],
  ['a:', /end with/],
  ['a b', /only letters/],
  ['a/b', /only letters/],
  ['a#', /only letters/],
  ['gerät', /only letters/],
  ['x'.repeat(129), /129 characters/],
];
test.each(bad)('"%s" is refused and the message names the rule', (id, rule) => {
  expect(() => checkId(id)).toThrow(rule);
});

test('a template with an unknown word, or a MAC that the unit has not, is refused by its place', () => {
  expect(() => registrationIdOf(of('{batch}'), { serial: 'a', mac: null, facts: {} })).toThrow(
    /template, \{batch\}.*\{serial\}, \{mac\} or a fact/,
  );
  expect(() => registrationIdOf(of('{mac}'), { serial: 'a', mac: null, facts: {} })).toThrow(/a unit with a MAC/);
});

test('a fact of the unit may stand in its ID', () => {
  expect(registrationIdOf(of('{site}-{serial}'), { serial: 'A1', mac: null, facts: { site: 'ULM' } })).toBe('ulm-a1');
});

test('with X.509 the registration ID is a CN and has 64 characters at most (F-02)', () => {
  const certified: Parameters<typeof registrationIdOf>[0] = {
    registrationId: '{serial}',
    attestation: {
      type: 'x509',
      scope: 'individual',
      issuer: { name: 'ca', publicKey: '0'.repeat(64) },
      key: { source: 'unit', algorithm: 'p256' },
      profile: { validityDays: 30, renewal: 'yearly' },
    },
  };
  const unit = (length: number) => ({ serial: 'a'.repeat(length), mac: null, facts: {} });
  expect(registrationIdOf(certified, unit(64))).toHaveLength(64);
  expect(() => registrationIdOf(certified, unit(65))).toThrow(/at most 64 are allowed/);
  expect(registrationIdOf(of('{serial}'), unit(65))).toHaveLength(65);
});
