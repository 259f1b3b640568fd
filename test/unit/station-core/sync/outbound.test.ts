import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { refusePrivate } from '../../../../station-core/sync/dps/outbound.ts';

const body = (certificate: string) => Buffer.from(JSON.stringify({ attestation: { certificate } }));
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

const keys = {
  'an EC key': generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'a P-384 key': generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  'an RSA key': generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
};

test.each(Object.entries(keys))(
  '%s never leaves, in PEM, in base64 of PEM at any place, or in base64 of DER (F-65)',
  (_, key) => {
    const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
    const der = key.export({ type: 'pkcs8', format: 'der' });
    const before = ['', '\n', '#\n', '# a\n'];
    const coats = [pem, ...before.map((text) => base64(text + pem)), base64(der)];
    for (const coat of coats) expect(() => refusePrivate(body(coat))).toThrow(/private key/);
  },
);

test('a PKCS#12 file never leaves, nor an encrypted key, and certificates do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'birthmark-outbound-'));
  try {
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'key',
      '-out',
      'crt',
      '-subj',
      '/CN=x',
      '-days',
      '1',
    );
    const pfx = openssl('pkcs12', '-export', '-in', 'crt', '-inkey', 'key', '-passout', 'pass:1234');
    const encrypted = openssl('pkcs8', '-topk8', '-in', 'key', '-passout', 'pass:1234');
    for (const bad of [pfx, encrypted]) expect(() => refusePrivate(body(base64(bad)))).toThrow(/private key/);
    const certificate = readFileSync(join(folder, 'crt'));
    for (const good of [
      certificate.toString(),
      base64(certificate),
      new X509Certificate(certificate).raw.toString('base64'),
    ]) {
      expect(() => refusePrivate(body(good))).not.toThrow();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
