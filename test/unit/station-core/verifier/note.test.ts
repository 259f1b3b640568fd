import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  ed25519Half,
  fingerprintOf,
  p256Half,
  readNote,
  readPins,
  verifyNote,
} from '../../../../station-core/verifier/note.ts';

// A checkpoint with the key of RFC 6979, A.2.5 (deterministic nonce) and that of RFC 8032, test 1; Go's x/mod and
// transparency-dev/formats and OpenSSL accept it.
const name = 'example.com/station-log/1';
const note = `${name}
7
3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=

— ${name} Wnp4zDBEAiBydSUMlPsGMabSajli+L5RzFNMjgU1stBmyt016nhqQQIgLJib9rse1Wue6T9OHI5cmd6wku4WHon4EjYYiALxbvM=
— ${name} lvGGjvD4JRD3EITQuHSngFtGtDOPmEKyaG3TA0e/HBztmjY5dg3oJnvrfx3MEEiwTq/etqlP0FJBDMFvRWLXPdecAQs=
`;
const keys = `${name}+5a7a78cc+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGD+1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p+2eQP+EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk=
${name}+96f1868e+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea
`;
const [p256, ed25519] = readPins(keys) as [{ der: Buffer }, { der: Buffer }];
const ecdsa = p256Half(p256.der);
const eddsa = ed25519Half(name, ed25519.der);
const verifyText = (text: string) => verifyNote(readNote(text), name, ecdsa, eddsa);

test('a checkpoint that others accept is accepted, with both of its signatures', () => {
  verifyText(note);
  expect(readNote(note)).toMatchObject({ origin: name, size: 7, root: '3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=' });
  expect([ecdsa.id, eddsa.id]).toEqual(['5a7a78cc', '96f1868e']);
  expect(fingerprintOf(ecdsa)).toMatch(/^5a7a78cc/);
});

const lines = note.split('\n');
const withLine = (at: number, line: string) => lines.map((was, i) => (i === at ? line : was)).join('\n');
const [first = '', second = ''] = [lines[4], lines[5]];

/** A signature line whose DER is another one. */
function resigned(change: (der: Buffer) => Buffer): string {
  const bytes = Buffer.from(first.split(' ')[2] ?? '', 'base64');
  return withLine(
    4,
    `— ${name} ${Buffer.concat([bytes.subarray(0, 4), change(bytes.subarray(4))]).toString('base64')}`,
  );
}

test.each([
  ['a size with a leading zero', withLine(1, '07'), 'no number'],
  ['a size with a sign', withLine(1, '+7'), 'no number'],
  ['another size', withLine(1, '8'), 'does not verify'],
  ['a size beyond 2^53', withLine(1, '9007199254740993'), 'no number'],
  ['a root of 31 bytes', withLine(2, Buffer.alloc(31).toString('base64')), 'three lines'],
  ['base64 with spare bits set', withLine(2, '3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIx='), 'three lines'],
  ['base64 without padding', withLine(2, '3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw'), 'three lines'],
  ['an extension line', note.replace('\n\n', '\nmore\n\n'), 'three lines'],
  ['another empty line', note.replace('\n\n', '\n\n\n'), 'signature line'],
  ['no line feed at the end', note.slice(0, -1), 'three lines'],
  ['two line feeds at the end', `${note}\n`, 'three lines'],
  ['CRLF', note.replaceAll('\n', '\r\n'), 'three lines'],
  ['a byte order mark', `\uFEFF${note}`, 'another log'],
  ['a hyphen instead of the dash', withLine(4, first.replace('—', '-')), 'signature line'],
  ['two spaces', withLine(4, first.replace(' ', '  ')), 'signature line'],
  ['another name in a line', withLine(4, first.replace('/1', '/2')), 'another key'],
  ['another origin', note.replaceAll('/1', '/2'), 'another log'],
  ['the second signature alone', withLine(4, second).replace(`${second}\n${second}`, second), 'another key'],
  ['the first signature alone', note.replace(`${second}\n`, ''), '1 signatures instead of 2'],
  ['a third signature', `${note}${second}\n`, '3 signatures instead of 2'],
  [
    'the signatures the other way round',
    withLine(4, second).replace(`${second}\n${second}`, `${second}\n${first}`),
    'another key',
  ],
  ['no signature', `${lines.slice(0, 3).join('\n')}\n\n`, 'three lines'],
  ['a signature with a byte after it', resigned((der) => Buffer.concat([der, Buffer.of(0)])), 'does not verify'],
  [
    'a signature with a long length',
    resigned((der) => Buffer.concat([Buffer.of(0x30, 0x81), der.subarray(1)])),
    'does not verify',
  ],
  ['a raw signature', resigned((der) => Buffer.concat([der.subarray(4, 36), der.subarray(38)])), 'does not verify'],
  ['an empty text', '', 'three lines'],
])('a note with %s is refused', (_, text, why) => {
  expect(() => verifyText(text)).toThrow(why);
});

test('the key file may be PEM', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [pin] = readPins(publicKey.export({ format: 'pem', type: 'spki' }).toString());
  expect(pin?.der).toEqual(publicKey.export({ format: 'der', type: 'spki' }));
  expect(() => readPins(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())).toThrow('private key');
});

test.each([
  ['nothing', '\n', 'no key'],
  ['a wrong ID', keys.replace('5a7a78cc', '7dc40126'), 'not its own'],
  ['another type', `${name}+5a7a78cc+BDBZ\n`, 'neither'],
  ['a broken PEM', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n', 'PEM'],
  ['a point that is not on the curve', keys.replace('AjBZ', 'AjBa'), 'another kind'],
  ['prose', 'the key is under the mat\n', 'no verifier key'],
])('a key file with %s is refused', (_, text, why) => {
  expect(() => readPins(text)).toThrow(why);
});

test('a key of another curve is refused', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  expect(() => readPins(publicKey.export({ format: 'pem', type: 'spki' }).toString())).toThrow('another kind');
});
