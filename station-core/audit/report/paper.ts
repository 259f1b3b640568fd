import PDFDocument from 'pdfkit';
import { type Face, Fonts, type Pdf } from './fonts.ts';
import type { Modules } from './qr.ts';
import { wrap } from './wrap.ts';

// A4, in points (1/72 inch). Everything is black or grey: people print it, copy it and sign it.

const page = { width: 595.28, height: 841.89 };
const margin = { left: 51, right: 51, top: 64, bottom: 58 };
export const contentWidth = page.width - margin.left - margin.right;
const bottom = page.height - margin.bottom;

export const ink = { strong: '#000000', text: '#1a1a1a', quiet: '#595959', line: '#8c8c8c', hair: '#bfbfbf' } as const;
const leading = 1.32;

export type Style = { readonly face: Face; readonly size: number; readonly ink: string };

/** What a document is called, and what stands at the top of its pages. */
export type PaperTitle = {
  readonly title: string;
  readonly subject: string;
  readonly header: string;
  /** Printed at the top right of every page. */
  readonly stamp: string | undefined;
  readonly footer: string;
  /** ISO 8601: the only time that the file holds, so that the same report is the same bytes. */
  readonly madeAt: string;
};

/** Lines of text that are ready to be drawn. */
export type Block = { readonly lines: readonly string[]; readonly style: Style; readonly height: number };

/**
 * A tagged PDF, written from top to bottom, with page numbers. Content and its structure (headings, paragraphs, tables) are made in
 * one go; running heads and rules are artifacts, which readers aloud pass over (ISO 32000-1, 14.8).
 */
export class Paper {
  readonly doc: Pdf;
  readonly fonts: Fonts;
  readonly #title: PaperTitle;
  y = margin.top;

  constructor(title: PaperTitle, write: (chunk: Uint8Array) => void) {
    const { title: Title, subject: Subject, madeAt } = title;
    const made = new Date(madeAt);
    this.#title = title;
    this.doc = new PDFDocument({
      size: 'A4',
      margin: 0,
      autoFirstPage: false,
      bufferPages: true,
      pdfVersion: '1.7',
      lang: 'en',
      tagged: true,
      displayTitle: true,
      // Most texts stand once: hashes and times. Keeping how each was laid out would take hundreds of megabytes.
      fontLayoutCache: false,
      info: { Title, Subject, Creator: 'Birthmark', Producer: 'Birthmark', CreationDate: made, ModDate: made },
    });
    this.doc.on('data', write);
    this.fonts = new Fonts(this.doc);
    this.newPage();
  }

  /** Space that is left on this page. */
  get left(): number {
    return bottom - this.y;
  }

  newPage(): void {
    this.doc.addPage();
    this.y = margin.top;
  }

  /** A new page unless this much fits on the page. */
  need(height: number): void {
    if (this.left < height) this.newPage();
  }

  space(height: number): void {
    this.y += height;
  }

  /** Wraps a text; `most` is how many lines it may have. */
  block(text: string, style: Style, width: number, most = 200): Block {
    const lines = wrap(this.fonts, text, style.face, style.size, width, most);
    return { lines, style, height: lines.length * style.size * leading };
  }

  /** Draws a block at a place; the caller says what it is in the structure. */
  draw({ lines, style }: Block, x: number, y: number): void {
    const { face, size, ink: colour } = style;
    for (const [at, line] of lines.entries()) {
      let left = x;
      for (const { font, text } of this.fonts.stretches(line, face)) {
        this.doc.font(font).fontSize(size).fillColor(colour);
        // The baseline of all fonts is one: their heights differ.
        this.doc.text(text, left, y + at * size * leading + size, { lineBreak: false, baseline: 'alphabetic' });
        left += this.doc.widthOfString(text);
      }
    }
  }

  /** A part of the text, with its place in the structure; `tag` as PDF names it: H1, P, Code, … */
  write(tag: string, block: Block, x: number = margin.left): void {
    this.need(block.height);
    const { y } = this;
    this.doc.addStructure(this.doc.struct(tag, {}, () => this.draw(block, x, y)));
    this.y += block.height;
  }

  /** Something drawn that carries no meaning. */
  artifact(draw: () => void, type: 'Layout' | 'Pagination' = 'Layout'): void {
    this.doc.markContent('Artifact', { type });
    draw();
    this.doc.endMarkedContent();
  }

  rule(
    y: number,
    colour: string = ink.line,
    weight = 0.5,
    from: number = margin.left,
    to = page.width - margin.right,
  ): void {
    this.artifact(() => this.doc.moveTo(from, y).lineTo(to, y).lineWidth(weight).strokeColor(colour).stroke());
  }

  /** A QR code with its quiet zone of four modules (ISO/IEC 18004, 9.1), whose left edge is at `x`. */
  figure(modules: Modules, x: number, y: number, side: number, alt: string): void {
    const module = side / (modules.length + 8);
    const cell = (column: number, row: number) =>
      this.doc.rect(x + (column + 4) * module, y + (row + 4) * module, module, module);
    const draw = () => {
      for (const [row, dark] of modules.entries()) for (const [column, on] of dark.entries()) if (on) cell(column, row);
      this.doc.fill(ink.strong);
    };
    this.doc.addStructure(this.doc.struct('Figure', { alt }, draw));
  }

  /** Numbers the pages and ends the file. Resolves when all of it was written. */
  async end(): Promise<void> {
    const { start, count } = this.doc.bufferedPageRange();
    for (let n = start; n < start + count; n++) {
      this.doc.switchToPage(n);
      this.artifact(() => this.#frame(n + 1, count), 'Pagination');
    }
    const ended = new Promise<void>((resolve, reject) => {
      this.doc.once('end', resolve);
      this.doc.once('error', reject);
    });
    this.doc.end();
    await ended;
  }

  #frame(n: number, count: number): void {
    const style: Style = { face: 'plain', size: 8, ink: ink.quiet };
    const { header, stamp, footer } = this.#title;
    this.draw(this.block(header, style, 330, 1), margin.left, 30);
    if (stamp !== undefined) this.#right(stamp, { ...style, face: 'bold', ink: ink.strong }, 30);
    this.draw(this.block(footer, style, 400, 1), margin.left, page.height - 38);
    this.#right(`Page ${n} of ${count}`, style, page.height - 38);
    this.doc.lineWidth(0.5).strokeColor(ink.line);
    this.doc
      .moveTo(margin.left, 46)
      .lineTo(page.width - margin.right, 46)
      .stroke();
    const foot = page.height - 44;
    this.doc
      .moveTo(margin.left, foot)
      .lineTo(page.width - margin.right, foot)
      .stroke();
  }

  #right(text: string, style: Style, y: number): void {
    const width = this.fonts.widthOf(text, style.face, style.size);
    this.draw(this.block(text, style, width + 1, 1), page.width - margin.right - width, y);
  }
}
