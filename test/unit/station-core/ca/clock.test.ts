import { expect, test } from 'vitest';
import { readCsr } from '../../../../drivers/asn1/csr.ts';
import { clockProblem } from '../../../../station-core/ca/clock.ts';
import { makeTestCa, now } from '../../../suites/certificates-ca.ts';
import { plainCsr } from '../../../suites/issuing-csrs.ts';

const minute = 60_000;
const year = 365 * 24 * 60 * minute;
const known = { newest: now - 1000, built: now - year };
const issuer = { notBefore: now - year, notAfter: now + year };

test.each<[string, number, object, RegExp]>([
  ['more than a minute before the newest record', now, { newest: now + minute + 1 }, /newest record/],
  ['before the program was built', now, { built: now + minute + 1 }, /built/],
  ['before the issuer begins', issuer.notBefore - 1, { newest: 0, built: 0 }, /valid from/],
  ['after the issuer ended', issuer.notAfter + 1, {}, /valid until/],
])('a clock is refused that stands %s', (_, at, change, reason) => {
  expect(clockProblem(at, { ...known, ...change }, issuer)).toMatch(reason);
});

test.each<[string, number, object]>([
  ['after everything that is known', now, {}],
  ['a minute before the newest record: clocks are set all the time', now, { newest: now + minute }],
  ['a minute before the build', now, { built: now + minute }],
  ["at the issuer's first moment", issuer.notBefore, { newest: 0, built: 0 }],
  ["at the issuer's last moment", issuer.notAfter, {}],
])('a clock is taken that stands %s', (_, at, change) => {
  expect(clockProblem(at, { ...known, ...change }, issuer)).toBeUndefined();
});

test('a station whose clock went back drafts nothing', async () => {
  let newest = now;
  const { ca, issuer: signer, hsm } = await makeTestCa('p256', { newest: () => newest });
  const csr = readCsr(plainCsr('unit-1'), 'test');
  const profile = { validityDays: 30, renewal: 'by hand' };
  const request = { csr, commonName: 'unit-1', algorithm: 'p256', profile } as const;
  expect(ca.draft(signer, request).overridden).toBe(false);
  const before = hsm.signatures;
  newest = now + 2 * minute;
  expect(() => ca.draft(signer, request)).toThrow(expect.objectContaining({ code: 'ca.clock' }));
  expect(hsm.signatures).toBe(before);
});
