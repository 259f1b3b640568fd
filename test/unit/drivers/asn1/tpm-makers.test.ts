// What is read beyond DER, where the caller says that the certificates are of TPM makers.
import { describe, expect, test } from 'vitest';
import { wrap, wrapSequence } from '../../../../drivers/asn1/build.ts';
import { readCertificate } from '../../../../drivers/asn1/certificate.ts';
import { Fields, readDer, tags, wholeOf } from '../../../../drivers/asn1/der.ts';
import { keyUsage, oids, readKeyUsage } from '../../../../drivers/asn1/extensions.ts';
import { isKeyAlgorithm, readPublicKey } from '../../../../drivers/asn1/keys.ts';
import { isSignedBy } from '../../../../station-core/genuine/paths.ts';
import { makeAuthority, makeKeys, oaepSpki, signed } from '../../../suites/ek-certificates.ts';

const invalid = expect.objectContaining({ code: 'input.invalid' });
const maker = makeAuthority('Maker');

/** The same certificate with another serial number, signed anew. */
function withSerial(content: Buffer): Buffer {
  const fields = new Fields(readDer(maker.certificate.tbs, 'TBS'), tags.sequence, 'TBS');
  const version = wholeOf(fields.any('version'));
  fields.any('serial');
  const rest: Buffer[] = [];
  while (fields.more) rest.push(wholeOf(fields.any('rest')));
  return signed(wrapSequence(version, wrap(tags.integer, content), ...rest), 'ecdsa-sha256', maker.keys);
}

describe('a serial number with zeros in front', () => {
  test.each(['00000006', '0000', '000001', '0080', '00'])('%s is read where it is asked for, as it stands', (hex) => {
    const serial = Buffer.from(hex, 'hex');
    const bytes = withSerial(serial);
    const read = readCertificate(bytes, 'test', { paddedSerial: true });
    expect(read.serial).toEqual(serial);
    expect(read.certificate).toEqual(bytes);
    expect(isSignedBy(read, maker.certificate)).toBe(true);
  });

  test.each(['00000006', '0000', '000001'])('%s is refused otherwise', (hex) => {
    expect(() => readCertificate(withSerial(Buffer.from(hex, 'hex')), 'test')).toThrow(invalid);
  });

  test.each<[string, Buffer]>([
    ['an empty one', Buffer.alloc(0)],
    ['a negative one with a byte too many', Buffer.of(0xff, 0x80)],
    ['one of 65 bytes', Buffer.alloc(65)],
  ])('%s is refused all the same', (_, serial) => {
    expect(() => readCertificate(withSerial(serial), 'test', { paddedSerial: true })).toThrow(invalid);
  });
});

describe('a key usage with zeros at its end', () => {
  const usage = (hex: string) => ({ oid: oids.keyUsage, critical: true, value: Buffer.from(hex, 'hex') });

  test.each([
    ['03020006', ['keyCertSign', 'cRLSign']],
    ['03020020', ['keyEncipherment']],
    ['03020084', ['digitalSignature', 'keyCertSign']],
    ['0303000600', ['keyCertSign', 'cRLSign']],
    ['0303000080', ['decipherOnly']],
    ['03020106', ['keyCertSign', 'cRLSign']],
  ])('%s is read where it is asked for', (hex, usages) => {
    expect(readKeyUsage(usage(hex), { padded: true })).toEqual(usages);
    if (hex !== '03020106') expect(() => readKeyUsage(usage(hex))).toThrow(invalid);
  });

  test.each([
    '03020000',
    '03020700',
    '0300',
    '030100',
    '030207ff',
    '03020880',
    '0303068040',
    '0303000001',
    '030400808080',
    '0401 80',
  ])('%s is refused all the same', (hex) => {
    expect(() => readKeyUsage(usage(hex.replace(' ', '')), { padded: true })).toThrow(invalid);
  });

  test('one without is read in both ways', () => {
    const strict = keyUsage(['keyAgreement', 'decipherOnly']);
    expect(readKeyUsage(strict, { padded: true })).toEqual(readKeyUsage(strict));
  });
});

test('an RSA key for RSAES-OAEP alone has a name that no certificate of ours may have', () => {
  const { algorithm } = readPublicKey(oaepSpki(makeKeys('rsa2048')), 'test');
  expect(algorithm).toBe('rsa2048-oaep');
  expect(isKeyAlgorithm(algorithm)).toBe(false);
});
