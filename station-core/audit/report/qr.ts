import bwip from 'bwip-js/node';

/** The dark modules of a QR code, row by row. */
export type Modules = readonly (readonly boolean[])[];

/**
 * A QR code of a text (ISO/IEC 18004), error correction level M: 15 % of it may be stained or folded.
 * Throws what bwip-js throws when the text is longer than the largest code holds (2,331 bytes).
 */
export function qrModules(text: string): Modules {
  const [symbol] = bwip.raw('qrcode', text, 'eclevel=M');
  if (!symbol || !('pixs' in symbol)) throw new TypeError('a QR code is a matrix');
  const { pixs, pixx, pixy } = symbol;
  return Array.from({ length: pixy }, (_, y) => Array.from({ length: pixx }, (_, x) => pixs[y * pixx + x] === 1));
}
