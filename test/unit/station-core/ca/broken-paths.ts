// Paths that each break one rule of RFC 5280.
import { encode, integer, octets, wrapSequence } from '../../../../drivers/asn1/build.ts';
import { type Certificate, writeTbs } from '../../../../drivers/asn1/certificate.ts';
import { authorityKeyIdentifier, basicConstraints, keyUsage, oids } from '../../../../drivers/asn1/extensions.ts';
import type { PathOptions } from '../../../../station-core/ca/chain.ts';
import { signed } from '../../drivers/asn1/openssl.ts';
import {
  added,
  certify,
  critical,
  day,
  exchanged,
  good,
  keys,
  leaf,
  lower,
  now,
  read,
  root,
  upper,
  type Who,
} from './certified.ts';

/** Each breaks one rule. `agrees` says whether openssl can be asked and refuses it too. */
type Broken = {
  readonly rule: RegExp;
  readonly which: RegExp;
  readonly path: readonly Certificate[];
  readonly at?: number;
  readonly agrees?: false;
  readonly options?: PathOptions;
};

const limited = (who: Who, issuer: Who, pathLength: number) =>
  exchanged(who, issuer, 'basicConstraints', basicConstraints({ ca: true, pathLength }));

export const broken: Readonly<Record<string, Broken>> = {
  'an expired leaf': {
    rule: /valid until/,
    which: /^certificate 1 \(CN=leaf\)$/,
    path: [leaf, lower, upper, root],
    at: now + day + 1000,
  },
  'a leaf from the future': {
    rule: /valid from/,
    which: /^certificate 1/,
    path: [leaf, lower, upper, root],
    at: now - day - 1000,
  },
  'an expired intermediate': {
    rule: /valid until/,
    which: /^certificate 2 \(CN=upper\)$/,
    path: [certify('lower', 'upper'), certify('upper', 'root', { notAfter: now - 1000 }), root],
  },
  'an expired root': {
    rule: /valid until/,
    which: /^certificate 2/,
    path: [upper, certify('root', 'root', { notAfter: now - 1000 })],
  },
  'a signature by another key': {
    rule: /signature is not by the key of certificate 2/,
    which: /^certificate 1/,
    path: [read(signed(writeTbs(good('upper', 'root')), 'ecdsa-sha256', keys.other.privateKey)), root],
  },
  'another issuer': { rule: /its issuer is not certificate 2/, which: /^certificate 1/, path: [lower, root] },
  'an order that is not the path': {
    rule: /its issuer is not/,
    which: /^certificate 1/,
    path: [leaf, upper, lower, root],
    agrees: false,
  },
  'no root at its end': { rule: /ends in a root/, which: /^certificate 2 \(CN=upper\)$/, path: [lower, upper] },
  'a root whose own signature is wrong': {
    rule: /signature is not by the key of certificate 2/,
    which: /^certificate 2/,
    path: [
      certify('upper', 'root', exchanged('upper', 'root', 'authorityKeyIdentifier')),
      read(
        signed(
          writeTbs({ ...good('root', 'root'), ...exchanged('root', 'root', 'authorityKeyIdentifier') }),
          'ecdsa-sha256',
          keys.other.privateKey,
        ),
      ),
    ],
  },
  "an authority key identifier that is not the issuer's": {
    rule: /4\.2\.1\.1/,
    which: /^certificate 1/,
    path: [
      certify(
        'upper',
        'root',
        exchanged('upper', 'root', 'authorityKeyIdentifier', authorityKeyIdentifier(Buffer.alloc(20, 1))),
      ),
      root,
    ],
  },
  'a leaf as an issuer': {
    rule: /no CA/,
    which: /^certificate 2/,
    path: [
      leaf,
      certify('lower', 'upper', exchanged('lower', 'upper', 'basicConstraints', basicConstraints({ ca: false }))),
      upper,
      root,
    ],
  },
  'an issuer without basic constraints': {
    rule: /must have basic constraints/,
    which: /^certificate 2/,
    path: [lower, certify('upper', 'root', exchanged('upper', 'root', 'basicConstraints')), root],
  },
  'an issuer whose basic constraints are not critical': {
    rule: /must be critical/,
    which: /^certificate 2/,
    path: [
      lower,
      certify(
        'upper',
        'root',
        exchanged('upper', 'root', 'basicConstraints', basicConstraints({ ca: true, critical: false })),
      ),
      root,
    ],
  },
  'an issuer without a key usage': {
    rule: /must have a key usage/,
    which: /^certificate 2/,
    path: [lower, certify('upper', 'root', exchanged('upper', 'root', 'keyUsage')), root],
  },
  'an issuer that may not sign certificates': {
    rule: /keyCertSign/,
    which: /^certificate 2/,
    path: [lower, certify('upper', 'root', exchanged('upper', 'root', 'keyUsage', keyUsage(['cRLSign']))), root],
  },
  'a root that is no CA': {
    rule: /no CA/,
    which: /^certificate 2/,
    path: [
      upper,
      certify('root', 'root', exchanged('root', 'root', 'basicConstraints', basicConstraints({ ca: false }))),
    ],
  },
  'one CA more than the path length of the root allows': {
    rule: /longer than its path length 0/,
    which: /^certificate 3 \(CN=root\)$/,
    path: [certify('leaf', 'upper'), upper, certify('root', 'root', limited('root', 'root', 0))],
  },
  'one CA more than the path length of an intermediate allows': {
    rule: /longer than its path length 0/,
    which: /^certificate 3 \(CN=upper\)$/,
    path: [leaf, lower, certify('upper', 'root', limited('upper', 'root', 0)), root],
  },
  'an intermediate that could issue nothing, as an issuer': {
    rule: /longer than its path length 0/,
    which: /^certificate 2/,
    path: [upper, certify('root', 'root', limited('root', 'root', 0))],
    options: { issuing: true },
    agrees: false,
  },
  'a leaf, as an issuer': {
    rule: /no CA/,
    which: /^certificate 1/,
    path: [leaf, lower, upper, root],
    options: { issuing: true },
    agrees: false,
  },
  'a critical extension that nobody knows': {
    rule: /critical extension 1\.2\.3\.4 is not known/,
    which: /^certificate 1/,
    path: [certify('leaf', 'root', added('leaf', 'root', critical('1.2.3.4'))), root],
  },
  'the same in the root': {
    rule: /critical extension 1\.2\.3\.4 is not known/,
    which: /^certificate 2/,
    path: [upper, certify('root', 'root', added('root', 'root', critical('1.2.3.4')))],
  },
  'name constraints': {
    rule: /name constraints \(4\.2\.1\.10\) are not supported/,
    which: /^certificate 2/,
    path: [lower, certify('upper', 'root', added('upper', 'root', critical(oids.nameConstraints))), root],
    // openssl supports them.
    agrees: false,
  },
  'policy constraints': {
    rule: /policy constraints .* are not supported/,
    which: /^certificate 2/,
    path: [
      lower,
      certify(
        'upper',
        'root',
        added('upper', 'root', critical(oids.policyConstraints, Buffer.from('3003800100', 'hex'))),
      ),
      root,
    ],
    // openssl supports them.
    agrees: false,
  },
  'a key usage that cannot be read': {
    rule: /cannot be read/,
    which: /^certificate 1/,
    path: [
      certify(
        'leaf',
        'root',
        exchanged('leaf', 'root', 'keyUsage', critical(oids.keyUsage, encode(octets(Buffer.of(1))))),
      ),
      root,
    ],
  },
  'a key identifier that cannot be read': {
    rule: /cannot be read/,
    which: /^certificate 1/,
    path: [
      certify(
        'leaf',
        'root',
        exchanged('leaf', 'root', 'subjectKeyIdentifier', {
          ...critical(oids.subjectKeyIdentifier, wrapSequence(encode(integer(Buffer.of(1))))),
          critical: false,
        }),
      ),
      root,
    ],
    agrees: false,
  },
  'a certificate twice': {
    rule: /once; this one is certificate 1 too/,
    which: /^certificate 2/,
    path: [root, root],
    agrees: false,
  },
  'no certificate': { rule: /1 to 8/, which: /^the path$/, path: [], agrees: false },
  'nine certificates': {
    rule: /1 to 8 certificates, found 9/,
    which: /^the path$/,
    path: Array<Certificate>(9).fill(root),
    agrees: false,
  },
  'a root that is not trusted here': {
    rule: /not among those that are trusted/,
    which: /^certificate 2/,
    path: [upper, root],
    options: { anchors: [upper, lower] },
    agrees: false,
  },
};
