import { X509Certificate } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { encode, sequence } from '../../../../drivers/asn1/build.ts';
import { type Certificate, writeTbs } from '../../../../drivers/asn1/certificate.ts';
import { basicConstraints, extendedKeyUsage, oids } from '../../../../drivers/asn1/extensions.ts';
import { encodeName } from '../../../../drivers/asn1/names.ts';
import { orderChain, validatePath } from '../../../../station-core/ca/chain.ts';
import { Pki } from '../../../suites/x509-chains.ts';
import { Bench, signed } from '../../drivers/asn1/openssl.ts';
import { certify, critical, day, exchanged, good, keys, leaf, lower, now, read, root, upper } from './certified.ts';
import { opinionOf, refused } from './opinion.ts';

const bench = new Bench();
const openssl = opinionOf(bench);
const pki = new Pki();
afterAll(() => {
  bench.remove();
  pki.remove();
});

describe('a good path', () => {
  test.each<[string, readonly Certificate[]]>([
    ['a root alone', [root]],
    ['two', [upper, root]],
    ['three', [lower, upper, root]],
    ['four', [leaf, lower, upper, root]],
  ])('of %s passes, and openssl agrees', (_, path) => {
    validatePath(path, now);
    expect(openssl(path)).toEqual({ good: true, says: expect.stringContaining('OK') });
  });

  test.each([false, true])('of two, three and four levels made by openssl passes (RSA: %s)', (rsa) => {
    const top = pki.authority('top', { rsa, pathLength: 2 });
    const middle = pki.authority('middle', { issuer: top, rsa: !rsa, pathLength: 1 });
    const bottom = pki.authority('bottom', { issuer: middle, pathLength: 0 });
    const levels = [top, middle, bottom];
    levels.forEach((issuer, index) => {
      const device = pki.device('device', { issuer, rsa });
      const above = levels.slice(0, index + 1).reverse();
      const path = [device, ...above].map(({ cert }) => read(cert));
      validatePath(path, Date.now(), { anchors: path.slice(-1) });
      expect(orderChain([...path].reverse(), path[0] ?? root)).toEqual(path);
    });
  });

  test('is counted without self-issued certificates: a CA that changed its key is no step', () => {
    const limited = certify(
      'root',
      'root',
      exchanged('root', 'root', 'basicConstraints', basicConstraints({ ca: true, pathLength: 1 })),
    );
    const renewed = certify('upper', 'root');
    const rolled = read(
      signed(
        writeTbs({ ...good('other', 'upper'), subject: [{ type: 'CN', value: 'upper' }] }),
        'ecdsa-sha256',
        keys.upper.privateKey,
      ),
    );
    const device = read(
      signed(
        writeTbs({ ...good('leaf', 'other'), issuerDer: encodeName([{ type: 'CN', value: 'upper' }]) }),
        'ecdsa-sha256',
        keys.other.privateKey,
      ),
    );
    const path = [device, rolled, renewed, limited];
    validatePath(path, now);
    expect(openssl(path).good).toBe(true);
    expect(orderChain([limited, rolled, device, renewed], device)).toEqual(path);
  });

  test('may have a subject alternative name and an extended key usage that are critical, and others that are not', () => {
    const san = critical(oids.subjectAltName, encode(sequence()));
    const more = [san, extendedKeyUsage(['clientAuth'], true), { ...critical('1.2.3.4'), critical: false }];
    const device = certify('leaf', 'root', { extensions: [...good('leaf', 'root').extensions, ...more] });
    validatePath([device, root], now);
  });

  test('holds in its first and in its last second', () => {
    validatePath([upper, root], now - day);
    validatePath([upper, root], now + day);
  });
});

describe('a pile of certificates', () => {
  test('becomes the path, whatever its order', () => {
    const path = [leaf, lower, upper, root];
    for (const pile of [[root, upper, lower, leaf], [lower, root, leaf, upper], path]) {
      expect(orderChain(pile, leaf)).toEqual(path);
    }
    expect(orderChain([root], root)).toEqual([root]);
  });

  test('is ordered by signatures where names are alike', () => {
    const other = read(
      signed(
        writeTbs({
          ...good('other', 'other'),
          subject: [{ type: 'CN', value: 'root' }],
          issuerDer: encodeName([{ type: 'CN', value: 'root' }]),
        }),
        'ecdsa-sha256',
        keys.other.privateKey,
      ),
    );
    expect(() => orderChain([upper, other, root], upper)).toThrow(refused(/^CN=root$/, /no part of the chain/));
    expect(() => orderChain([upper, other], upper)).toThrow(refused(/^certificate 1/, /not by the key of CN=root/));
  });

  test('is refused when an issuer is missing, two can be it, or one is left over', () => {
    expect(() => orderChain([leaf, lower, root], leaf)).toThrow(
      refused(/^certificate 2 \(CN=lower\)$/, /issuer \(CN=upper\) is missing/),
    );
    const renewed = certify('upper', 'root', { notAfter: now + 2 * day });
    expect(() => orderChain([lower, upper, renewed, root], lower)).toThrow(refused(/^certificate 1/, /several/));
    expect(() => orderChain([lower, upper, root, leaf], lower)).toThrow(refused(/^CN=leaf$/, /no part/));
    expect(() => orderChain([upper, root, root], upper)).toThrow(refused(/./, /no part|several/));
    expect(() => orderChain([upper, upper, root], upper)).toThrow(refused(/^certificate 1/, /more than once/));
    expect(() => orderChain(Array<Certificate>(1000).fill(root), leaf)).toThrow(refused(/^the path$/, /1 to 8/));
  });

  test('that goes round in a circle has no root', () => {
    const crossed = certify('root', 'upper');
    expect(() => orderChain([crossed, upper], upper)).toThrow(refused(/^certificate 2/, /missing/));
  });
});

test('what node calls issued by another is so here too', () => {
  const node = (certificate: Certificate) => new X509Certificate(certificate.certificate);
  expect(node(leaf).checkIssued(node(lower))).toBe(true);
  expect(node(leaf).checkIssued(node(upper))).toBe(false);
});
