import { describe, expect, test } from 'vitest';
import { derOrPem, readPems, writePem } from '../../../../drivers/asn1/pem.ts';

const der = Buffer.from(Array.from({ length: 100 }, (_, index) => index));
const pem = writePem('THING', der);
const invalid = expect.objectContaining({ code: 'input.invalid' });

describe('PEM', () => {
  test('has lines of 64 columns and comes back as it was', () => {
    const lines = pem.split('\n');
    expect(lines.slice(0, 2)).toEqual(['-----BEGIN THING-----', expect.stringMatching(/^[A-Za-z0-9+/]{64}$/)]);
    expect(lines.slice(-2)).toEqual(['-----END THING-----', '']);
    expect(readPems(pem, 'test')).toEqual([{ label: 'THING', der }]);
  });

  test('is found among words, with any line ends, with a byte order mark, several at a time', () => {
    const text = `\ufeff${pem}subject=CN = x -----BEGIN nothing\n${pem.replaceAll('\n', '\r\n')}and so on`;
    expect(readPems(text, 'test')).toHaveLength(2);
    expect(readPems(Buffer.from(text), 'test')).toEqual(readPems(text, 'test'));
  });

  test.each([
    ['nothing', ''],
    ['words', 'certificate'],
    ['an end alone', '-----END THING-----'],
    ['no end', '-----BEGIN THING-----\nAAAA\n'],
    ['another end', '-----BEGIN THING-----\nAAAA\n-----END OTHER-----\n'],
    ['no base64', '-----BEGIN THING-----\n-----END THING-----\n'],
    ['a character that is none of base64', pem.replace('A', '!')],
    ['the characters of base64url', pem.replace('A', '_')],
    ['headers as encrypted keys have them', pem.replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n')],
    ['padding that is missing', pem.replace('=', '')],
    ['padding in the middle', pem.replace('AAEC', 'AA==')],
    ['stray bits in the last character', writePem('THING', Buffer.of(0)).replace('AA==', 'AB==')],
    ['a label in small letters', pem.replaceAll('THING', 'thing')],
    ['a label without an end', `-----BEGIN ${'A'.repeat(1000)}`],
    ['a block in a block', pem.replace('\n', `\n${pem}`)],
  ])('is refused for %s', (_, text) => {
    expect(() => readPems(text, 'test')).toThrow(invalid);
  });

  test('has limits, and is read in time however it looks', () => {
    expect(() => readPems('-----BEGIN X-----\nAAAA\n-----END X-----\n'.repeat(1001), 'test')).toThrow(invalid);
    expect(() => readPems(Buffer.alloc(25 * 1024 * 1024, 32), 'test')).toThrow(invalid);
    // A quadratic search would take hours.
    for (const filling of [' ', '\n', '-----BEGIN ', '-----BEGIN A-----\n', '\n-----BEGIN ', 'A', '=', '\r \t']) {
      const text = `-----BEGIN X-----\n${filling.repeat(4_000_000 / filling.length)}`;
      expect(() => readPems(text, 'test')).toThrow(invalid);
      expect(() => readPems(`${text}\n-----END X-----x`, 'test')).toThrow(invalid);
    }
  });
});

describe('an input that may be DER or PEM', () => {
  const sequence = Buffer.from('3003020105', 'hex');

  test('is told apart by its look', () => {
    expect(derOrPem(sequence, 'THING', 'test')).toEqual(sequence);
    expect(derOrPem(Buffer.from(pem), 'THING', 'test')).toEqual(der);
    expect(derOrPem(Buffer.from(pem), ['OTHER', 'THING'], 'test')).toEqual(der);
    expect(derOrPem(Buffer.from(`0 s:CN=x\n${pem}`), 'THING', 'test')).toEqual(der);
    const words = Buffer.from('-----BEGIN THING-----');
    const holding = Buffer.concat([Buffer.of(0x30, words.length + 2, 12, words.length), words]);
    expect(derOrPem(holding, 'THING', 'test')).toEqual(holding);
  });

  test('is not touched by what happens to the bytes later', () => {
    const given = Buffer.from(sequence);
    const read = derOrPem(given, 'THING', 'test');
    given.fill(0);
    expect(read).toEqual(sequence);
  });

  test('is refused with another label, with several blocks, when it is empty or too long', () => {
    for (const bytes of [pem.replaceAll('THING', 'OTHER'), pem + pem, '', ' '.repeat(200_000)]) {
      expect(() => derOrPem(Buffer.from(bytes), 'THING', 'test')).toThrow(invalid);
    }
    expect(() => derOrPem(Buffer.alloc(65_537, 0x30), 'THING', 'test')).toThrow(invalid);
    expect(() => derOrPem(Buffer.from(pem), 'THING', 'test', 60)).toThrow(invalid);
  });
});
