import bwip from 'bwip-js/node';
import type { qrLevels } from './template.ts';

// Codes as rows of modules and widths of bars, by bwip-js.

/** The dark modules of a code, row by row. */
export type Modules = readonly (readonly boolean[])[];
export type QrLevel = (typeof qrLevels)[number];

/** A QR code (ISO/IEC 18004) of a text. Throws what bwip-js throws when the text is longer than the largest code holds. */
export const qrModules = (text: string, level: QrLevel): Modules => matrix('qrcode', text, `eclevel=${level}`);

/** A square Data Matrix with error correction ECC 200 (ISO/IEC 16022). Throws as `qrModules` does. */
export const dataMatrixModules = (text: string): Modules => matrix('datamatrix', text, '');

/** Widths of bars and spaces in turn, in modules, beginning with a bar: Code 128 (ISO/IEC 15417). */
export function code128Bars(text: string): readonly number[] {
  const [symbol] = bwip.raw('code128', text, '');
  if (!symbol || !('sbs' in symbol)) throw new TypeError('Code 128 is bars');
  return symbol.sbs;
}

function matrix(kind: 'qrcode' | 'datamatrix', text: string, options: string): Modules {
  const [symbol] = bwip.raw(kind, text, options);
  if (!symbol || !('pixs' in symbol)) throw new TypeError(`${kind} is a matrix`);
  const { pixs, pixx, pixy } = symbol;
  return Array.from({ length: pixy }, (_, y) => Array.from({ length: pixx }, (_, x) => pixs[y * pixx + x] === 1));
}
