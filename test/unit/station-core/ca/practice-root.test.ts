import { expect, test } from 'vitest';
import { extensionOf, readBasicConstraints, readKeyUsage } from '../../../../drivers/asn1/extensions.ts';
import { readPublicKey } from '../../../../drivers/asn1/keys.ts';
import { nameText } from '../../../../drivers/asn1/names.ts';
import { checkIntermediate } from '../../../../station-core/ca/intermediate.ts';
import { intermediateRules, practiceRootName } from '../../../../station-core/ca/practice-root.ts';
import { recheck } from '../../../suites/certificates.ts';
import { makeTestCa, now, prefix } from '../../../suites/certificates-ca.ts';
import { pairs } from '../../../suites/unit-certificates.ts';

test.each(['p256', 'p384', 'rsa2048'] as const)(
  'a root of practice and its intermediate of %s are good for everybody',
  async (algorithm) => {
    const { root, issuer } = await makeTestCa(algorithm);
    const issued = (
      { certificate: { serial, tbs, certificate: der } }: typeof root,
      purpose: 'root' | 'intermediate',
    ) => ({ id: 1, issuer: 1, purpose, serial, tbs, der });
    recheck([issued(root, 'root')], [root.certificate.certificate]);
    recheck([issued(issuer, 'intermediate')], [root.certificate.certificate]);
    expect(
      checkIntermediate(
        [issuer.certificate, root.certificate],
        { spki: issuer.certificate.publicKey.spki, production: false },
        now,
      ).warnings,
    ).toEqual([]);
  },
);

test('the intermediate signs leaves and nothing below (F-51), the root says that it is for tests (F-75)', async () => {
  const { root, issuer } = await makeTestCa();
  const constraints = extensionOf(issuer.certificate, 'basicConstraints');
  expect(constraints && readBasicConstraints(constraints)).toEqual({ ca: true, pathLength: 0 });
  const usage = extensionOf(issuer.certificate, 'keyUsage');
  expect(usage && readKeyUsage(usage)).toEqual(['digitalSignature', 'keyCertSign', 'cRLSign']);
  expect(nameText(root.certificate.subject)).toContain('Test Only');
  expect(root.certificate.subject).toEqual([{ type: 'CN', value: practiceRootName }]);
});

test('an intermediate ends with its root, however late it is made', async () => {
  const { root } = await makeTestCa();
  const key = readPublicKey(pairs.p256().publicKey.export({ type: 'spki', format: 'der' }), 'test');
  const late = root.rules.notAfter - 86_400_000;
  const rules = intermediateRules(root, [{ type: 'CN', value: 'Late' }], key, late, prefix);
  expect(rules.notAfter).toBe(root.rules.notAfter);
  expect(rules.notBefore).toBeGreaterThanOrEqual(root.rules.notBefore);
});
