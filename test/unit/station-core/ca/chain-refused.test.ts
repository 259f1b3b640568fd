import { afterAll, describe, expect, test } from 'vitest';
import type { Certificate } from '../../../../drivers/asn1/certificate.ts';
import { validatePath } from '../../../../station-core/ca/chain.ts';
import { Bench } from '../../drivers/asn1/openssl.ts';
import { broken } from './broken-paths.ts';
import { leaf, lower, now, read, root, upper } from './certified.ts';
import { opinionOf, refused } from './opinion.ts';

const bench = new Bench();
const openssl = opinionOf(bench);
afterAll(() => bench.remove());

describe('a path is refused, by certificate and rule, for', () => {
  test.each(Object.entries(broken))('%s', (_, { rule, which, path, at = now, agrees, options }) => {
    expect(() => validatePath(path, at, options)).toThrow(refused(which, rule));
    if (agrees !== false) expect(openssl(path, at).good).toBe(false);
  });

  /** Self-signed by openssl, and a leaf below it. */
  function below(key: string[], ...options: string[]): readonly Certificate[] {
    bench.key('ca.key', ...key);
    const subject = ['-subj', '/CN=weak', '-addext', 'keyUsage=critical,keyCertSign'];
    bench.openssl('req', '-x509', '-key', 'ca.key', ...subject, ...options, '-out', 'ca.pem');
    bench.key('leaf.key', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256');
    bench.openssl('req', '-new', '-key', 'leaf.key', '-subj', '/CN=leaf', '-out', 'csr');
    bench.openssl(
      'x509',
      '-req',
      '-in',
      'csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-set_serial',
      '5',
      '-out',
      'leaf.pem',
    );
    return [read(bench.get('leaf.pem')), read(bench.get('ca.pem'))];
  }
  const rsa = (bits: number, ...more: string[]) => [
    '-algorithm',
    'RSA',
    '-pkeyopt',
    `rsa_keygen_bits:${bits}`,
    ...more,
  ];
  const ec = (curve: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`];

  test.each<[string, string[], string[], RegExp]>([
    ['SHA-1', rsa(2048), ['-sha1'], /found rsa-sha1/],
    ['MD5', rsa(2048), ['-md5'], /found rsa-md5/],
    ['ECDSA with SHA-1', ec('P-256'), ['-sha1'], /found ecdsa-sha1/],
    ['RSA of 1024 bits', rsa(1024), [], /found rsa1024/],
    ['RSA with an exponent of 3', rsa(2048, '-pkeyopt', 'rsa_keygen_pubexp:3'), [], /found rsa2048-e3/],
    ['a curve of 192 bits', ec('P-192'), [], /found p192/],
  ])('weakness: %s', (_, key, options, rule) => {
    expect(() => validatePath(below(key, ...options), Date.now())).toThrow(refused(/^certificate 2/, rule));
  });

  test.each<[string, string[]]>([
    ['RSA of 4096 bits', rsa(4096)],
    ['P-521', ec('P-521')],
  ])('nothing when it is strong: %s', (_, key) => {
    const [, ca = root] = below(key);
    validatePath([ca], Date.now());
  });

  test('an issuer of version 1', () => {
    const [device, ca] = ['leaf', 'ca'].map((name) => `${name}.pem`);
    below(ec('P-256'));
    bench.openssl('req', '-new', '-key', 'ca.key', '-subj', '/CN=weak', '-out', 'csr');
    bench.openssl('x509', '-req', '-in', 'csr', '-signkey', 'ca.key', '-out', 'ca.pem');
    const path = [device, ca].map((name) => read(bench.get(name ?? '')));
    expect(path.map(({ version }) => version)).toEqual([1, 1]);
    expect(() => validatePath(path, Date.now())).toThrow(refused(/^certificate 2/, /version 3, found 1/));
    expect(openssl(path, Math.ceil(Date.now() / 1000) * 1000).good).toBe(false);
  });

  test('one changed bit in any of its signatures', () => {
    const path = [leaf, lower, upper, root];
    path.forEach((certificate, index) => {
      const bytes = Buffer.from(certificate.certificate);
      bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
      const changed = path.with(index, read(bytes));
      expect(() => validatePath(changed, now)).toThrow(
        refused(new RegExp(`^certificate ${index + 1}`), /6\.1\.3 \(a\)\(1\)/),
      );
    });
  });
});
