import { expect, test } from 'vitest';
import { seeded } from '../../../../drivers/simulated/unit/random.ts';
import { Names } from '../../../../station-core/privacy/names.ts';
import { long, testSeed } from '../../../suites/seed.ts';

const names = new Names(
  [
    { label: 'serial', value: 'A-1047' },
    { label: 'mac', value: '02:16:D5:69:EC:0F' },
    { label: 'registrationId', value: 'sn-a-1047-mac-02-16-d5-69-ec-0f' },
    { label: 'serial', value: '12' },
  ],
  4,
);

test.each([
  ['the unit A-1047 said no', 'the unit (erased) said no'],
  ['CN=sn-a-1047-mac-02-16-d5-69-ec-0f', 'CN=(erased)'],
  ['found 02-16-d5-69-ec-0f here', 'found (erased) here'],
  ['found 0216d569ec0f', 'found (erased)'],
  ['12', '(erased)'],
  ['12 of 120', '12 of 120'],
  ['BA-1047', 'BA-1047'],
  ['A-10471', 'A-10471'],
])('of "%s" stays "%s"', (text, left) => {
  expect(names.without(text)).toBe(left);
  expect(names.mentionedIn(text)).toBe(left !== text);
});

test('texts of a JSON value lose names, and what the station itself fills in stays', () => {
  const event = {
    type: 'broke',
    order: 'A-1047',
    error: { code: 'unit.refused', details: { reason: 'A-1047 is busy', lane: 12 } },
  };
  expect(JSON.parse(names.withoutJson(JSON.stringify(event)))).toEqual({
    ...event,
    error: { code: 'unit.refused', details: { reason: '(erased) is busy', lane: 12 } },
  });
  const untouched = '{ "reason" : "BA-1047" }';
  expect(names.withoutJson(untouched)).toBe(untouched);
  expect(names.withoutJson('A-1047: no JSON')).toBe('(erased): no JSON');
});

const cases = long ? 100_000 : 1_000;
test(`a name is found in ${cases} random texts wherever it stands as a word, and no other text changes`, () => {
  const seed = testSeed('names');
  const random = seeded(seed);
  const letters = ['A', '-', '1', '0', '4', '7', ' ', ':', 'é', '.', '(', '\\'];
  const some = (most: number) =>
    Array.from({ length: Math.floor(random() * most) }, () => letters[Math.floor(random() * letters.length)]).join('');
  for (let n = 0; n < cases; n++) {
    const [before, after] = [some(12), some(12)];
    const text = `${before}A-1047${after}`;
    const word = !/[\p{L}\p{N}]$/u.test(before) && !/^[\p{L}\p{N}]/u.test(after);
    if (word) expect({ seed, n, text, found: names.mentionedIn(text) }).toMatchObject({ found: true });
    const left = names.without(text);
    expect({ seed, n, text, again: names.without(left) }).toMatchObject({ again: left });
  }
});
