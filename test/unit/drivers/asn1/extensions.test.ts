import { afterAll, describe, expect, test } from 'vitest';
import { readCertificate } from '../../../../drivers/asn1/certificate.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  type Extension,
  extendedKeyUsage,
  extensionOf,
  type KeyUsage,
  keyIdentifierOf,
  keyUsage,
  keyUsages,
  oids,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
  readSubjectKeyIdentifier,
  subjectKeyIdentifier,
} from '../../../../drivers/asn1/extensions.ts';
import { Bench, kinds } from './openssl.ts';

const bench = new Bench();
afterAll(() => bench.remove());
bench.key('key.pem', ...kinds.p256);

const invalid = expect.objectContaining({ code: 'input.invalid' });
const raw = (hex: string): Extension => ({
  oid: '1.2.3',
  critical: false,
  value: Buffer.from(hex.replaceAll(' ', ''), 'hex'),
});

/** A self-signed certificate by openssl with these extensions and no others. */
function madeWith(...extensions: string[]) {
  const config = bench.put('c', `[req]\ndistinguished_name=dn\n[dn]\n[x]\n${extensions.join('\n')}\n`);
  const options = ['-config', config, '-extensions', 'x', '-subj', '/CN=x', '-out', 'made'];
  bench.openssl('req', '-x509', '-key', 'key.pem', ...options);
  return readCertificate(bench.get('made'), 'test');
}

describe('each extension is written byte for byte as openssl writes it, and read back', () => {
  test.each([
    ['critical,CA:TRUE', { ca: true }],
    ['critical,CA:TRUE,pathlen:0', { ca: true, pathLength: 0 }],
    ['critical,CA:TRUE,pathlen:300', { ca: true, pathLength: 300 }],
    ['CA:FALSE', { ca: false, critical: false }],
  ])('basicConstraints=%s', (text, given) => {
    const { extensions } = madeWith(`basicConstraints=${text}`);
    expect(extensions[0]).toEqual(basicConstraints(given));
    const { critical, ...constraints } = { critical: true, ...given };
    expect(readBasicConstraints(basicConstraints(given))).toEqual(constraints);
  });

  test.each([
    ...keyUsages.map((usage) => [usage]),
    ['digitalSignature', 'keyEncipherment'],
    ['digitalSignature', 'keyCertSign', 'cRLSign'],
    ['keyAgreement', 'decipherOnly'],
    [...keyUsages],
  ] as KeyUsage[][])('keyUsage=critical,%s %s', (...usages) => {
    const { extensions } = madeWith(`keyUsage=critical,${usages.join(',')}`);
    expect(extensions[0]).toEqual(keyUsage(usages));
    expect(readKeyUsage(keyUsage(usages))).toEqual(usages);
    expect(keyUsage([...usages].reverse())).toEqual(keyUsage(usages));
  });

  test.each([
    ['clientAuth'],
    ['serverAuth', 'clientAuth'],
    ['codeSigning', 'emailProtection', 'timeStamping', 'OCSPSigning', 'anyExtendedKeyUsage', '1.3.6.1.4.1.311.10.3.4'],
  ])('extendedKeyUsage=%s %s %s', (...purposes) => {
    const wanted = purposes.filter((purpose) => typeof purpose === 'string');
    for (const critical of [true, false]) {
      const { extensions } = madeWith(`extendedKeyUsage=${critical ? 'critical,' : ''}${wanted.join(',')}`);
      expect(extensions[0]).toEqual(extendedKeyUsage(wanted, critical));
    }
    expect(readExtendedKeyUsage(extendedKeyUsage(wanted))).toEqual(wanted);
  });

  test('the key identifiers', () => {
    const made = madeWith('subjectKeyIdentifier=hash', 'authorityKeyIdentifier=keyid:always');
    const { spki } = made.publicKey;
    expect(made.extensions).toEqual([subjectKeyIdentifier(spki), authorityKeyIdentifier(keyIdentifierOf(spki))]);
    const [subject, authority] = [
      extensionOf(made, 'subjectKeyIdentifier'),
      extensionOf(made, 'authorityKeyIdentifier'),
    ];
    expect(subject && readSubjectKeyIdentifier(subject)).toEqual(keyIdentifierOf(spki));
    expect(authority && readAuthorityKeyIdentifier(authority)).toEqual(keyIdentifierOf(spki));
    expect(extensionOf(made, 'keyUsage')).toBeUndefined();
  });

  test('an authority that is named by issuer and serial number', () => {
    const named = extensionOf(madeWith('authorityKeyIdentifier=issuer:always'), 'authorityKeyIdentifier');
    expect(named && readAuthorityKeyIdentifier(named)).toBeUndefined();
    const both = madeWith('subjectKeyIdentifier=hash', 'authorityKeyIdentifier=keyid:always,issuer:always');
    const extension = extensionOf(both, 'authorityKeyIdentifier');
    expect(extension && readAuthorityKeyIdentifier(extension)).toEqual(keyIdentifierOf(both.publicKey.spki));
  });

  test('the names are those of openssl', () => {
    const made = madeWith('subjectAltName=DNS:x', 'nameConstraints=permitted;DNS:x', 'certificatePolicies=1.2.3');
    // openssl 3 adds a subject key identifier by itself.
    expect(made.extensions.slice(0, 3).map(({ oid }) => oid)).toEqual([
      oids.subjectAltName,
      oids.nameConstraints,
      oids.certificatePolicies,
    ]);
  });
});

