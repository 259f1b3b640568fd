import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { readTbs, type TbsFields, writeTbs } from '../../../../drivers/asn1/certificate.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  type Extension,
  extendedKeyUsage,
  keyUsage,
  oids,
  subjectKeyIdentifier,
} from '../../../../drivers/asn1/extensions.ts';
import { type PublicKey, readPublicKey } from '../../../../drivers/asn1/keys.ts';
import { Linted } from '../../../../station-core/ca/linted.ts';
import { lints } from '../../../../station-core/ca/lints/registry.ts';
import { verificationRules } from '../../../../station-core/ca/possession.ts';
import { intermediateRules } from '../../../../station-core/ca/practice-root.ts';
import { leafRules } from '../../../../station-core/ca/profile.ts';
import type { Rules } from '../../../../station-core/ca/rules.ts';
import { newSerial } from '../../../../station-core/ca/serial.ts';
import { buildTbs } from '../../../../station-core/ca/tbs.ts';
import { makeTestCa, now, prefix } from '../../../suites/certificates-ca.ts';
import { pairs } from '../../../suites/unit-certificates.ts';

// Each lint breaks alone: the TBS is otherwise what its rules say, and every other lint is content with it.

const { issuer, root } = await makeTestCa();
const publicKey = ({ publicKey: key }: { publicKey: ReturnType<typeof pairs.p256>['publicKey'] }): PublicKey =>
  readPublicKey(key.export({ type: 'spki', format: 'der' }), 'test');
const [key, otherKey, rsaKey] = [publicKey(pairs.p256()), publicKey(pairs.p256()), publicKey(pairs.rsa2048())];
const p521 = publicKey(generateKeyPairSync('ec', { namedCurve: 'P-521' }));
const day = 86_400_000;
const named: Extension = { oid: '1.2.3.4', critical: false, value: Buffer.from('0500', 'hex') };
const profile = {
  validityDays: 30,
  renewal: 'by hand',
  extensions: [{ oid: named.oid, critical: named.critical, value: named.value.toString('base64') }],
};
const serial = newSerial(prefix, (bytes) => Buffer.alloc(bytes, 0x5a));

const leafOf = (commonName: string, of = key, purpose: 'leaf' | 'module' = 'leaf') =>
  leafRules(profile, issuer, { purpose, commonName, key: of }, now, prefix);
const good = {
  leaf: leafOf('unit-1'),
  module: leafOf('unit-1/module-1', key, 'module'),
  rsa: leafOf('unit-1', rsaKey),
  verification: verificationRules(issuer, 'code-12345678', key, now, prefix),
  ca: intermediateRules(root, [{ type: 'CN', value: 'Line 2' }], key, now, prefix),
} as const satisfies Record<string, Rules>;

/** The fields of what the rules give. */
function fieldsOf(rules: Rules): TbsFields {
  const { signatureAlgorithm: _, publicKey: written, ...tbs } = readTbs(buildTbs(rules, serial), 'test');
  return { ...tbs, signatureAlgorithm: 'ecdsa-sha256', spki: written.spki };
}

type Change = (fields: TbsFields) => Partial<TbsFields>;
/** What is done to the TBS, what to the rules (the TBS is written from the changed ones), what to the finished bytes. */
type Break = {
  readonly of?: keyof typeof good;
  readonly tbs?: Change;
  readonly rules?: Partial<Rules>;
  readonly bytes?: (der: Buffer) => Buffer;
  /** Lints that cannot but refuse it as well. */
  readonly along?: readonly string[];
};

const without =
  (name: keyof typeof oids, by?: Extension): Change =>
  ({ extensions }) => ({
    extensions: [...extensions.filter(({ oid }) => oid !== oids[name]), ...(by ? [by] : [])],
  });
const swapped = (from: string, to: string) => (der: Buffer) => {
  const [before, after] = [Buffer.from(from, 'hex'), Buffer.from(to, 'hex')];
  const at = der.indexOf(before);
  return Buffer.concat([der.subarray(0, at), after, der.subarray(at + before.length)]);
};
const cn = (value: string) => [{ type: 'CN', value }] as const;
const critical = (extension: Extension): Extension => ({ ...extension, critical: true });
const others = (name: keyof typeof oids, by: Extension) => ({ tbs: without(name, by) });

