import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical, type Json } from '../../../../station-core/contract/canonical.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

// Inputs of the public test data of RFC 8785 (cyberphone/json-canonicalization, testdata/input), with the SHA-256 of the
// canonical bytes.
const vectors: readonly [string, string, string][] = [
  [
    'french',
    '{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ignore locale"}',
    'd99d0ebdcb0033cb858cfa830ae46bc0fb3309413b271f1da828c89901a27ed5',
  ],
  [
    'structures',
    '{"1":{"f":{"f":"hi","F":5},"\\n":56.0},"10":{},"":"empty","a":{},"111":[{"e":"yes","E":"no"}],"A":{}}',
    '605f65004ec2db7692522a0852c22f1c989e036d547e88963d1a3143cf3195d5',
  ],
  [
    'unicode',
    '{"Unnormalized Unicode":"A\\u030a"}',
    '0d99aad92a125196ff887876643fd3206786a84ddce2cee52ba4ad256d2381d3',
  ],
  ['arrays', '[56,{"d":true,"10":null,"1":[]}]', '099601b171cafed97c333f8878d68e7f8c8f795412adb34b2fdcf0e7c7beac42'],
];

test.each(vectors)('the public vector "%s" gives its published bytes', (_, input, hash) => {
  expect(sha256(canonical(JSON.parse(input) as Json))).toBe(hash);
});

test('an event with text, numbers and null gives the bytes that three other languages gave', () => {
  const event = {
    ts: '2026-01-02T03:04:05.006Z',
    seq: '42',
    ok: true,
    nul: null,
    note: 'Größe 10 µm\n',
    n: 1500,
    actor: { role: 'operator', id: 'u-7' },
    action: 'unit.provisioned',
  };
  const bytes = canonical(event);
  expect(Buffer.byteLength(bytes)).toBe(167);
  expect(sha256(bytes)).toBe('0c8395439cc68b5572aa1da42f9ca1eb5e0299772087f1d093ad79747d876f33');
});

test('names are sorted by UTF-16 code units, not by UTF-8 bytes', () => {
  expect(canonical({ '\ufb33': 1, '\u{1f600}': 2 })).toBe('{"\u{1f600}":2,"\ufb33":1}');
});

test('a member that is undefined is left out', () => {
  expect(canonical({ a: undefined, b: 1 })).toBe('{"b":1}');
});

const impossible: readonly [string, unknown][] = [
  ['NaN', Number.NaN],
  ['infinity', { a: Number.POSITIVE_INFINITY }],
  ['a date', { at: new Date(0) }],
  ['a map', new Map()],
  ['a buffer', Buffer.from('a')],
  ['half a character', { a: '\ud800' }],
  ['half a character as a name', { '\udc00': 1 }],
  ['a big integer', 1n],
  ['a function', () => 1],
  ['a hole', [1, undefined]],
];

test.each(impossible)('%s is refused instead of silently changed', (_, value) => {
  expect(() => canonical(value as Json)).toThrow(/canonical JSON/);
});

test('what is canonical stays as it is when it is read and written again', () => {
  const seed = Date.now();
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const bytes = canonical(value as Json);
      return canonical(JSON.parse(bytes) as Json) === bytes;
    }),
    {
      seed,
      reporter: (details) => {
        if (details.failed) throw new Error(`seed ${seed}: ${fc.defaultReportMessage(details)}`);
      },
    },
  );
});
