import { code128Width } from './code-128-field.ts';
import { codeText, elementName } from './codes.ts';
import { dataMatrixModules, type QrLevel, qrModules } from './symbols.ts';
import type { LabelElement, Template } from './template.ts';
import { cannot, fillValue, type LabelValues } from './values.ts';

// A template with a unit's values, in dots of the printer that it is for. Whatever would not be read again is refused here.

/** Upper left corner, in dots. */
type Spot = { readonly x: number; readonly y: number };

export type Drawn = Spot &
  (
    | { readonly kind: 'text'; readonly height: number; readonly text: string }
    | { readonly kind: 'qr'; readonly module: number; readonly level: QrLevel; readonly text: string }
    | { readonly kind: 'data-matrix'; readonly module: number; readonly text: string }
    | { readonly kind: 'code-128'; readonly module: number; readonly height: number; readonly text: string }
    | { readonly kind: 'box'; readonly width: number; readonly height: number; readonly line: number }
  );

export type Layout = {
  readonly width: number;
  readonly height: number;
  /** Dots of a millimetre. */
  readonly dpmm: number;
  readonly drawn: readonly Drawn[];
};

/** One dot may be lost or bleed into the next, so a module has two; ZPL printers magnify QR codes ten times at most. */
const fewestDots = 2;
const mostDots = 10;
/** What has to stay white around a code, in modules (ISO/IEC 18004, 16022, 15417). */
const quiet = { qr: 4, 'data-matrix': 1, 'code-128': 10 } as const;
/** Some ZPL printers draw a QR code ten dots lower than they are told. */
const qrSinks = 10;

type Rect = {
  readonly what: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/**
 * Throws `label.cannot`, with the element: a value that is missing, a code that holds no such text, modules that are too small or
 * too large for the printer, what stands beyond the edge, a code in the quiet zone of another.
 */
export function layOut({ width, height, elements }: Template, values: LabelValues, dpmm: number): Layout {
  const dots = (mm: number) => Math.round(mm * dpmm);
  const drawn = elements.map((element, index) => place(element, values, elementName(element.kind, index), dots));
  const label = { width: dots(width), height: dots(height) };
  const taken = drawn.flatMap((one, index) => spaceOf(one, elementName(one.kind, index)));
  for (const rect of taken) requireInside(rect, label);
  requireApart(taken.filter((_, index) => drawn[index]?.kind !== 'box'));
  return { ...label, dpmm, drawn };
}

function place(element: LabelElement, values: LabelValues, what: string, dots: (mm: number) => number): Drawn {
  const spot = { x: dots(element.x), y: dots(element.y) };
  switch (element.kind) {
    case 'text':
      return { ...spot, kind: 'text', height: dots(element.height), text: fillValue(element.value, values, what) };
    case 'box': {
      const { width, height, line } = element;
      return { ...spot, kind: 'box', width: dots(width), height: dots(height), line: Math.max(1, dots(line)) };
    }
    case 'qr': {
      const { level, value } = element;
      return { ...spot, kind: 'qr', level, module: module(element, what, dots), text: codeText(value, values, what) };
    }
    case 'data-matrix':
      return {
        ...spot,
        kind: 'data-matrix',
        module: module(element, what, dots),
        text: codeText(element.value, values, what),
      };
    case 'code-128':
      return {
        ...spot,
        kind: 'code-128',
        module: module(element, what, dots),
        height: dots(element.height),
        text: codeText(element.value, values, what),
      };
  }
}

function module({ module: mm }: { readonly module: number }, what: string, dots: (mm: number) => number): number {
  const size = dots(mm);
  if (size >= fewestDots && size <= mostDots) return size;
  throw cannot(what, `a module of ${mm} mm has ${size} dots on this printer, and needs ${fewestDots} to ${mostDots}`);
}

/** What an element takes up, its quiet zone included. How long a text gets is the printer's font's to say. */
function spaceOf(drawn: Drawn, what: string): Rect {
  const { x, y } = drawn;
  switch (drawn.kind) {
    case 'text':
      return { what, x, y, width: 1, height: drawn.height };
    case 'box':
      return { what, x, y, width: drawn.width, height: drawn.height };
    case 'code-128': {
      const margin = quiet['code-128'] * drawn.module;
      return {
        what,
        x: x - margin,
        y,
        width: code128Width(drawn.text) * drawn.module + 2 * margin,
        height: drawn.height,
      };
    }
    case 'qr':
    case 'data-matrix': {
      const side = sideOf(drawn, what) * drawn.module;
      const margin = quiet[drawn.kind] * drawn.module;
      const sinks = drawn.kind === 'qr' ? qrSinks : 0;
      return { what, x: x - margin, y: y - margin, width: side + 2 * margin, height: side + 2 * margin + sinks };
    }
  }
}

function sideOf(drawn: Extract<Drawn, { kind: 'qr' | 'data-matrix' }>, what: string): number {
  try {
    return (drawn.kind === 'qr' ? qrModules(drawn.text, drawn.level) : dataMatrixModules(drawn.text)).length;
  } catch (cause) {
    throw Object.assign(cannot(what, 'the text is longer than the code can hold'), { cause });
  }
}

function requireInside({ what, x, y, width, height }: Rect, label: { width: number; height: number }): void {
  if (x >= 0 && y >= 0 && x + width <= label.width && y + height <= label.height) return;
  throw cannot(what, 'it does not fit on the label, with the white that it needs around it');
}

function requireApart(rects: readonly Rect[]): void {
  for (const [index, one] of rects.entries()) {
    const other = rects.slice(index + 1).find((two) => overlap(one, two));
    if (other) throw cannot(other.what, `it stands in the place of ${one.what}, or in the white around it`);
  }
}

const overlap = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
