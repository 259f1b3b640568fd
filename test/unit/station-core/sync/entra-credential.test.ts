import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Credential, certificateCredential } from '../../../../station-core/sync/dps/entra-credential.ts';
import { AppCertificates, phrase } from '../../../suites/app-certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const certificates = new AppCertificates(folder);
const file = (name: string) => certificates.file(name);
certificates.make('app');
certificates.make('other');

function unusable(): readonly [string, () => Credential, RegExp][] {
  certificates.openssl('ecparam', '-name', 'prime256v1', '-out', 'p256.pem');
  certificates.make('ec', 'ec:p256.pem');
  const files = { certificate: file('app.crt'), key: file('app.key') };
  const clear = certificates.openssl('rsa', '-in', 'app.key', '-passin', `pass:${phrase}`);
  const make = (more: Partial<typeof files>, text = phrase, when = Date.now()) =>
    certificateCredential({ ...files, ...more }, Buffer.from(text), 'PS256', when);
  return [
    [
      'a wrong pass phrase',
      () => make({}, 'wrong phrase'),
      /keyFile: expected a private key that this pass phrase opens/,
    ],
    ['a key in clear', () => make({ key: clear }), /keyFile: expected a private key under a pass phrase/],
    ['another key', () => make({ key: file('other.key') }), /keyFile: expected the key of the certificate/],
    ['no certificate', () => make({ certificate: Buffer.from('nothing') }), /certificateFile: expected a certificate/],
    [
      'an expired certificate',
      () => make({}, phrase, Date.now() + 40 * 86_400_000),
      /certificateFile: expected a current/,
    ],
    ['an EC key', () => make({ certificate: file('ec.crt'), key: file('ec.key') }), /keyFile: expected an RSA key/],
  ];
}
test.each(unusable())('%s is refused before anything is asked, and nothing of it is quoted', (_, make, message) => {
  expect(make).toThrow(message);
  expect(make).not.toThrow(/wrong phrase|PRIVATE KEY-----/);
});
