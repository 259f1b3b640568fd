import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { certificateRequest } from '../../../../drivers/simulated/unit/csr.ts';
import { algorithmOf, isMadeAlgorithm, makeKey, readKey } from '../../../../drivers/simulated/unit/keys.ts';
import { pairs, requestedKey } from '../../../suites/unit-certificates.ts';

const openssl = (input: Buffer, ...args: string[]) => {
  const { stdout, stderr } = spawnSync('openssl', args, { input });
  return { said: stdout.toString(), about: stderr.toString() };
};
// Its exit code is 0 whether or not the signature is right; only its words tell.
const verified = (csr: Buffer) => openssl(csr, 'req', '-verify', '-inform', 'DER', '-noout').about.trim();

test.each([
  ['p256', 'ecdsa-with-SHA256'],
  ['p384', 'ecdsa-with-SHA384'],
  ['rsa2048', 'sha256WithRSAEncryption'],
] as const)(
  'OpenSSL accepts the request of a %s key, signed with %s, and reads the name as UTF-8',
  (kind, signedWith) => {
    const { privateKey, publicKey } = pairs[kind]();
    const csr = certificateRequest(privateKey, 'sn-000001-mac-02:00:5E');
    expect(verified(csr)).toMatch(/verify OK$/);
    const { said } = openssl(csr, 'req', '-inform', 'DER', '-noout', '-subject', '-text');
    expect(said).toContain('subject=CN = sn-000001-mac-02:00:5E\n');
    expect(said).toContain(`Signature Algorithm: ${signedWith}`);
    expect(said).toMatch(/Attributes:\s+\(none\)/);
    expect(openssl(csr, 'asn1parse', '-inform', 'DER').said).toMatch(/UTF8STRING\s+:sn-000001-mac-02:00:5E/);
    expect(requestedKey(csr).equals(publicKey)).toBe(true);
  },
);

test('a request with a changed byte is not verified', () => {
  const csr = certificateRequest(pairs.p256().privateKey, 'sn-000001');
  csr[csr.indexOf('sn-000001')] = 0x53;
  expect(verified(csr)).not.toMatch(/verify OK/);
  expect(verified(csr)).toMatch(/verify fail/);
});

test('keys are made of every kind that a unit says it makes, and told apart', () => {
  for (const kind of ['p256', 'p384', 'rsa2048'] as const) {
    expect(isMadeAlgorithm(kind)).toBe(true);
    const pkcs8 = makeKey(kind);
    expect(algorithmOf(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }))).toBe(kind);
    expect(readKey(pkcs8)).toBeDefined();
    expect(readKey(pkcs8.subarray(1))).toBeUndefined();
  }
  expect(isMadeAlgorithm('rsa3072')).toBe(false);
});
