import { describe, expect, test } from 'vitest';
import type { Certificate } from '../../../../drivers/asn1/certificate.ts';
import { basicConstraints, keyUsage } from '../../../../drivers/asn1/extensions.ts';
import { checkIntermediate } from '../../../../station-core/ca/intermediate.ts';
import { certify, exchanged, keys, leaf, now, root, spkiOf, upper } from './certified.ts';

// The intermediate is `lower`, as it should be; `upper` and `root` stand above it.
const whole = keyUsage(['digitalSignature', 'keyCertSign', 'cRLSign']);
const lower = certify('lower', 'upper', exchanged('lower', 'upper', 'keyUsage', whole));

const ours = { spki: spkiOf(keys.lower), production: false };
const check = (chain: readonly Certificate[], how: Partial<typeof ours> = {}) =>
  checkIntermediate(chain, { ...ours, ...how }, now);
const refused = (rule: RegExp) =>
  expect.objectContaining({
    code: 'ca.chain',
    details: expect.objectContaining({ rule: expect.stringMatching(rule) }),
  });
const changed = (...change: Parameters<typeof exchanged>) => certify(change[0], change[1], exchanged(...change));

test('a chain in any order is put in order, from the intermediate up to the root', () => {
  expect(check([root, lower, upper])).toEqual({ chain: [lower, upper, root], warnings: [] });
  expect(check([upper, root, lower]).chain).toEqual([lower, upper, root]);
});

describe('what came back from the owner of the root is refused', () => {
  const testOnly = (() => {
    const subject = [{ type: 'CN', value: 'Birthmark Practice Root, TEST ONLY' }] as const;
    return certify('lower', 'upper', { subject: [...subject] });
  })();
  test.each<[string, readonly Certificate[], Partial<typeof ours>, RegExp]>([
    ['nothing', [], {}, /of the key whose request was signed/],
    ['a chain without our key', [upper, root], {}, /of the key whose request was signed/],
    ['a chain of another key of ours', [leaf, upper, root], {}, /of the key whose request was signed/],
    ['one without its root', [lower, upper], {}, /missing/],
    ['one with a gap', [lower, root], {}, /missing/],
    ['one with a stranger in it', [lower, upper, root, certify('other', 'root')], {}, /at most 3|no part of the chain/],
    [
      'one that is no CA',
      [changed('lower', 'upper', 'basicConstraints', basicConstraints({ ca: false })), upper, root],
      {},
      /is no CA/,
    ],
    ['one without basic constraints', [changed('lower', 'upper', 'basicConstraints'), upper, root], {}, /4\.2\.1\.9/],
    [
      'one whose are not critical',
      [changed('lower', 'upper', 'basicConstraints', basicConstraints({ ca: true, critical: false })), upper, root],
      {},
      /critical/,
    ],
    [
      'one without keyCertSign',
      [changed('lower', 'upper', 'keyUsage', keyUsage(['digitalSignature'])), upper, root],
      {},
      /keyCertSign/,
    ],
    ['one without a key identifier', [changed('lower', 'upper', 'subjectKeyIdentifier'), upper, root], {}, /F-51/],
    ['an expired one', [certify('lower', 'upper', { notAfter: now - 1000 }), upper, root], {}, /valid until/],
    [
      'one whose upper CA allows none below',
      [lower, changed('upper', 'root', 'basicConstraints', basicConstraints({ ca: true, pathLength: 0 })), root],
      {},
      /path length|not by the key/,
    ],
    ['one that says Test Only, in production', [testOnly, upper, root], { production: true }, /F-75/],
    [
      'a root that its own key did not sign',
      [lower, upper, certify('root', 'other', { issuerDer: root.subjectDer })],
      {},
      /missing|not by the key/,
    ],
  ])('%s', (_, chain, how, rule) => {
    expect(() => check(chain, how)).toThrow(refused(rule));
  });

  test('four levels of CAs (F-50)', () => {
    const spki = spkiOf(keys.leaf);
    const caExtensions = certify('lower', 'upper').extensions;
    const fourth = certify('leaf', 'lower', {
      extensions: [
        basicConstraints({ ca: true }),
        keyUsage(['keyCertSign']),
        ...caExtensions.filter(({ oid }) => oid === '2.5.29.35'),
      ],
    });
    expect(() => check([fourth, lower, upper, root], { spki })).toThrow(refused(/at most 3/));
  });
});

describe('a person is warned of', () => {
  test.each<[string, readonly Certificate[], Partial<typeof ours>, readonly RegExp[]]>([
    [
      'an intermediate that signs no CRLs',
      [changed('lower', 'upper', 'keyUsage', keyUsage(['digitalSignature', 'keyCertSign'])), upper, root],
      {},
      [/cRLSign/],
    ],
    [
      'one without digitalSignature',
      [changed('lower', 'upper', 'keyUsage', keyUsage(['keyCertSign', 'cRLSign'])), upper, root],
      {},
      [/digitalSignature/],
    ],
    ['one that nobody stands above', [root], { spki: spkiOf(keys.root) }, [/self-signed/]],
  ])('%s', (_, chain, how, warnings) => {
    const { warnings: found } = check(chain, how);
    for (const warning of warnings) expect(found).toContainEqual(expect.stringMatching(warning));
  });

  test('nothing when Test Only is used in practice', () => {
    const practice = certify('lower', 'upper', { subject: [{ type: 'CN', value: 'Test Only' }] });
    expect(check([practice, upper, root]).chain).toHaveLength(3);
  });
});