const breaks = {
  version: {
    'version 2': {
      rules: { extensions: [] },
      tbs: () => ({ extensions: [] }),
      bytes: swapped('a003020102', 'a003020101'),
      // Before version 3 there are no extensions.
      along: ['basic-constraints', 'key-usage', 'extended-key-usage', 'key-identifiers'],
    },
  },
  serial: {
    'one octet too few': { tbs: () => ({ serial: serial.subarray(0, 19) }) },
    'the prefix of another station': {
      tbs: () => ({ serial: Buffer.concat([Buffer.of(0x40, 1, 2), serial.subarray(3)]) }),
    },
    'a negative number': {
      bytes: (der: Buffer) => swapped(serial.toString('hex'), `ff${serial.toString('hex').slice(2)}`)(der),
    },
  },
  algorithm: {
    'SHA-384 with a key of P-256': { tbs: () => ({ signatureAlgorithm: 'ecdsa-sha384' }) },
    'RSA with an EC key': { tbs: () => ({ signatureAlgorithm: 'rsa-sha256' }) },
    'SHA-1': { bytes: swapped('300a06082a8648ce3d040302', '300a06082a8648ce3d040301') },
  },
  'issuer-name': {
    "the root's name": { tbs: () => ({ issuerDer: root.certificate.subjectDer }) },
    'the same name in another encoding': {
      tbs: () => ({ issuerDer: swapped('0c04', '1304')(issuer.certificate.subjectDer) }),
    },
  },
  validity: {
    'an end before the beginning': { tbs: ({ notBefore }) => ({ notAfter: notBefore - 1000 }) },
    'a day more': { tbs: ({ notAfter }) => ({ notAfter: notAfter + day }) },
    'a second less': { tbs: ({ notBefore }) => ({ notBefore: notBefore + 1000 }) },
    "an end after the issuer's": { rules: { notAfter: issuer.rules.notAfter + 1000 } },
    "a beginning before the issuer's": { rules: { notBefore: issuer.rules.notBefore - 1000 } },
    'a proof that lives longer than a day': {
      of: 'verification',
      rules: { notAfter: good.verification.notBefore + day + 1000 },
    },
    'an intermediate that outlives its root': { of: 'ca', rules: { notAfter: root.rules.notAfter + 1000 } },
  },
  subject: {
    'another CN': { tbs: () => ({ subject: cn('unit-2') }) },
    'an attribute more': { tbs: () => ({ subject: [{ type: 'O', value: 'x' }, ...cn('unit-1')] }) },
    'two CNs': { rules: { subject: [...cn('unit-1'), ...cn('unit-1')] } },
    'no CN': { rules: { subject: [{ type: 'O', value: 'x' }] } },
    'an empty subject': { rules: { subject: [] } },
    'a CN that is no registration ID': { rules: { subject: cn('unit 1') } },
    'a CN that ends with a dot': { rules: { subject: cn('unit.') } },
    'a CN of a module in a leaf': { rules: { subject: cn('unit-1/module-1') } },
    'a CN of a leaf in a module': { of: 'module', rules: { subject: cn('unit-1') } },
  },
  'public-key': {
    'another key': { tbs: () => ({ spki: otherKey.spki, extensions: fieldsOf({ ...good.leaf, key }).extensions }) },
    'a curve that is none of ours': { rules: { key: p521 } },
  },
  'basic-constraints': {
    none: { tbs: without('basicConstraints') },
    'CA:TRUE': others('basicConstraints', basicConstraints({ ca: true })),
    'a path length': others('basicConstraints', basicConstraints({ ca: false, pathLength: 0 })),
    'CA:FALSE in a CA': { of: 'ca', ...others('basicConstraints', basicConstraints({ ca: false, pathLength: 0 })) },
    'a CA whose are not critical': {
      of: 'ca',
      ...others('basicConstraints', basicConstraints({ ca: true, pathLength: 0, critical: false })),
    },
    'a CA of another path length': {
      of: 'ca',
      ...others('basicConstraints', basicConstraints({ ca: true, pathLength: 1 })),
    },
    'a CA without a path length': { of: 'ca', ...others('basicConstraints', basicConstraints({ ca: true })) },
  },
  'key-usage': {
    none: { tbs: without('keyUsage') },
    'one that is not critical': others('keyUsage', { ...keyUsage(['digitalSignature']), critical: false }),
    keyCertSign: { rules: { keyUsage: ['digitalSignature', 'keyCertSign'] } },
    cRLSign: { rules: { keyUsage: ['digitalSignature', 'cRLSign'] } },
    'keyCertSign in a proof': { of: 'verification', rules: { keyUsage: ['keyCertSign'] } },
    'another than asked for': others('keyUsage', keyUsage(['digitalSignature', 'keyAgreement'])),
    'a CA that may not sign': { of: 'ca', rules: { keyUsage: ['cRLSign'] } },
  },
  'key-usage-of-ec': {
    keyEncipherment: { rules: { keyUsage: ['digitalSignature', 'keyEncipherment'] } },
    dataEncipherment: { rules: { keyUsage: ['digitalSignature', 'dataEncipherment'] } },
  },
  'extended-key-usage': {
    none: { tbs: without('extendedKeyUsage') },
    'no clientAuth, although none was asked for': { rules: { extendedKeyUsage: ['serverAuth'] } },
    'any usage by its name': { rules: { extendedKeyUsage: ['clientAuth', 'anyExtendedKeyUsage'] } },
    'any usage by its identifier': { rules: { extendedKeyUsage: ['clientAuth', '2.5.29.37.0'] } },
    'a purpose more': others('extendedKeyUsage', extendedKeyUsage(['clientAuth', 'serverAuth'])),
    'clientAuth in a proof': { of: 'verification', rules: { extendedKeyUsage: ['clientAuth'] } },
    'clientAuth in a CA': { of: 'ca', rules: { extendedKeyUsage: ['clientAuth'] } },
    'a purpose in a proof that asks for none': {
      of: 'verification',
      tbs: without('extendedKeyUsage', extendedKeyUsage(['serverAuth'])),
    },
  },
  'key-identifiers': {
    'none of its own': { tbs: without('subjectKeyIdentifier') },
    "none of its issuer's": { tbs: without('authorityKeyIdentifier') },
    'a critical one': others('subjectKeyIdentifier', critical(subjectKeyIdentifier(key.spki))),
    "another key's": others('subjectKeyIdentifier', subjectKeyIdentifier(otherKey.spki)),
    "another issuer's": others('authorityKeyIdentifier', authorityKeyIdentifier(root.rules.keyIdentifier)),
  },
  extensions: {
    'one that nobody named': {
      tbs: ({ extensions }) => ({ extensions: [...extensions, { ...named, oid: '1.2.3.5' }] }),
    },
    'a subject alternative name': {
      tbs: ({ extensions }) => ({ extensions: [...extensions, { ...named, oid: oids.subjectAltName }] }),
    },
    'the named one left out': {
      tbs: ({ extensions }) => ({ extensions: extensions.filter(({ oid }) => oid !== named.oid) }),
    },
    'the named one, critical': {
      tbs: ({ extensions }) => ({ extensions: [...extensions.slice(0, -1), critical(named)] }),
    },
    'the named one with another value': {
      tbs: ({ extensions }) => ({ extensions: [...extensions.slice(0, -1), { ...named, value: Buffer.of(4, 0) }] }),
    },
  },
} satisfies Record<keyof typeof lints, Record<string, Break>>;

