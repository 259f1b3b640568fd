import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import {
  combineComponents,
  componentCheckValue,
  isPublicSample,
  parseGroupKey,
} from '../../../../drivers/hsm/group-key.ts';
import { SoftHsm } from '../../../../drivers/hsm/soft.ts';
import { damagedGroupKeys, hsmVectors } from '../../../suites/hsm-vectors.ts';

const folder = mkdtempSync(join(tmpdir(), 'group-key-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the published group keys are 64 bytes', () => {
  for (const { groupKey } of hsmVectors) expect(parseGroupKey(groupKey).toString('base64')).toBe(groupKey);
});

test('16 and 64 bytes are accepted, 15 and 65 are not', () => {
  for (const length of [16, 17, 18, 64])
    expect(parseGroupKey(randomBytes(length).toString('base64'))).toHaveLength(length);
  for (const length of [0, 15, 65]) {
    expect(() => parseGroupKey(randomBytes(length).toString('base64'))).toThrow(/16 to 64 bytes/);
  }
});

const good = Buffer.alloc(20, 0xfb).toString('base64'); // +/v7... with one padding character
test.each([
  ['no padding', good.replace('=', '')],
  ['too much padding', `${good}=`],
  ['padding in the middle', `${good}${good}`],
  ['the URL alphabet', good.replaceAll('+', '-').replaceAll('/', '_')],
  ['white space inside', `${good.slice(0, 8)} ${good.slice(8)}`],
  ['a line end', `${good}\n`],
  ['white space before', ` ${good}`],
  ['stray bits in the last character', good.replace(/.=$/, '9=')],
  ['a character that is no base64', good.replace('+', '*')],
])('a key with %s is refused', (_, text) => {
  expect(() => parseGroupKey(good)).not.toThrow();
  expect(text).not.toBe(good);
  expect(() => parseGroupKey(text)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
});

test.each(damagedGroupKeys.unreadable)('a key damaged in scanning is refused, and not quoted', (text) => {
  const error = thrownBy(() => parseGroupKey(text));
  expect(error).toMatchObject({ code: 'input.invalid', details: { place: 'group key' } });
  for (let at = 0; at + 6 <= text.length; at++) expect(inspect(error)).not.toContain(text.slice(at, at + 6));
});

test.each(damagedGroupKeys.anotherKey)(
  'a damaged key that still parses derives another device key for $registrationId',
  async ({ groupKey, registrationId, published, derives }) => {
    const hsm = await SoftHsm.open({ folder: mkdtempSync(join(folder, 'one-')) });
    const key = await hsm.importGroupKey('group', parseGroupKey(groupKey));
    const derived = (await hsm.deriveDeviceKey(key, registrationId)).toString('base64');
    expect(derived).toBe(derives);
    expect(derived).not.toBe(published);
  },
);

test('two components make the key that their custodians split, whichever comes first', () => {
  for (const length of [16, 32, 64]) {
    const key = randomBytes(length);
    const a = randomBytes(length);
    const b = Buffer.from(key.map((byte, at) => byte ^ (a[at] ?? 0)));
    expect(combineComponents(a, b)).toEqual(key);
    expect(combineComponents(b, a)).toEqual(key);
    expect(a.equals(b)).toBe(false);
  }
});

test.each([
  ['unequal lengths', randomBytes(32), randomBytes(33)],
  ['a component of zeros first', Buffer.alloc(32), randomBytes(32)],
  ['a component of zeros second', randomBytes(32), Buffer.alloc(32)],
  ['the same component twice', Buffer.alloc(32, 7), Buffer.alloc(32, 7)],
  ['15 bytes', randomBytes(15), randomBytes(15)],
  ['65 bytes', randomBytes(65), randomBytes(65)],
])('components are refused for %s, and not quoted', (_, a, b) => {
  const error = thrownBy(() => combineComponents(a, b));
  expect(error).toMatchObject({ code: 'input.invalid', details: { place: 'key components' } });
  for (const form of ['hex', 'base64'] as const) expect(inspect(error)).not.toContain(a.toString(form));
});

test('the check value of a component is the start of its SHA-256, as sha256sum prints it', () => {
  // printf 'birthmark component 1' | sha256sum
  expect(componentCheckValue(Buffer.from('birthmark component 1'))).toBe('f986cdadae4de85e');
});

test('the keys that the documents print are known, in every copy, and no other key is', () => {
  for (const { groupKey } of hsmVectors) expect(isPublicSample(Buffer.from(groupKey, 'base64'))).toBe(true);
  for (const { groupKey } of damagedGroupKeys.anotherKey) {
    expect(isPublicSample(Buffer.from(groupKey, 'base64'))).toBe(true);
  }
  expect(isPublicSample(Buffer.from('00mysymmetrickey'))).toBe(true);
  expect(isPublicSample(randomBytes(64))).toBe(false);
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
