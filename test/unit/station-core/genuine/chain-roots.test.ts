import { afterAll, describe, expect, test } from 'vitest';
import { pinOf } from '../../../../station-core/ca/given.ts';
import { day, makeAuthority, makeEkCertificate, makeKeys, now } from '../../../suites/ek-certificates.ts';
import { Bench } from '../../drivers/asn1/openssl.ts';
import { check, lower, opinionOf, pool, refused, root, rsa, unknown, upper } from './checking.ts';

const bench = new Bench();
const openssl = opinionOf(bench);
afterAll(() => bench.remove());

describe('a certificate leads to no pinned root', () => {
  const der = makeEkCertificate(rsa, lower);
  const thief = makeAuthority('Root');
  const thiefs = makeAuthority('Lower', { issuer: makeAuthority('Upper', { issuer: thief }) });

  test('where nothing is pinned', () => {
    expect(() => check(der, { pinned: [] })).toThrow(unknown(/^CN=Root,O=Maker of TPMs,C=DE$/));
  });

  test('where only something between is pinned', () => {
    expect(() => check(der, { pinned: [lower, upper] })).toThrow(unknown(/^CN=Root/));
  });

  test('where another root is pinned, of the same name', () => {
    expect(() => check(der, { pinned: [thief], pool: [...pool, thief] })).toThrow(unknown(/^CN=Root/));
  });

  test('where it was issued under a stolen name, and its own root comes along', () => {
    const upperThief = makeAuthority('Upper', { issuer: thief });
    const lowerThief = makeAuthority('Lower', { issuer: upperThief });
    const forged = makeEkCertificate(rsa, lowerThief);
    expect(() => check(forged, { pool: [lowerThief, upperThief, thief, ...pool] })).toThrow(unknown(/^CN=Root/));
  });

  test('where the maker is not in the folder', () => {
    expect(() => check(der, { pool: [thief] })).toThrow(unknown(/certificate of CN=Lower.* is missing/));
    expect(() => check(der, { pool: [] })).toThrow(unknown(/is missing/));
  });

  test.each([
    ['Lower', [upper, root]],
    ['Upper', [lower, root]],
    ['Root', [lower, upper]],
  ])('where %s is missing', (name, pile) => {
    expect(() => check(der, { pool: pile })).toThrow(unknown(new RegExp(`certificate of CN=${name},.* is missing`)));
    expect(openssl(der, pile)).toBe(false);
  });

  test('where only a namesake with another key is there', () => {
    expect(() => check(der, { pool: [thiefs, upper, root] })).toThrow(unknown(/certificate of CN=Lower.* is missing/));
  });

  test('where CAs stand in a circle', () => {
    const keys = makeKeys('p256');
    const first = makeAuthority('Circle', { issuer: makeAuthority('Second', { keys }) });
    const second = makeAuthority('Second', { issuer: first, keys });
    expect(() => check(makeEkCertificate(rsa, first), { pool: [first, second] })).toThrow(unknown(/./));
  });

  test('where a pile of CAs was made to confuse: everybody issued everybody', () => {
    const keys = makeKeys('p256');
    const names = ['Maze 0', 'Maze 1', 'Maze 2', 'Maze 3', 'Maze 4'];
    const heads = names.map((name) => makeAuthority(name, { keys }));
    const maze = heads.flatMap((issuer) => names.map((name) => makeAuthority(name, { keys, issuer })));
    const caught = makeEkCertificate(rsa, heads[0] ?? root);
    const within = maze.filter(({ certificate }) => !certificate.issuerDer.equals(certificate.subjectDer));
    expect(within).toHaveLength(20);
    expect(() => check(caught, { pool: [...within, root] })).toThrow(refused(/^certificate \d/, /within eight/));
  });
});

describe('of several CAs of one name', () => {
  const keys = makeKeys('p256');
  const renewed = (wish: object) => makeAuthority('Twin', { issuer: root, keys, ...wish });
  const [old, recent] = [renewed({ notBefore: now - 9 * day, notAfter: now - day }), renewed({})];

  test('the one that signed is taken', () => {
    const twins = [makeAuthority('Twin', { issuer: root }), makeAuthority('Twin', { issuer: root })];
    for (const twin of twins) {
      for (const pile of [[...twins, root], [...twins, root].reverse()]) {
        expect(check(makeEkCertificate(rsa, twin), { pool: pile }).path).toHaveLength(2);
      }
    }
  });

  test('with one key, the one that is valid is taken', () => {
    const der = makeEkCertificate(rsa, recent);
    for (const pile of [
      [old, recent, root],
      [recent, old, root],
    ])
      expect(check(der, { pool: pile }).path).toHaveLength(2);
    expect(() => check(der, { pool: [old, root] })).toThrow(refused(/^certificate 2/, /it was valid until/));
  });

  test('with one key under two roots, the way to the pinned one is taken', () => {
    const other = makeAuthority('Other root');
    const crossed = makeAuthority('Twin', { issuer: other, keys });
    const der = makeEkCertificate(rsa, recent);
    const pile = [crossed, recent, other, root];
    expect(check(der, { pool: pile }).root).toBe(pinOf(root.certificate));
    expect(check(der, { pool: pile, pinned: [other] }).root).toBe(pinOf(other.certificate));
    expect(check(der, { pool: pile, pinned: [root, other] }).root).toBe(pinOf(other.certificate));
  });
});
