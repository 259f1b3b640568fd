// Code 128 (ISO/IEC 15417) in its code set B: every printable character of ASCII, which is all that badges have.

/** Widths of bars and spaces, in modules, of the values 0 to 102, then of START B; each is 11 modules wide. */
const patterns =
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 ' +
  '123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 ' +
  '131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 ' +
  '213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 ' +
  '141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 ' +
  '124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 ' +
  '411131';
const widths: readonly string[] = patterns.split(' ');
const startB = { value: 104, width: '211214' } as const;
const stop = '2331112';

/** Widths of bars and spaces by turns, in modules, bar first. Throws RangeError for what is not printable ASCII. */
export function code128(text: string): number[] {
  const values = [...text].map((character) => (character.codePointAt(0) ?? 0) - 32);
  if (values.some((value) => value < 0 || value > 94)) throw new RangeError('Code 128 B has printable ASCII only');
  const check = values.reduce((sum, value, index) => sum + value * (index + 1), startB.value) % 103;
  const all = [startB.width, ...[...values, check].map((value) => widths[value] ?? ''), stop].join('');
  return [...all].map(Number);
}

/** The path of its bars in SVG, one unit a module and `height` units high, and how many modules it is wide. */
export function barsOf(text: string, height: number): { readonly path: string; readonly width: number } {
  let at = 0;
  let path = '';
  for (const [index, width] of code128(text).entries()) {
    if (index % 2 === 0) path += `M${at} 0h${width}v${height}h-${width}z`;
    at += width;
  }
  return { path, width: at };
}
