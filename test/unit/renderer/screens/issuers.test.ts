import { expect, test } from 'vitest';
import { asBase64, asPem, grouped, isBase64, pemOf, sha256Of } from '../../../../renderer/files.ts';
import { questionOf } from '../../../../renderer/screens/certificates/question.ts';
import { beginOf, wrongIn } from '../../../../renderer/screens/issuers/request-form.ts';
import { expiryOf, isLawful, marksOf, quotaOf } from '../../../../renderer/screens/issuers/standing.ts';
import { utcOf } from '../../../../renderer/screens/issuers/utc.ts';
import type { IssuerView } from '../../../../station-core/contract/ca.ts';

const now = Date.parse('2026-11-27T20:00:00Z');
const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString();

test.each([
  [-0.5, 'expired', 1],
  [0.5, 'urgent', 0],
  [29.9, 'urgent', 29],
  [30, 'soon', 30],
  [89.9, 'soon', 89],
  [90, 'later', 90],
] as const)('what ends in %s days is %s', (days, level, whole) => {
  expect(expiryOf(inDays(days), now)).toEqual({ level, days: whole });
});

test('what has no certificate yet has no end', () => {
  expect(expiryOf(undefined, now)).toEqual({ level: 'none' });
});

test('a quota is low from nine tenths on, and used up at its end', () => {
  expect(quotaOf({ issued: 5 })).toEqual({ level: 'without' });
  expect(quotaOf({ issued: 89, quota: 100 })).toEqual({ level: 'enough', part: 0.89, left: 11 });
  expect(quotaOf({ issued: 90, quota: 100 })).toMatchObject({ level: 'low', left: 10 });
  expect(quotaOf({ issued: 100, quota: 100 })).toMatchObject({ level: 'used', left: 0 });
  // Two people may set a quota below what was issued already.
  expect(quotaOf({ issued: 120, quota: 100 })).toEqual({ level: 'used', part: 1, left: 0 });
});

const issuer = (over: Partial<IssuerView>): IssuerView => ({
  name: 'line-9',
  kind: 'intermediate',
  state: 'waiting',
  algorithm: 'p256',
  subject: 'CN=x',
  publicKey: '',
  issued: 0,
  witnessed: false,
  csr: '',
  chain: '',
  warnings: [],
  ...over,
});

test('the steps of a ceremony follow from what the station keeps', () => {
  expect(Object.values(marksOf(issuer({})))).toEqual(['done', 'now', 'later', 'later', 'later']);
  expect(Object.values(marksOf(issuer({ witnessed: true })))).toEqual(['done', 'done', 'now', 'now', 'later']);
  const active = issuer({ witnessed: true, chain: 'x', state: 'active' });
  expect(Object.values(marksOf(active))).toEqual(['done', 'done', 'done', 'done', 'always']);
  expect(marksOf({ ...active, state: 'retired' }).proof).toBe('later');
});

test('a destroyed issuer waits for nobody', () => {
  const marks = Object.values(marksOf(issuer({ state: 'destroyed' })));
  expect(marks).not.toContain('now');
});

const attributes = {
  sign: true,
  verify: false,
  encrypt: false,
  extractable: false,
  sensitive: true,
  alwaysSensitive: true,
  neverExtractable: true,
  local: true,
  token: true,
  private: true,
};

test.each([
  [{}, true] as const,
  ...Object.keys(attributes).map((name) => [{ [name]: !attributes[name as 'sign'] }, false] as const),
])('a key with %j is lawful: %s', (over, lawful) => {
  const all = { ...attributes, ...over };
  const ceremony = {
    at: '',
    custodians: [],
    hsm: { label: '', serial: '', model: '' },
    key: { label: '', id: '', attributes: all },
  };
  expect(isLawful(ceremony)).toBe(lawful);
});

const form = { name: 'line-9', algorithm: 'p256', CN: 'A CA', O: '', OU: '', C: '', quota: '' } as const;

test('what cannot be is told by its field, and what was left empty is left out of the call', () => {
  expect(wrongIn(form)).toEqual(new Set());
  expect(wrongIn({ ...form, name: 'Line 9', CN: '', C: 'de', quota: '0' })).toEqual(
    new Set(['name', 'CN', 'C', 'quota']),
  );
  expect(wrongIn({ ...form, quota: '100000001' })).toEqual(new Set(['quota']));
  expect(beginOf(form)).toEqual({ name: 'line-9', algorithm: 'p256', subject: { CN: 'A CA' } });
  expect(beginOf({ ...form, O: 'Contoso', C: 'DE', quota: '50' })).toEqual({
    name: 'line-9',
    algorithm: 'p256',
    subject: { CN: 'A CA', O: 'Contoso', C: 'DE' },
    quota: 50,
  });
});

test.each([
  ['2026-11-27 20:59', '2026-11-27T20:59Z'],
  [' 2026-11-27T20:59:30Z ', '2026-11-27T20:59:30Z'],
  ['2026-11-27', undefined],
  ['2026-13-27 20:59', undefined],
  ['27.11.2026 20:59', undefined],
  ['', undefined],
])('the time %j is %j', (text, at) => {
  expect(utcOf(text)).toBe(at);
});

test.each([
  ['registrationId', '', { state: 'empty' }],
  ['unit', ' K-1 ', { state: 'right', params: { unit: 'K-1' } }],
  ['serialNumber', '58:D4 3e', { state: 'right', params: { serialNumber: '58d43e' } }],
  ['serialNumber', '58d', { state: 'wrong', why: 'hexWrong' }],
  ['serialNumber', 'zz', { state: 'wrong', why: 'hexWrong' }],
  ['sha256', 'AB'.repeat(32), { state: 'right', params: { sha256: 'ab'.repeat(32) } }],
  ['sha256', 'ab', { state: 'wrong', why: 'thumbprintWrong' }],
] as const)('looking by %s for %j asks %j', (kind, typed, question) => {
  expect(questionOf(kind, typed)).toEqual(question);
});

const bytes = (text: string) => new TextEncoder().encode(text);

test('PEM stays as it is, and DER becomes PEM', () => {
  expect(asPem(bytes('x\n-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n\n'))).toMatch(/^x\n-----BEGIN/);
  const der = Uint8Array.from({ length: 100 }, (_, index) => index);
  const lines = asPem(der).split('\n');
  expect([lines[0], lines[1]?.length, lines.at(-2)]).toEqual([
    '-----BEGIN CERTIFICATE-----',
    64,
    '-----END CERTIFICATE-----',
  ]);
  expect(pemOf('X', 'A'.repeat(64))).toBe(`-----BEGIN X-----\n${'A'.repeat(64)}\n-----END X-----\n`);
});

test('a wrapped key is taken as base64 with line breaks, or as its bytes', () => {
  expect(asBase64(bytes('AAEC\nAwQF\n'))).toBe('AAECAwQF');
  expect(asBase64(Uint8Array.of(0, 1, 2, 255))).toBe('AAEC/w==');
  expect(['AAEC', 'AAE', 'AA C', ''].map(isBase64)).toEqual([true, false, false, false]);
});

test('fingerprints are computed, and grouped as people read them out', async () => {
  expect(grouped(await sha256Of(''))).toMatch(/^e3b0 c442 98fc .* b855$/);
});
