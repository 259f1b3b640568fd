import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { readCertificate } from '../../../../drivers/asn1/certificate.ts';
import { extensionOf } from '../../../../drivers/asn1/extensions.ts';
import { readPublicKey } from '../../../../drivers/asn1/keys.ts';
import { parseCode, verificationRules } from '../../../../station-core/ca/possession.ts';
import { recheck } from '../../../suites/certificates.ts';
import { makeTestCa, now, prefix, signLinted } from '../../../suites/certificates-ca.ts';
import { pairs } from '../../../suites/unit-certificates.ts';

const ca = await makeTestCa();
const key = readPublicKey(pairs.p256().publicKey.export({ type: 'spki', format: 'der' }), 'test');
const code = '106A5SD242AF512B3498BD6098C4941E66R34H268DDB3288';
const day = 86_400_000;

test.each(['106A5SD242AF512B', code, 'a-b_c-d_', 'x'.repeat(64), `  ${code}\n`])('the code %s is taken', (text) => {
  expect(parseCode(text)).toBe(text.trim());
});

test.each([
  '',
  'short',
  'x'.repeat(65),
  'two words',
  'umlaut-ä-code',
  'a/b/c/d/e/f',
  'code=12345',
  `${code}\0`,
  '<code-1234>',
])('the code %j is refused, and is not quoted', (text) => {
  const error = expect.objectContaining({
    code: 'input.invalid',
    details: expect.objectContaining({ found: `${text.trim().length} characters` }),
  });
  expect(() => parseCode(text)).toThrow(error);
});

test('the certificate of a proof has the code as its CN, lives for a day and may do nothing', async () => {
  // Programs that are not ours check it again, and they go by the clock of the machine.
  const rules = verificationRules(ca.issuer, code, key, Date.now(), prefix);
  expect(rules.notAfter - rules.notBefore).toBe(day);
  const signed = await signLinted(ca, ca.issuer, ca.ca.lint(rules));
  if (signed.state !== 'issued') throw signed.error;
  const read = readCertificate(signed.der, 'test');
  expect(read.subject).toEqual([{ type: 'CN', value: code }]);
  expect(extensionOf(read, 'extendedKeyUsage')).toBeUndefined();
  expect(new X509Certificate(signed.der).ca).toBe(false);
  const chain = ca.issuer.chain.map(({ certificate }) => certificate);
  recheck([{ id: 1, issuer: 2, purpose: 'verification', serial: read.serial, tbs: read.tbs, der: signed.der }], chain);
});

test('a proof never reaches beyond its issuer', () => {
  const rules = { ...ca.issuer.rules, notBefore: now - 60_000, notAfter: now + 60_000 };
  const { notBefore, notAfter } = verificationRules({ ...ca.issuer, rules }, code, key, now, prefix);
  expect([notBefore, notAfter]).toEqual([rules.notBefore, rules.notAfter]);
});