function broken({ of = 'leaf', tbs, rules: changed, bytes }: Break): { der: Buffer; rules: Rules } {
  const rules: Rules = { ...good[of], ...changed };
  const fields = fieldsOf(rules);
  const der = writeTbs({ ...fields, ...tbs?.(fields) });
  return { der: bytes ? bytes(der) : der, rules };
}

const table = Object.entries(breaks).flatMap(([lint, ways]) =>
  Object.entries(ways).map(([what, way]): [string, string, Break] => [lint, what, way]),
);

test.each(table)('%s refuses %s, and no other lint does', (lint, _what, way) => {
  const { der, rules } = broken(way);
  const tbs = readTbs(der, 'test');
  const failing = Object.entries(lints).filter(([, { check }]) => check(tbs, rules) !== undefined);
  expect(failing.map(([name]) => name)).toEqual([lint, ...(way.along ?? [])]);
  expect(() => Linted.of(der, rules)).toThrow(
    expect.objectContaining({
      code: 'ca.lint',
      details: expect.objectContaining({ lint, rule: lints[lint as keyof typeof lints].rule }),
    }),
  );
});

test.each(Object.entries(good))(
  'a %s as its rules want it passes every lint, and says where each stands',
  (_, rules) => {
    const linted = Linted.of(buildTbs(rules, serial), rules);
    expect(linted.bytes).toEqual(buildTbs(rules, serial));
    for (const { rule } of Object.values(lints)) expect(rule).toMatch(/RFC \d+|F-\d\d|dps-reference|docs\//);
  },
);

test('an extension twice is refused before any lint is asked', () => {
  const fields = fieldsOf(good.leaf);
  const der = writeTbs({ ...fields, extensions: [...fields.extensions, named] });
  expect(() => Linted.of(der, good.leaf)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
});

test('a purpose may be named by its object identifier, and encipherment is for RSA', () => {
  const rules: Rules = { ...good.leaf, extendedKeyUsage: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1', '1.2.3'] };
  expect(Linted.of(buildTbs(rules, serial), rules)).toBeInstanceOf(Linted);
  const rsa: Rules = { ...good.rsa, keyUsage: ['digitalSignature', 'keyEncipherment', 'dataEncipherment'] };
  expect(Linted.of(buildTbs(rsa, serial), rsa)).toBeInstanceOf(Linted);
});
