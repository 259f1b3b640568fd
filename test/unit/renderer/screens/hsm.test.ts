import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { causeOf } from '../../../../renderer/screens/hsm/causes.ts';
import { curveOf } from '../../../../renderer/screens/hsm/curve.ts';
import { inOrder, keptAs, namesOf, typeName } from '../../../../renderer/screens/hsm/keys-said.ts';
import { readReference, referenceText } from '../../../../renderer/screens/hsm/reference.ts';
import type { HsmKey, HsmMinute } from '../../../../station-core/contract/hsm.ts';

test.each([
  ['locked', 'no PIN was given', 'noPin', undefined],
  ['locked', 'a PIN is being tried', 'trying', undefined],
  ['locked', 'The HSM refused the PIN (CKR_PIN_INCORRECT). It is not tried again.', 'pinRefused', 'CKR_PIN_INCORRECT'],
  ['locked', 'The HSM refused the PIN (CKR_PIN_LOCKED). It is not tried again.', 'pinLocked', 'CKR_PIN_LOCKED'],
  ['locked', 'CKF_USER_PIN_LOCKED', 'pinLocked', 'CKF_USER_PIN_LOCKED'],
  ['locked', 'CKF_USER_PIN_FINAL_TRY', 'pinFew', 'CKF_USER_PIN_FINAL_TRY'],
  ['locked', 'a person logs in at the device', 'atDevice', undefined],
  ['locked', 'the token changed', 'changed', undefined],
  ['down', 'CKR_DEVICE_REMOVED: plug the token in', 'removed', 'CKR_DEVICE_REMOVED'],
  ['down', 'there is no token with the label x: plug the token in', 'removed', undefined],
  ['down', 'no answer to sign in 10000 ms: the module hangs', 'hangs', undefined],
  ['down', 'its process ended (SIGKILL): the module crashed', 'crashed', undefined],
  ['down', 'CKR_GENERAL_ERROR: look the value up', 'other', 'CKR_GENERAL_ERROR'],
  ['down', 'something that nobody foresaw in /usr/lib/module.so', 'other', undefined],
] as const)('%s for the reason "%s" is told as %s', (state, reason, advice, code) => {
  expect(causeOf({ state, reason })).toEqual(code === undefined ? { advice } : { advice, code });
});

test('an HSM that is ready has no cause', () => {
  expect(causeOf({ state: 'ready', reason: '' })).toBeUndefined();
});

test('every reason that the driver gives advice for is told with advice of its own', () => {
  const source = readFileSync(new URL('../../../../drivers/hsm/state.ts', import.meta.url), 'utf8');
  const names = [...source.matchAll(/\bCKR_\(([A-Z_|]+)\)|\/\^CKR_([A-Z_]+)\/,/g)].flatMap(([, many, one]) =>
    (many ?? one ?? '').split('|').filter((name) => name !== ''),
  );
  expect(names.length).toBeGreaterThan(6);
  for (const name of names)
    expect([name, causeOf({ state: 'down', reason: `CKR_${name}` })?.advice]).not.toContain('other');
});

const minutes = (values: readonly number[], state: HsmMinute['state'] = 'ready'): HsmMinute[] =>
  values.map((p99, index) => ({ at: `2026-11-27T20:${String(index).padStart(2, '0')}:00.000Z`, state, p50: 0, p99 }));

test('the newest minute stands at the right end, and the top can be read', () => {
  const { points, top, gaps } = curveOf(minutes([0, 1.3]), 590, 100);
  expect([points, top, gaps]).toEqual(['580,100 590,35', 2, []]);
  expect(curveOf(minutes([46]), 590, 100).top).toBe(50);
  expect(curveOf(minutes([0.03]), 590, 100).top).toBe(0.05);
  expect(curveOf(minutes([0, 0]), 590, 100)).toMatchObject({ top: 1, points: '580,100 590,100' });
});

test('minutes in which the HSM was not ready are gaps', () => {
  const { gaps } = curveOf([...minutes([1], 'down'), ...minutes([1])], 590, 100);
  expect(gaps).toEqual([{ x: 575, width: 10 }]);
});

const key = (over: Partial<HsmKey>, guards: Partial<HsmKey['guards']> = {}): HsmKey => ({
  label: 'k',
  id: '00',
  class: 'secret',
  type: 'CKK_EC',
  uses: ['sign'],
  guards: {
    token: true,
    private: true,
    sensitive: true,
    extractable: false,
    alwaysSensitive: true,
    neverExtractable: true,
    local: true,
    ...guards,
  },
  ...over,
});

test('a key that can leave is told so, whatever else is true of it', () => {
  expect(keptAs(key({}))).toBe('born');
  expect(keptAs(key({}, { local: false, alwaysSensitive: false, neverExtractable: false }))).toBe('imported');
  expect(keptAs(key({}, { neverExtractable: false }))).toBe('imported');
  expect(keptAs(key({}, { extractable: true }))).toBe('weak');
  expect(keptAs(key({}, { sensitive: false }))).toBe('weak');
});

test('keys that break a rule stand first, the others by their labels', () => {
  const refused = { attribute: 'CKA_WRAP', expected: false, found: true };
  const keys = [key({ label: 'b' }), key({ label: 'z', refused }), key({ label: 'a' })];
  expect(inOrder(keys).map(({ label }) => label)).toEqual(['z', 'a', 'b']);
});

test('two objects of one label and one ID have names of their own', () => {
  const names = [...namesOf([key({}), key({}), key({ label: 'other' })]).values()];
  expect(new Set(names).size).toBe(3);
});

test('types are called as people call them', () => {
  const called = ['CKK_EC', 'CKK_RSA', 'CKK_EC_EDWARDS', 'CKK_GENERIC_SECRET', 'CKK_SHA256_HMAC', 'CKK 0x99'];
  expect(called.map(typeName)).toEqual(['EC', 'RSA', 'EDWARDS', 'SECRET', 'SHA256 HMAC', 'CKK 0x99']);
});

test('a reference is read as it was written, and nothing else is taken for one', () => {
  const reference = { label: 'unwrapping', id: '00ff', publicKey: 'MIIB' };
  expect(readReference(referenceText(reference))).toEqual(reference);
  for (const text of ['', '{', '[]', 'null', '{"label":"x"}', JSON.stringify({ ...reference, pin: '1' })]) {
    expect(readReference(text)).toBeUndefined();
  }
});
