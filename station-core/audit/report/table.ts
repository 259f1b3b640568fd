import type { Face } from './fonts.ts';
import { type Block, contentWidth, ink, type Paper, type Style } from './paper.ts';

export type Column = { readonly title: string; readonly width: number; readonly align?: 'right' };

/** One line of a cell or more; `quiet` ones say what is less important. */
export type Bit = { readonly text: string; readonly face?: Face; readonly quiet?: true };
export type Cell = string | readonly Bit[];

const left = 51;
const gap = 7;
/** Figures at the right of their column stand further from the next one, or the two would read as one. */
const rightGap = 15;
const pad = 3.2;
/** A cell of more lines than this is cut with `…`. */
const mostLines = 6;

const headStyle: Style = { face: 'bold', size: 7.5, ink: ink.text };
const sizeOf: Readonly<Record<Face, number>> = { plain: 8, bold: 8, mono: 6.4 };

type Laid = { readonly blocks: readonly Block[]; readonly height: number };

/** A table over as many pages as it needs; its head stands again on each. No row is torn between two pages. */
export function table(paper: Paper, columns: readonly Column[], rows: Iterable<readonly Cell[]>): void {
  const { doc } = paper;
  const head = columns.map(({ title, width }) => layHead(paper, title, width));
  const structure = doc.struct('Table');
  doc.addStructure(structure);
  paper.need(heightOf(head) + 26);
  drawHead(paper, columns, head, structure);
  for (const row of rows) {
    const cells = columns.map(({ width }, at) => lay(paper, row[at] ?? '', width));
    const height = heightOf(cells);
    if (paper.left < height) {
      paper.newPage();
      repeatHead(paper, columns, head);
    }
    drawRow(paper, columns, cells, height, structure);
  }
  structure.end();
  paper.space(4);
}

function layHead(paper: Paper, title: string, width: number): Laid {
  const block = paper.block(title, headStyle, width - gap, 2);
  return { blocks: [block], height: block.height };
}

function lay(paper: Paper, cell: Cell, width: number): Laid {
  const bits: readonly Bit[] = typeof cell === 'string' ? [{ text: cell }] : cell;
  const blocks = bits.map(({ text, face = 'plain', quiet }) => {
    const style: Style = { face, size: sizeOf[face], ink: quiet ? ink.quiet : ink.text };
    return paper.block(text, style, width - gap, mostLines);
  });
  return { blocks, height: blocks.reduce((sum, { height }) => sum + height, 0) };
}

const heightOf = (cells: readonly Laid[]): number => Math.max(...cells.map(({ height }) => height)) + 2 * pad;

type Structure = ReturnType<Paper['doc']['struct']>;

function drawHead(paper: Paper, columns: readonly Column[], head: readonly Laid[], structure: Structure): void {
  const { doc } = paper;
  const { y } = paper;
  const cells = head.map((cell, at) =>
    doc.struct('TH', { scope: 'Column' } as object, () => drawCell(paper, cell, columns, at, y)),
  );
  structure.add(doc.struct('TR', {}, cells));
  underline(paper, y + heightOf(head));
}

/** The same words again are no further heading: readers aloud have heard them. */
function repeatHead(paper: Paper, columns: readonly Column[], head: readonly Laid[]): void {
  const { y } = paper;
  paper.artifact(() => {
    for (const [at, cell] of head.entries()) drawCell(paper, cell, columns, at, y);
  }, 'Pagination');
  underline(paper, y + heightOf(head));
}

function underline(paper: Paper, y: number): void {
  paper.rule(y, ink.strong, 0.8);
  paper.y = y;
}

function drawRow(
  paper: Paper,
  columns: readonly Column[],
  cells: readonly Laid[],
  height: number,
  structure: Structure,
): void {
  const { doc } = paper;
  const { y } = paper;
  const drawn = cells.map((cell, at) => doc.struct('TD', {}, () => drawCell(paper, cell, columns, at, y)));
  structure.add(doc.struct('TR', {}, drawn));
  paper.y += height;
  paper.rule(paper.y, ink.hair, 0.35);
}

function drawCell(paper: Paper, { blocks }: Laid, columns: readonly Column[], at: number, y: number): void {
  const x = left + columns.slice(0, at).reduce((sum, { width }) => sum + width, 0);
  const column = columns[at];
  let top = y + pad;
  for (const block of blocks) {
    paper.draw(block, column?.align === 'right' ? rightOf(paper, block, x + column.width - rightGap) : x, top);
    top += block.height;
  }
}

/** Where a block of one line begins so that it ends at `x`. */
function rightOf(paper: Paper, { lines, style }: Block, x: number): number {
  return x - Math.max(...lines.map((line) => paper.fonts.widthOf(line, style.face, style.size)));
}

/** Columns of these parts of the whole width. */
export function columnsOf(...parts: readonly (readonly [string, number, 'right'?])[]): readonly Column[] {
  const whole = parts.reduce((sum, [, part]) => sum + part, 0);
  return parts.map(([title, part, align]) => {
    const width = (part / whole) * contentWidth;
    return align ? { title, width, align } : { title, width };
  });
}
