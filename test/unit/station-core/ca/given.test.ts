import { afterAll, expect, test } from 'vitest';
import { readCertificate } from '../../../../drivers/asn1/certificate.ts';
import { checkGiven, checkSelfSigned, pinOf } from '../../../../station-core/ca/given.ts';
import { type Certified, Pki } from '../../../suites/x509-chains.ts';

// Certificates of devices that others made: the paths that are found and the rules for the device itself.

const pki = new Pki();
afterAll(() => pki.remove());

const read = ({ cert }: Certified) => readCertificate(Buffer.from(cert), 'a test');
// A minute from now: openssl begins a certificate with the second in which it makes it, and those below are made later.
const at = Date.now() + 60_000;
const root = pki.authority('Root');
const signer = pki.authority('Signer', { issuer: root });
const leaf = pki.device('a-device', { issuer: signer });
const pinned = (...by: Certified[]) => ({ anchors: new Set(by.map((one) => pinOf(read(one)))), production: true });
const judged = (pool: readonly Certified[], trust: ReturnType<typeof pinned>, of = leaf) =>
  checkGiven(read(of), pool.map(read), trust, at);

test('the pin may be of any CA above it, and what else is in the pool is passed over', () => {
  const stray = pki.authority('Stray');
  const namesake = pki.authority('Signer', { issuer: root });
  for (const trust of [pinned(root), pinned(signer), pinned(stray, root)]) {
    const { above, commonName } = judged([stray, root, namesake, signer], trust);
    expect([commonName, above.map(({ subject }) => subject[0]?.value)]).toEqual(['a-device', ['Signer', 'Root']]);
  }
});

test('its path ends when the first of its certificates does', () => {
  const short = pki.authority('Short', { issuer: root, days: 2 });
  const under = pki.device('under', { issuer: short, days: 30 });
  expect(judged([short, root], pinned(root), under).notAfter).toBe(read(short).notAfter);
});

test('a path without a pinned CA, or without its root, is refused', () => {
  expect(() => judged([signer, root], pinned(pki.authority('Other')))).toThrow(
    /none of the CA certificates that are pinned/,
  );
  expect(() => judged([signer], pinned(signer))).toThrow(/the certificate of its issuer \(CN=Root\) is missing/);
  expect(() => judged([], pinned(root))).toThrow(/certificate 1 \(CN=a-device\): the certificate of its issuer/);
});

test('a pinned device is no CA: pinning it trusts nothing', () => {
  expect(() => judged([signer, root], pinned(leaf))).toThrow(/none of the CA certificates/);
});

test('production refuses a CA that says Test Only (F-75), practice takes it', () => {
  const testing = pki.authority('Contoso Test Only');
  const of = pki.device('tested', { issuer: testing });
  expect(() => judged([testing], pinned(testing), of)).toThrow(/F-75/);
  expect(judged([testing], { ...pinned(testing), production: false }, of).commonName).toBe('tested');
});

test('a self-signed certificate is judged by its own key, and a signed one is none', () => {
  const self = pki.device('self');
  expect(checkSelfSigned(read(self), at)).toMatchObject({ commonName: 'self', above: [] });
  expect(() => checkSelfSigned(read(leaf), at)).toThrow(/signed by its own key/);
  expect(() => checkSelfSigned(read(self), at + 400 * 86_400_000)).toThrow(/it is valid from/);
  expect(() => judged([], pinned(self), self)).toThrow(/no CA stands behind it/);
});
