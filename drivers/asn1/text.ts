import { contentOf, type Der, invalid, tags } from './der.ts';

// The string types of a DirectoryString and its neighbours (RFC 5280 section 4.1.2.4, appendix A.1), read leniently in what
// characters they hold (real certificates have an @ or & in a PrintableString) and strictly in how those are encoded.

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf16 = new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true });

/** The text of a string value; none when it is no string. Throws `input.invalid` for a broken encoding. */
export function readText(value: Der): string | undefined {
  const read = readers[value.tag];
  if (read === undefined) return undefined;
  const text = read(contentOf(value));
  if (text === undefined) throw invalid(value.place, 'text in the encoding of its string type', 'another encoding');
  return text;
}

const readers: Readonly<Record<number, (content: Buffer) => string | undefined>> = {
  [tags.utf8]: (content) => decode(utf8, content),
  [tags.printable]: ascii,
  [tags.numeric]: ascii,
  [tags.ia5]: ascii,
  // T.61 in name; in practice Latin-1, as OpenSSL reads it too.
  [tags.teletex]: (content) => content.toString('latin1'),
  [tags.bmp]: (content) => decode(utf16, content),
  [tags.universal]: universal,
};

function decode(decoder: InstanceType<typeof TextDecoder>, content: Buffer): string | undefined {
  try {
    return decoder.decode(content);
  } catch {
    return undefined;
  }
}

function ascii(content: Buffer): string | undefined {
  return content.every((octet) => octet < 0x80) ? content.toString('latin1') : undefined;
}

function universal(content: Buffer): string | undefined {
  if (content.length % 4 !== 0) return undefined;
  const points = Array.from({ length: content.length / 4 }, (_, index) => content.readUInt32BE(index * 4));
  const lawful = points.every((point) => point <= 0x10ffff && (point < 0xd800 || point > 0xdfff));
  return lawful ? points.map((point) => String.fromCodePoint(point)).join('') : undefined;
}
