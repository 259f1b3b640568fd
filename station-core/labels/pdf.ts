import PDFDocument from 'pdfkit';
import { Fonts, type Pdf } from '../audit/report/fonts.ts';
import type { Drawn, Layout } from './layout.ts';
import { code128Bars, dataMatrixModules, type Modules, qrModules } from './symbols.ts';

// A label as a PDF of its own size: codes are rectangles, sharp at any resolution.

const pointsPerMm = 72 / 25.4;
/** A capital letter begins so far below the top of its line, as ZPL measures text from its top. */
const ascent = 0.8;

/** `at` is the only time that the file holds, ISO 8601: the same label is the same bytes. */
export async function pdfOf({ width, height, dpmm, drawn }: Layout, at: string): Promise<Buffer> {
  const dot = pointsPerMm / dpmm;
  const made = new Date(at);
  const doc = new PDFDocument({
    size: [width * dot, height * dot],
    margin: 0,
    info: { Creator: 'Birthmark', Producer: 'Birthmark', CreationDate: made, ModDate: made },
  });
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.once('end', resolve);
    doc.once('error', reject);
  });
  const fonts = new Fonts(doc);
  doc.scale(dot);
  for (const one of drawn) draw(doc, fonts, one);
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

function draw(doc: Pdf, fonts: Fonts, drawn: Drawn): void {
  const { x, y } = drawn;
  switch (drawn.kind) {
    case 'text':
      write(doc, fonts, drawn);
      break;
    case 'box': {
      const { width, height } = drawn;
      // As ^GB draws it: the line lies within, and one that is as thick as the box fills it.
      const line = Math.min(drawn.line, width / 2, height / 2);
      doc.rect(x + line / 2, y + line / 2, width - line, height - line).lineWidth(line);
      doc.stroke('black');
      break;
    }
    case 'code-128':
      bars(doc, drawn);
      break;
    case 'qr':
      squares(doc, drawn, qrModules(drawn.text, drawn.level));
      break;
    case 'data-matrix':
      squares(doc, drawn, dataMatrixModules(drawn.text));
      break;
  }
}

function write(doc: Pdf, fonts: Fonts, { x, y, height, text }: Extract<Drawn, { kind: 'text' }>): void {
  let left = x;
  for (const { font, text: some } of fonts.stretches(text, 'plain')) {
    doc.font(font).fontSize(height).fillColor('black');
    doc.text(some, left, y + height * ascent, { lineBreak: false, baseline: 'alphabetic' });
    left += doc.widthOfString(some);
  }
}

function bars(doc: Pdf, { x, y, height, module, text }: Extract<Drawn, { kind: 'code-128' }>): void {
  let left = x;
  for (const [index, width] of code128Bars(text).entries()) {
    if (index % 2 === 0) doc.rect(left, y, width * module, height);
    left += width * module;
  }
  doc.fill('black');
}

/** Dark modules that stand in a row are one rectangle: with hairs between them some viewers draw hairs. */
function squares(doc: Pdf, { x, y, module }: { x: number; y: number; module: number }, modules: Modules): void {
  for (const [row, dark] of modules.entries()) {
    for (let from = 0; from < dark.length; from++) {
      if (!dark[from]) continue;
      const end = dark.indexOf(false, from);
      const to = end < 0 ? dark.length : end;
      doc.rect(x + from * module, y + row * module, (to - from) * module, module);
      from = to;
    }
  }
  doc.fill('black');
}
