import type { ReactElement } from 'react';
import { barsOf } from '../code-128.ts';

/** Modules of the barcode's height; its quiet zones are 10 modules on either side (ISO/IEC 15417). */
const height = 60;
const quiet = 10;

/** A text as Code 128, as wide as its box; whoever shows it gives it a white ground. */
export function Barcode({ text }: { text: string }): ReactElement {
  const { path, width } = barsOf(text, height);
  return (
    <svg viewBox={`${-quiet} 0 ${width + 2 * quiet} ${height}`} role="img" aria-label={text}>
      <path d={path} />
    </svg>
  );
}
