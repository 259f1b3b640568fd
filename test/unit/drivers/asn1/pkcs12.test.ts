import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { forget, passPhraseOf } from '../../../../drivers/asn1/encrypted.ts';
import { readPems } from '../../../../drivers/asn1/pem.ts';
import { looksLikePkcs12, readPkcs12 } from '../../../../drivers/asn1/pkcs12.ts';
import { readPrivateKey } from '../../../../drivers/asn1/private-keys.ts';
import { KeyFiles } from '../../../suites/key-files.ts';
import { Pki } from '../../../suites/x509-chains.ts';

const pki = new Pki();
const files = new KeyFiles();
afterAll(() => {
  pki.remove();
  files.remove();
});

const root = pki.authority('Third-party Root');
const signer = pki.authority('Third-party CA', { issuer: root });
const leaves = {
  ec: pki.device('p12-ec', { issuer: signer }),
  rsa: pki.device('p12-rsa', { issuer: signer, rsa: true }),
};
const phrase = 'Grüße: a pass phrase';
const read = (bytes: Buffer, words = phrase) => readPkcs12(bytes, passPhraseOf(Buffer.from(words)), 'unit.p12');

const forms: readonly (readonly [string, readonly string[]])[] = [
  ['modern', []],
  ['legacy', ['-legacy']],
  ['modern with 3DES', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
  ['AES-128, SHA-512', ['-keypbe', 'aes-128-cbc', '-certpbe', 'aes-192-cbc', '-macalg', 'sha512']],
  ['certificates in the clear', ['-certpbe', 'NONE']],
  ['keys in the clear too', ['-certpbe', 'NONE', '-keypbe', 'NONE']],
];

test.each(forms)('a PKCS#12 file of openssl, %s, gives its key and its certificates', (_, options) => {
  for (const leaf of Object.values(leaves)) {
    const bytes = files.pkcs12(leaf, [signer, root], phrase, ...options);
    expect(looksLikePkcs12(bytes)).toBe(true);
    const { certificates, keys } = read(bytes);
    const pems = certificates.map((der) => new X509Certificate(der).subject);
    expect(new Set(pems)).toEqual(new Set([leaf, signer, root].map(({ cert }) => new X509Certificate(cert).subject)));
    expect(keys).toHaveLength(1);
    const key = createPrivateKey({ key: keys[0]?.pkcs8 ?? Buffer.alloc(0), format: 'der', type: 'pkcs8' });
    expect(key.equals(createPrivateKey(leaf.key))).toBe(true);
    expect(keys[0]?.publicKey.spki).toEqual(
      new X509Certificate(leaf.cert).publicKey.export({ type: 'spki', format: 'der' }),
    );
  }
});

test('a wrong pass phrase, a changed byte and a cut are told as such, with the place', () => {
  const bytes = files.pkcs12(leaves.ec, [signer], phrase);
  expect(() => read(bytes, 'another')).toThrow(/unit\.p12: expected the pass phrase/);
  expect(() => read(bytes.subarray(0, -9))).toThrow(/unit\.p12: expected a whole DER value/);
  for (let at = 20; at < bytes.length; at += 41) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0x10;
    expect(() => read(changed), `byte ${at}`).toThrow(expect.objectContaining({ code: 'input.invalid' }));
  }
});

test('a file that asks for more key derivation than a person waits for is refused at once', () => {
  const bytes = files.pkcs12(leaves.ec, [signer], phrase, '-iter', '300001');
  const began = performance.now();
  expect(() => read(bytes)).toThrow(/rounds of key derivation/);
  expect(performance.now() - began).toBeLessThan(1_000);
});

test('encrypted PKCS#8 of openssl opens with its pass phrase and with no other', () => {
  for (const options of [
    [],
    ['-v1', 'PBE-SHA1-3DES'],
    ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512'],
    ['-v2', 'des3'],
  ]) {
    const [block] = readPems(files.encrypted(leaves.ec, phrase, ...options), 'key.pem');
    if (!block) throw new Error('no key');
    const words = passPhraseOf(Buffer.from(phrase));
    const { pkcs8 } = readPrivateKey(block.label, block.der, words, 'key.pem');
    expect(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).equals(createPrivateKey(leaves.ec.key))).toBe(
      true,
    );
    const wrong = passPhraseOf(Buffer.from('wrong'));
    expect(() => readPrivateKey(block.label, block.der, wrong, 'key.pem')).toThrow(/key\.pem: expected/);
    expect(() => readPrivateKey(block.label, block.der, undefined, 'key.pem')).toThrow(
      /the pass phrase of an encrypted key/,
    );
  }
});

test('schemes that are not known are named: scrypt, MD5', () => {
  const [block] = readPems(files.encrypted(leaves.ec, phrase, '-scrypt'), 'key.pem');
  const words = passPhraseOf(Buffer.from(phrase));
  expect(() => readPrivateKey('ENCRYPTED PRIVATE KEY', block?.der ?? Buffer.alloc(0), words, 'key.pem')).toThrow(
    /expected PBKDF2/,
  );
  const md5 = files.pkcs12(leaves.ec, [], phrase, '-macalg', 'md5');
  expect(() => read(md5)).toThrow(/a MAC with SHA-1 or SHA-2/);
});

test('a file without a MAC is refused', () => {
  expect(() => read(files.pkcs12(leaves.ec, [], phrase, '-nomac'))).toThrow(/a MAC by the pass phrase, found none/);
});

test('older forms of keys are read, too', () => {
  for (const [leaf, label, args] of [
    [leaves.ec, 'EC PRIVATE KEY', ['ec']],
    [leaves.rsa, 'RSA PRIVATE KEY', ['rsa', '-traditional']],
  ] as const) {
    const pem = execFileSync('openssl', [...args, '-in', leaf.files.key], { stdio: 'pipe' }).toString();
    const block = readPems(pem, 'key.pem').find((one) => one.label === label);
    const { pkcs8 } = readPrivateKey(label, block?.der ?? Buffer.alloc(0), undefined, 'key.pem');
    expect(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).equals(createPrivateKey(leaf.key))).toBe(
      true,
    );
  }
});

test('both forms of a pass phrase can be forgotten', () => {
  const words = passPhraseOf(Buffer.from('secret'));
  forget(words);
  expect([...words.utf8, ...words.utf16].every((byte) => byte === 0)).toBe(true);
});