describe('an extension is not written', () => {
  test('for no usage, no purpose, or a path length that is none', () => {
    expect(() => keyUsage([])).toThrow(invalid);
    expect(() => extendedKeyUsage([])).toThrow(invalid);
    expect(() => extendedKeyUsage(['constructor'])).toThrow(invalid);
    expect(() => basicConstraints({ ca: true, pathLength: -1 })).toThrow(invalid);
    expect(() => basicConstraints({ ca: true, pathLength: 0.5 })).toThrow(invalid);
  });
});

describe('an extension is refused', () => {
  test.each([
    ['an empty value', readBasicConstraints, ''],
    ['basic constraints that are no sequence', readBasicConstraints, '0101ff'],
    ['basic constraints with a boolean of 1', readBasicConstraints, '3003 010101'],
    ['basic constraints with a negative path length', readBasicConstraints, '3006 0101ff 0201ff'],
    ['basic constraints with more behind', readBasicConstraints, '3008 0101ff 020100 0500'],
    ['basic constraints with bytes behind them', readBasicConstraints, '3000 00'],
    ['a key usage that is no bit string', readKeyUsage, '0401 80'],
    ['a key usage without a byte', readKeyUsage, '0300'],
    ['a key usage without a bit', readKeyUsage, '030100'],
    ['a key usage of zeros', readKeyUsage, '03020700'],
    ['a key usage with zeros at its end', readKeyUsage, '03020080'],
    ['a key usage whose unused bits are set', readKeyUsage, '030207ff'],
    ['a key usage with more unused bits than there are', readKeyUsage, '03020880'],
    ['a key usage with a tenth bit', readKeyUsage, '0303068040'],
    ['a key usage of three bytes', readKeyUsage, '030400808080'],
    ['no purposes', readExtendedKeyUsage, '3000'],
    ['purposes that are no identifiers', readExtendedKeyUsage, '3003 020101'],
    ['a key identifier that is no octet string', readSubjectKeyIdentifier, '020101'],
    ['an empty key identifier', readSubjectKeyIdentifier, '0400'],
    ['an empty identifier of the authority', readAuthorityKeyIdentifier, '3002 8000'],
    ['an authority with a serial number and no name', readAuthorityKeyIdentifier, '3003 820101'],
    ['an authority with a name and no serial number', readAuthorityKeyIdentifier, '3002 a100'],
    ['an authority with more behind', readAuthorityKeyIdentifier, '3005 800101 0500'],
  ] as const)('for %s', (_, read, hex) => {
    expect(() => read(raw(hex))).toThrow(invalid);
  });
});
