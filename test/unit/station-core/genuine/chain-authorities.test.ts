import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Certificate } from '../../../../drivers/asn1/certificate.ts';
import { extendedKeyUsage, keyUsage, oids } from '../../../../drivers/asn1/extensions.ts';
import { validatePath } from '../../../../station-core/ca/chain.ts';
import {
  type Authority,
  day,
  ekKeyOf,
  ekPurpose,
  makeAuthority,
  makeEkCertificate,
  now,
  oaepSpki,
  readEk,
} from '../../../suites/ek-certificates.ts';
import { Bench } from '../../drivers/asn1/openssl.ts';
import { check, lower, opinionOf, p256, pool, refused, root, rsa, upper, usageOf } from './checking.ts';

const bench = new Bench();
const openssl = opinionOf(bench);
afterAll(() => bench.remove());

describe('CAs as makers of TPMs have them', () => {
  const policies = (critical: boolean) => ({
    oid: oids.certificatePolicies,
    critical,
    value: Buffer.from('3008300606042a030405', 'hex'),
  });
  /** authorityInfoAccess and cRLDistributionPoints: passed over, since nothing is fetched. */
  const addresses = ['1.3.6.1.5.5.7.1.1', '2.5.29.31'].map((oid) => ({
    oid,
    critical: false,
    value: Buffer.of(0x30, 0),
  }));
  const ekOnly = extendedKeyUsage([ekPurpose], true);
  const more = [policies(true), ...addresses, ekOnly];

  test('may have critical policies, addresses, and be for endorsement keys only', () => {
    const own = makeAuthority('Own', { issuer: root, more, usage: usageOf('03020006') });
    expect(check(makeEkCertificate(rsa, own), { pool: [own, root] }).path).toHaveLength(2);
  });

  test('may have a key usage of zeros at its end, at the root too', () => {
    const top = makeAuthority('Top', { usage: usageOf('03020006'), kind: 'p384' });
    expect(check(makeEkCertificate(rsa, top), { pool: [top], pinned: [top] }).path).toHaveLength(1);
  });

  test.each<[string, Parameters<typeof makeAuthority>[1], RegExp]>([
    [
      'for platform certificates only',
      { more: [extendedKeyUsage(['2.23.133.8.2'])] },
      /lacks that of endorsement keys/,
    ],
    [
      'with constraints on names',
      { more: [{ oid: oids.nameConstraints, critical: true, value: Buffer.of(0x30, 0) }] },
      /name constraints/,
    ],
    [
      'with constraints on policies',
      { more: [{ oid: oids.policyConstraints, critical: true, value: Buffer.of(0x30, 0) }] },
      /policy constraints/,
    ],
    [
      'with a critical extension that is not known',
      { more: [{ oid: '1.2.3.4', critical: true, value: Buffer.of(5, 0) }] },
      /1\.2\.3\.4 is not known/,
    ],
    ['that may not sign certificates', { usage: keyUsage(['cRLSign']) }, /lacks keyCertSign/],
    ['whose key usage cannot be read', { usage: usageOf('03020000') }, /cannot be read/],
    ['whose time has not come', { notBefore: now + day }, /it is valid from/],
    ['whose time is over', { notBefore: now - 9 * day, notAfter: now - day }, /it was valid until/],
  ])('are refused %s', (_, wish, rule) => {
    const own = makeAuthority('Own', { issuer: root, ...wish });
    expect(() => check(makeEkCertificate(rsa, own), { pool: [own, root] })).toThrow(
      refused(/^certificate 2 \(CN=Own/, rule),
    );
  });

  test('are refused below a path length that they break', () => {
    const below = makeAuthority('Below', { issuer: lower });
    const der = makeEkCertificate(rsa, below);
    expect(() => check(der, { pool: [below, ...pool] })).toThrow(refused(/^certificate 3/, /path length 0/));
    expect(openssl(der, [below, ...pool])).toBe(false);
  });

  test('may be as many as Intel has, and no more', () => {
    const chain = [root];
    for (let index = 0; index < 6; index += 1) {
      const issuer = chain[0] ?? root;
      chain.unshift(makeAuthority(`Depth ${index}`, { issuer }));
    }
    expect(check(makeEkCertificate(rsa, chain[0] ?? root), { pool: chain }).path).toHaveLength(7);
    const eighth = makeAuthority('Depth 6', { issuer: chain[0] ?? root });
    const der = makeEkCertificate(rsa, eighth);
    expect(() => check(der, { pool: [eighth, ...chain] })).toThrow(refused(/^certificate 8/, /within eight/));
  });
});

test('what makers of TPMs may have, no other path may', () => {
  const policies = { oid: oids.certificatePolicies, critical: true, value: Buffer.from('3008300606042a030405', 'hex') };
  const own = makeAuthority('Own', { issuer: root, more: [policies] });
  const padded = makeAuthority('Padded', { issuer: root, usage: usageOf('03020006') });
  const under = (issuer: Authority, wish = {}) => [
    readEk(makeEkCertificate(rsa, issuer, wish)).certificate,
    issuer.certificate,
    root.certificate,
  ];
  const paths: readonly [readonly Certificate[], RegExp][] = [
    [under(own), /certificate 2 .*certificate policies/],
    [under(padded), /certificate 2 .*cannot be read/],
    [under(upper, { usage: usageOf('03020020') }), /certificate 1 .*cannot be read/],
    [under(upper, { spki: oaepSpki(rsa) }), /certificate 1 .*found rsa2048-oaep/],
  ];
  for (const [path, rule] of paths) {
    expect(() => validatePath(path, now)).toThrow(rule);
    expect(() => validatePath(path, now, { endorsement: true })).not.toThrow();
  }
});

test('a CA cannot have a key for RSAES-OAEP', () => {
  const odd = makeAuthority('Odd', { issuer: root, keys: rsa, spki: oaepSpki(rsa) });
  expect(() => check(makeEkCertificate(p256, odd), { key: ekKeyOf(p256), pool: [odd, root] })).toThrow(
    refused(/^certificate 2/, /found rsa2048-oaep/),
  );
});

describe('a chain is refused', () => {
  test('where nobody of the issuer’s name and key identifier signed', () => {
    const der = makeEkCertificate(rsa, lower);
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    expect(() => check(der)).toThrow(refused(/^certificate 1 \(no name\)/, /not by the key of CN=Lower/));
  });

  test('where an intermediate was changed', () => {
    const changed = Buffer.from(upper.certificate.certificate);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    const certificate = {
      ...upper.certificate,
      certificate: changed,
      signature: Buffer.from(changed.subarray(-upper.certificate.signature.length)),
    };
    expect(() => check(makeEkCertificate(rsa, lower), { pool: [lower, { ...upper, certificate }, root] })).toThrow(
      refused(/^certificate 3 \(CN=Upper/, /not by the key of CN=Root/),
    );
  });

  let sha1: { leaf: Buffer; ca: Authority };
  beforeAll(() => {
    bench.key('old.key', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048');
    bench.openssl(
      'req',
      '-x509',
      '-sha1',
      '-key',
      'old.key',
      '-subj',
      '/CN=Old',
      '-days',
      '3650',
      '-out',
      'old.pem',
      '-addext',
      'keyUsage=critical,keyCertSign',
    );
    bench.put('ek.key', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    bench.openssl('req', '-new', '-key', 'ek.key', '-subj', '/CN=unknown', '-out', 'ek.csr');
    bench.put(
      'ek.cnf',
      [
        'keyUsage=critical,keyEncipherment',
        'extendedKeyUsage=2.23.133.8.1',
        'subjectAltName=dirName:tpm',
        'authorityKeyIdentifier=keyid',
        '[tpm]',
        '1.2.23.133.2.1=id:49465800',
      ].join('\n'),
    );
    bench.openssl(
      'x509',
      '-req',
      '-sha1',
      '-in',
      'ek.csr',
      '-CA',
      'old.pem',
      '-CAkey',
      'old.key',
      '-set_serial',
      '6',
      '-days',
      '3650',
      '-extfile',
      'ek.cnf',
      '-outform',
      'der',
      '-out',
      'ek.der',
    );
    bench.openssl('x509', '-in', 'old.pem', '-outform', 'der', '-out', 'old.der');
    sha1 = { leaf: bench.get('ek.der'), ca: { certificate: readEk(bench.get('old.der')).certificate, keys: rsa } };
  });

  test('that is signed with SHA-1', () => {
    const at = Date.now() + 60_000;
    expect(() => check(sha1.leaf, { pool: [sha1.ca], pinned: [sha1.ca], at })).toThrow(
      refused(/^certificate 1 \(CN=unknown\)/, /SHA-256, SHA-384 or SHA-512, found rsa-sha1/),
    );
  });
});
