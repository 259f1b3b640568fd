import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  checkpointText,
  noteOf,
  parseCheckpoint,
  verifierKeys,
  verifyNote,
} from '../../../../station-core/audit/note.ts';

// RFC 6979 A.2.5 (P-256) and RFC 8032 test 1 (Ed25519) keys over the tree of 7 entries of the Certificate Transparency vectors;
// golang.org/x/mod, transparency-dev/formats and OpenSSL accept this note.
const p256 = Buffer.from(
  '3059301306072a8648ce3d020106082a8648ce3d0301070342000460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
  'hex',
);
const ed25519 = Buffer.from(
  '302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  'hex',
);
const key = { origin: 'example.com/station-log/1', p256, ed25519 };
const note = `example.com/station-log/1
7
3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=

— example.com/station-log/1 Wnp4zDBEAiBydSUMlPsGMabSajli+L5RzFNMjgU1stBmyt016nhqQQIgLJib9rse1Wue6T9OHI5cmd6wku4WHon4EjYYiALxbvM=
— example.com/station-log/1 lvGGjvD4JRD3EITQuHSngFtGtDOPmEKyaG3TA0e/HBztmjY5dg3oJnvrfx3MEEiwTq/etqlP0FJBDMFvRWLXPdecAQs=
`;
const root = Buffer.from('ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c', 'hex');

test('a note is written and read to the byte as the vector has it', () => {
  const read = parseCheckpoint(note);
  expect(read).toMatchObject({ origin: key.origin, size: 7, root });
  const [ecdsa, ed] = read.signatures.map(({ signature }) => signature);
  expect(noteOf(key, checkpointText(key.origin, 7, root), ecdsa as Buffer, ed)).toBe(note);
  expect(hash('sha256', Buffer.from(note, 'utf8'))).toBe(
    'a46493eb70e84fb4fcc20f971814fbb5dd50740cff513b9086addb8bc9bec3ad',
  );
  expect(verifyNote(read, key)).toBe(true);
});

test('verifier keys are those of the vector', () => {
  expect(verifierKeys(key)).toEqual([
    'example.com/station-log/1+5a7a78cc+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGD+1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p+2eQP+EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk=',
    'example.com/station-log/1+96f1868e+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea',
  ]);
});

const spoilt: readonly [string, string][] = [
  ['a size with a zero in front', note.replace('\n7\n', '\n07\n')],
  ['a size with a sign', note.replace('\n7\n', '\n+7\n')],
  [
    'a root of 31 bytes',
    note.replace('3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=', '3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTA=='),
  ],
  ['base64 with spare bits', note.replace('lZSnTIw=', 'lZSnTIx=')],
  ['base64 without padding', note.replace('lZSnTIw=', 'lZSnTIw')],
  ['an extension line', note.replace('\n\n', '\nmore\n\n')],
  ['a hyphen for the dash', note.replace('—', '-')],
  ['two spaces', note.replace('— ', '—  ')],
  ['no final line feed', note.slice(0, -1)],
  ['one line feed too many', `${note}\n`],
  ['carriage returns', note.replaceAll('\n', '\r\n')],
  ['no signature', note.slice(0, note.indexOf('—'))],
  ['nothing', ''],
];

test.each(spoilt)('%s is no checkpoint', (_, text) => {
  expect(() => parseCheckpoint(text)).toThrow(/checkpoint/);
});

test('a note holds with exactly the lines of its key', () => {
  const lines = note.split('\n');
  const without = (at: number) => parseCheckpoint(lines.filter((_, i) => i !== at).join('\n'));
  expect(verifyNote(without(4), key)).toBe(false);
  expect(verifyNote(without(5), key)).toBe(false);
  expect(verifyNote(without(5), { ...key, ed25519: undefined })).toBe(true);
  expect(verifyNote(parseCheckpoint(note.replace('\n7\n', '\n8\n')), key)).toBe(false);
  expect(verifyNote(parseCheckpoint(note), { ...key, origin: 'example.com/other' })).toBe(false);
  const swapped = [...lines.slice(0, 4), lines[5], lines[4], ''].join('\n');
  expect(verifyNote(parseCheckpoint(swapped), key)).toBe(false);
});
