import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTlsIdentity } from '../../../../../drivers/simulated/dps/tls.ts';
import { temporaryFolder } from '../../../../suites/temporary.ts';
import { Pki } from '../../../../suites/x509-chains.ts';

test('a folder keeps its TLS identity, which names every host that is served', () => {
  const folder = temporaryFolder();
  const made = openTlsIdentity(folder);
  expect(openTlsIdentity(folder)).toEqual(made);
  const certificate = new X509Certificate(made.cert);
  for (const host of ['global.azure-devices-provisioning.net', 'login.microsoftonline.com', 'localhost']) {
    expect(certificate.checkHost(host)).toBeDefined();
  }
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkHost('login.example')).toBeUndefined();
});

test('an identity that lacks a name of today is made anew, with its CA, and the file of the CA with it', () => {
  const folder = temporaryFolder();
  const pki = new Pki();
  const { cert, key } = pki.device('practice');
  pki.remove();
  writeFileSync(join(folder, 'tls.json'), JSON.stringify({ ca: cert, cert, key }));
  const made = openTlsIdentity(folder);
  expect(made.ca).not.toBe(cert);
  expect(readFileSync(join(folder, 'ca.pem'), 'utf8')).toBe(made.ca);
  expect(statSync(join(folder, 'tls.json')).mode & 0o777).toBe(0o600);
});
