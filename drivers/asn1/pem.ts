import { invalid, maxDer } from './der.ts';

// Textual encodings (RFC 7468): blocks of base64 between matching labels. What stands outside is ignored, since OpenSSL
// prints the certificate in words above it.

export type Pem = { readonly label: string; readonly der: Buffer };

/** Largest text that is read, in bytes: a CRL of 16 MiB as base64, with its line ends and some words. */
const maxText = 24 * 1024 * 1024;
const maxBlocks = 1000;

/** The blocks of a text, at least one. Throws `input.invalid` for anything in a block that is not strict base64. */
export function readPems(text: Buffer | string, place: string): readonly Pem[] {
  if (text.length > maxText) throw invalid(place, `at most ${maxText} bytes of PEM`, `${text.length} bytes`);
  const whole = typeof text === 'string' ? text : text.toString('latin1');
  const pems: Pem[] = [];
  for (let at = nextBegin(whole, 0); at >= 0; ) {
    const block = readBlock(whole, at, place);
    pems.push(block.pem);
    if (pems.length > maxBlocks) throw invalid(place, `at most ${maxBlocks} PEM blocks`, 'more');
    at = nextBegin(whole, block.end);
  }
  if (pems.length === 0) throw invalid(place, 'a PEM block (-----BEGIN …-----)', 'none');
  return pems;
}

const begin = '-----BEGIN ';

function nextBegin(text: string, from: number): number {
  // At the start of a line; the first line may have a byte order mark (EF BB BF) in front.
  for (let at = text.indexOf(begin, from); at >= 0; at = text.indexOf(begin, at + 1)) {
    if (at === 0 || text[at - 1] === '\n' || /^(\u00ef\u00bb\u00bf|\ufeff)$/.test(text.slice(0, at))) return at;
  }
  return -1;
}

function readBlock(text: string, at: number, place: string): { readonly pem: Pem; readonly end: number } {
  const line = text.slice(at, at + 100).split('\n', 1)[0] ?? '';
  const label = /^-----BEGIN ([A-Z0-9][A-Z0-9 ]{0,62})-----[ \t\r]*$/.exec(line)?.[1];
  if (label === undefined) throw invalid(place, '-----BEGIN LABEL-----', 'another first line of a PEM block');
  const from = at + line.length;
  const to = text.indexOf('-----', from);
  const last = `-----END ${label}-----`;
  const end = to + last.length;
  const isEnd = to >= 0 && text.startsWith(last, to) && /^[ \t\r]{0,80}(\n|$)/.test(text.slice(end, end + 100));
  if (!isEnd) throw invalid(place, last, 'another end, or none');
  return { pem: { label, der: readBase64(text.slice(from, to), `${place}, ${label}`) }, end };
}

/** Strict: the alphabet, the padding, and no stray bits in the last character, so that a text has one meaning only. */
function readBase64(lines: string, place: string): Buffer {
  const text = lines.replace(/[ \t\r\n]+/g, '');
  const der = Buffer.from(text, 'base64');
  if (der.length === 0 || der.toString('base64') !== text) throw invalid(place, 'base64 (RFC 4648)', 'something else');
  return der;
}

/** A block of 64 columns that ends with a line end. */
export function writePem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/**
 * The DER of an input that is either DER or one PEM block with one of these labels, told apart by its look. The answer
 * shares no memory with `bytes`. `limit` is of the DER, in bytes. Throws `input.invalid`.
 */
export function derOrPem(
  bytes: Buffer,
  label: string | readonly string[],
  place: string,
  limit: number = maxDer,
): Buffer {
  if (!looksLikePem(bytes)) {
    if (bytes.length > limit) throw invalid(place, `at most ${limit} bytes of DER`, `${bytes.length} bytes`);
    return Buffer.from(bytes);
  }
  // Base64 takes a third more; the rest is room for words above the block.
  if (bytes.length > 2 * limit) throw invalid(place, `at most ${2 * limit} bytes of PEM`, `${bytes.length} bytes`);
  const labels = typeof label === 'string' ? [label] : label;
  const [pem, second] = readPems(bytes, place);
  if (pem === undefined || second !== undefined) throw invalid(place, 'one PEM block', 'several');
  if (!labels.includes(pem.label)) throw invalid(place, labels.join(' or '), pem.label);
  return pem.der;
}

/** A text can start with 0, which is 0x30, a SEQUENCE; and a SEQUENCE can hold the words of PEM. Its length decides. */
function looksLikePem(bytes: Buffer): boolean {
  if (bytes[0] !== 0x30) return true;
  const second = bytes[1] ?? 0;
  const count = second < 0x80 ? 0 : second & 0x7f;
  const fits = count <= 4 && bytes.length >= 2 + count;
  const length = !fits ? -1 : count === 0 ? second : bytes.readUIntBE(2, count);
  return bytes.length !== 2 + count + length && bytes.includes(begin);
}
