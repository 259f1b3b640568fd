import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Pkcs11Hsm } from '../../../../drivers/hsm/pkcs11.ts';
import { pem, recheckAll, textsOf } from '../../../suites/certificates.ts';
import { makeCsr, makers } from '../../../suites/issuing-csrs.ts';
import { heldChain, IssuingStation, withAttestation } from '../../../suites/issuing-station.ts';
import { makeSoftHsm, type SoftHsmToken } from '../../../suites/softhsm.ts';

// Certificates whose signatures SoftHSM made, as others see them: openssl in its strict mode, GnuTLS, node:crypto.

let token: SoftHsmToken;
let line: IssuingStation;
const folder = mkdtempSync(join(tmpdir(), 'birthmark-test-'));
beforeAll(async () => {
  token = await makeSoftHsm();
  line = await IssuingStation.open(folder, { hsm: () => Pkcs11Hsm.open({ ...token, pin: token.pin() }) });
});
afterAll(async () => {
  await line.close();
  await token.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const hasCerttool = (() => {
  try {
    return execFileSync('certtool', ['--version']).length > 0;
  } catch {
    process.stderr.write('issue: certtool is not installed, GnuTLS gives no opinion\n');
    return false;
  }
})();

const profile = {
  validityDays: 400,
  renewal: 'by hand',
  subject: { C: 'DE', O: 'Works' },
  keyUsage: ['digitalSignature', 'keyAgreement'],
  extendedKeyUsage: ['clientAuth', 'serverAuth', '1.3.6.1.4.1.99999.1'],
  extensions: [
    { oid: '1.3.6.1.4.1.99999.2', critical: false, value: Buffer.from('0c0568656c6c6f', 'hex').toString('base64') },
  ],
} as const;

/** A leaf by this CA for a key of this kind, with its chain. */
async function issued(ca: 'p256' | 'rsa2048', algorithm: 'p256' | 'rsa2048', more: object = {}) {
  const name = `${ca}-${algorithm}-${Object.keys(more).length}`;
  const issuer = await line.makeCa(name, ca);
  const key = { source: 'unit', algorithm };
  const { name: order, labels } = await line.order(1, withAttestation({ issuer, key, ...more }));
  const [label = ''] = labels;
  const registrationId = line.registrationOf(label);
  const csr = makeCsr({ subject: [{ type: 'CN', value: registrationId }], pair: makers[algorithm]() });
  const [fared] = await line.as('lead', 'ca.issue', { order, csrs: [{ name: label, csr: csr.toString('base64') }] });
  const leaf = Buffer.from(fared?.certificate ?? '', 'base64');
  const chain = line.station.issuers.ready(issuer).chain.map(({ certificate }) => certificate);
  return { leaf, chain, registrationId };
}

const kinds = ['p256', 'rsa2048'] as const;
const table = kinds.flatMap((ca) => kinds.map((leaf) => [leaf, ca] as const));

test.each(table)(
  'a leaf of %s by a CA of %s verifies up to its root by openssl, GnuTLS and node:crypto',
  async (kind, ca) => {
    const { leaf, chain } = await issued(ca, kind);
    const all = [leaf, ...chain];
    expect(all).toHaveLength(3);
    for (const [index, der] of all.entries()) {
      const [read, above] = [new X509Certificate(der), new X509Certificate(all[index + 1] ?? der)];
      expect([read.checkIssued(above), read.verify(above.publicKey)]).toEqual([true, true]);
    }
    const file = (name: string, ders: readonly Buffer[]) => {
      const path = join(folder, name);
      writeFileSync(path, ders.map(pem).join(''));
      return path;
    };
    const [own, between, root] = [
      file('own', [leaf]),
      file('between', chain.slice(0, -1)),
      file('root', chain.slice(-1)),
    ];
    const strict = ['verify', '-x509_strict', '-purpose', 'sslclient', '-CAfile', root, '-untrusted', between, own];
    expect(execFileSync('openssl', strict).toString()).toContain(': OK');
    if (!hasCerttool) return;
    const says = execFileSync('certtool', ['--verify', '--load-ca-certificate', root, '--infile', file('chain', all)], {
      stdio: 'pipe',
    });
    expect(says.toString()).toContain('Chain verification output: Verified');
  },
);

/** Openssl's words, with names as one of its versions writes them, without the bytes that differ each time. */
function said(der: Buffer): string[] {
  writeFileSync(join(folder, 'said'), pem(der));
  const [text = ''] = textsOf(folder, 'said');
  return text
    .split('\n')
    .map((line) => line.trim().replace(/^((Issuer|Subject): .*)$/, (name) => name.replaceAll(' = ', '=')))
    .filter((line) => line !== '' && !/^([0-9A-Fa-f]{2}:)+([0-9A-Fa-f]{2})?$/.test(line));
}

test('openssl shows exactly what the profile says, and nothing else', async () => {
  const { leaf, registrationId } = await issued('p256', 'p256', { profile });
  const { validFrom, validTo } = new X509Certificate(leaf);
  expect(Date.parse(validTo)).toBe(Date.parse(validFrom) + 400 * 86_400_000 + 3_600_000);
  expect(said(leaf)).toEqual([
    'Certificate:',
    'Data:',
    'Version: 3 (0x2)',
    'Serial Number:',
    'Signature Algorithm: ecdsa-with-SHA256',
    'Issuer: O=Practice, CN=CA p256-p256-1',
    'Validity',
    `Not Before: ${validFrom}`,
    `Not After : ${validTo}`,
    `Subject: C=DE, O=Works, CN=${registrationId}`,
    'Subject Public Key Info:',
    'Public Key Algorithm: id-ecPublicKey',
    'Public-Key: (256 bit)',
    'pub:',
    'ASN1 OID: prime256v1',
    'NIST CURVE: P-256',
    'X509v3 extensions:',
    'X509v3 Basic Constraints:',
    'CA:FALSE',
    'X509v3 Key Usage: critical',
    'Digital Signature, Key Agreement',
    'X509v3 Extended Key Usage:',
    'TLS Web Client Authentication, TLS Web Server Authentication, 1.3.6.1.4.1.99999.1',
    'X509v3 Subject Key Identifier:',
    'X509v3 Authority Key Identifier:',
    '1.3.6.1.4.1.99999.2:',
    '..hello',
    'Signature Algorithm: ecdsa-with-SHA256',
    'Signature Value:',
  ]);
});

test('a unit on the line gets its leaf with the full chain, root last', async () => {
  const { labels } = await line.order(1);
  const [label = ''] = labels;
  expect(await line.scan(1, label)).toMatchObject({ outcome: 'passed' });
  const held = heldChain(folder, label)?.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/g) ?? [];
  expect(held).toHaveLength(3);
  const read = held.map((one) => new X509Certificate(one));
  expect(read[0]?.checkIssued(read[1] as X509Certificate)).toBe(true);
  expect(read[2]?.subject).toBe(read[2]?.issuer);
});

test('every certificate that the station ever issued is good for openssl: root, intermediates, leaves, a proof', async () => {
  const issuer = await line.makeCa('proven', 'p256');
  await line.withSecond('ca.verify', { name: issuer.name, code: 'code-1234567890' });
  const { db } = line.station.records;
  const count = db.prepare<[string], { n: number }>(
    `SELECT count(*) AS n FROM certificate WHERE state = 'issued' AND purpose = ?`,
  );
  for (const purpose of ['root', 'intermediate', 'leaf', 'verification'])
    expect(count.get(purpose)?.n).toBeGreaterThan(0);
  expect(recheckAll(db)).toBe(db.prepare<[], { n: number }>('SELECT count(*) AS n FROM certificate').get()?.n);
});
