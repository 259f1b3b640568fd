import { expect, test } from 'vitest';
import { checkId, normalMac, registrationIdOf } from '../../../../station-core/orders/identity.ts';

test('serial and MAC give exactly the documented example (F-05)', () => {
  const unit = { serial: '007-888-ABC', mac: normalMac('A1:B2:C3:D4:E5:F6'), facts: {} };
  expect(registrationIdOf('sn-{serial}-mac-{mac}', unit)).toBe('sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6');
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
  expect(() => registrationIdOf('{batch}', { serial: 'a', mac: null, facts: {} })).toThrow(
    /template, \{batch\}.*\{serial\}, \{mac\} or a fact/,
  );
  expect(() => registrationIdOf('{mac}', { serial: 'a', mac: null, facts: {} })).toThrow(/a unit with a MAC/);
});

test('a fact of the unit may stand in its ID', () => {
  expect(registrationIdOf('{site}-{serial}', { serial: 'A1', mac: null, facts: { site: 'ULM' } })).toBe('ulm-a1');
});
