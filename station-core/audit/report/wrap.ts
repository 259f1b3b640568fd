import type { Face, Fonts } from './fonts.ts';

/** Where a word may be broken without a reader taking the halves for two words: after these signs, and between Chinese characters. */
const breakable =
  /[^\s/\-@_\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]*(?:[/\-@_]+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])?\s*/gu;

type Measure = (text: string) => number;

/** The lines of a text at a width in points, at most `most`; what does not fit ends in `…`. */
export function wrap(fonts: Fonts, text: string, face: Face, size: number, width: number, most: number): string[] {
  const measure: Measure = (some) => fonts.widthOf(some, face, size);
  // Hashes, keys and commands stand as they are: nothing is gained by breaking them at a sign, and a space may be lost.
  const breaking = face === 'mono' ? parts : wrapParagraph;
  // Before it is broken: a letter and its mark, which are drawn as one, stay together.
  const lines = text
    .normalize('NFC')
    .split('\n')
    .flatMap((paragraph) => breaking(paragraph, measure, width));
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), cut(`${lines[most - 1] ?? ''}…`, measure, width)];
}

function wrapParagraph(text: string, measure: Measure, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of (text.match(breakable) ?? []).flatMap((one) => parts(one, measure, width))) {
    if (line !== '' && measure((line + piece).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else line += piece;
  }
  return [...lines, line.trimEnd()];
}

/** A piece that is wider than a whole line, in pieces that are not. */
function parts(piece: string, measure: Measure, width: number): string[] {
  if (measure(piece.trimEnd()) <= width) return [piece];
  const found: string[] = [];
  let part = '';
  for (const character of piece) {
    if (part !== '' && measure(part + character) > width) {
      found.push(part);
      part = '';
    }
    part += character;
  }
  return [...found, part];
}

/** Shortens a line that ends in `…` until it fits. */
function cut(line: string, measure: Measure, width: number): string {
  let characters = [...line.slice(0, -1)];
  while (characters.length > 0 && measure(`${characters.join('')}…`) > width) characters = characters.slice(0, -1);
  return `${characters.join('').trimEnd()}…`;
}
