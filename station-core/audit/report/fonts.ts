import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Document from 'pdfkit';

export type Pdf = InstanceType<typeof Document>;

/** What text is set in. */
export type Face = 'plain' | 'bold' | 'mono';

type Font = Face | 'han';

/** fonts/README.md says where they are from and under which licences. */
const files = {
  plain: 'LiberationSans-Regular.ttf',
  bold: 'LiberationSans-Bold.ttf',
  mono: 'LiberationMono-Regular.ttf',
  han: 'DroidSansFallbackFull.ttf',
} as const satisfies Record<Font, string>;

/** A stretch of text that one font has every character of. */
export type Stretch = { readonly font: Font; readonly text: string };

/** What pdfkit (pinned) keeps of the font in use: the one way to ask which characters it has. */
type Opened = { readonly _font: { readonly font: { hasGlyphForCodePoint(codePoint: number): boolean } } };

/**
 * Scripts that are set right by putting one character beside the other from left to right. Others (Arabic, Devanagari, …) would be
 * set wrong, which is worse than not at all.
 */
const settable =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Common}]$/u;
/**
 * Controls, marks that turn the direction of text, and what is not assigned would make a name look like another. Marks that go onto the
 * letter before them are put there by tables of the font, over some of which fontkit falls (a mark below that the letter has no place for).
 */
const hidden = /^[\p{C}\p{M}\p{Zl}\p{Zp}]$/u;

/** The size at which widths are measured. */
const measured = 100;

/** The fonts of a document, opened when they are first needed. */
export class Fonts {
  readonly #doc: Pdf;
  readonly #known = new Map<string, Font | undefined>();
  readonly #widths = new Map<string, number>();

  constructor(doc: Pdf) {
    this.#doc = doc;
    for (const [name, file] of Object.entries(files)) {
      doc.registerFont(name, readFileSync(join(import.meta.dirname, 'fonts', file)));
    }
  }

  /**
   * The text in stretches of one font each, letters and their marks as one character where there is one (NFC); a character that no font
   * here can show stands as its code point, `<U+1F600>`.
   */
  stretches(text: string, face: Face): readonly Stretch[] {
    if (/^[ -~]*$/.test(text)) return text === '' ? [] : [{ font: face, text }];
    const found: { font: Font; text: string }[] = [];
    for (const character of text.toWellFormed().normalize('NFC')) {
      const font = this.#fontOf(character, face);
      const shown = font ? character : codePoint(character);
      const last = found.at(-1);
      if (last && last.font === (font ?? face)) last.text += shown;
      else found.push({ font: font ?? face, text: shown });
    }
    return found;
  }

  /** Points, without kerning, which makes lines a little shorter: laying out every line that is tried would take most of the time. */
  widthOf(text: string, face: Face, size: number): number {
    let width = 0;
    for (const { font, text: some } of this.stretches(text, face)) {
      for (const character of some) width += this.#widthOf(character, font);
    }
    return (width * size) / measured;
  }

  #widthOf(character: string, font: Font): number {
    const key = `${font} ${character}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    const width = this.#doc.font(font).fontSize(measured).widthOfString(character);
    this.#widths.set(key, width);
    return width;
  }

  #fontOf(character: string, face: Face): Font | undefined {
    const key = `${face} ${character}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#look(character, face));
    return this.#known.get(key);
  }

  #look(character: string, face: Face): Font | undefined {
    if (hidden.test(character) || !settable.test(character)) return undefined;
    const candidates: readonly Font[] = [face, 'plain', 'han'];
    return candidates.find((font) => {
      const { _font } = this.#doc.font(font) as unknown as Opened;
      return _font.font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);
    });
  }
}

const codePoint = (character: string): string =>
  `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
