import { contentWidth, ink, type Paper, type Style } from './paper.ts';

// What a page is made of, beside tables.

const left = 51;

const headings = {
  H1: { style: { face: 'bold', size: 21, ink: ink.strong }, before: 0, after: 3 },
  H2: { style: { face: 'bold', size: 12.5, ink: ink.strong }, before: 15, after: 4 },
  H3: { style: { face: 'bold', size: 9.5, ink: ink.strong }, before: 8, after: 2 },
} as const satisfies Record<string, { style: Style; before: number; after: number }>;

const body: Style = { face: 'plain', size: 9, ink: ink.text };
const label: Style = { face: 'plain', size: 8.5, ink: ink.quiet };
const mono: Style = { face: 'mono', size: 7.6, ink: ink.text };

/** A heading never stands alone at the end of a page: `follows` is what must fit below it. */
export function heading(paper: Paper, tag: keyof typeof headings, text: string, follows = 60): void {
  const { style, before, after } = headings[tag];
  paper.need(before + style.size + follows);
  paper.space(before);
  paper.write(tag, paper.block(text, style, contentWidth));
  paper.space(after);
}

export function paragraph(paper: Paper, text: string, style: Style = body): void {
  paper.write('P', paper.block(text, style, contentWidth));
  paper.space(3);
}

export const quiet: Style = { face: 'plain', size: 8.5, ink: ink.quiet };
export const subtitle: Style = { face: 'plain', size: 11, ink: ink.quiet };

/** Text that stands as it is: commands, checkpoints. A grey line at its left says where it begins and ends. */
export function code(paper: Paper, text: string, width: number = contentWidth): void {
  const block = paper.block(text, mono, width - 12);
  paper.need(block.height + 6);
  const { y } = paper;
  paper.artifact(() => {
    paper.doc.lineWidth(1.5).strokeColor(ink.hair);
    paper.doc
      .moveTo(left + 2, y + 1)
      .lineTo(left + 2, y + block.height + 1)
      .stroke();
  });
  paper.write('Code', block, left + 12);
  paper.space(6);
}

export type Fact = readonly [name: string, value: string, face?: 'mono'];

/** Names and values side by side. */
export function facts(paper: Paper, rows: readonly Fact[], width: number = contentWidth, nameWidth = 132): void {
  const { doc } = paper;
  const structure = doc.struct('Table');
  doc.addStructure(structure);
  for (const [name, value, face] of rows) {
    const named = paper.block(name, label, nameWidth - 8);
    const said = paper.block(value, face ? mono : body, width - nameWidth);
    const height = Math.max(named.height, said.height) + 2.5;
    paper.need(height);
    const { y } = paper;
    // The header cell of a row is its name (ISO 32000-1, table 349).
    const head = doc.struct('TH', { scope: 'Row' } as object, () => paper.draw(named, left, y + 0.4));
    const cell = doc.struct('TD', {}, () => paper.draw(said, left + nameWidth, y + (face ? 1 : 0)));
    structure.add(doc.struct('TR', {}, [head, cell]));
    paper.y += height;
  }
  structure.end();
}

/** Large figures side by side, in a frame. */
export function figures(paper: Paper, cards: readonly { readonly figure: string; readonly of: string }[]): void {
  const height = 46;
  paper.need(height);
  const { doc, y } = paper;
  const width = contentWidth / cards.length;
  paper.artifact(() => {
    doc.lineWidth(0.8).strokeColor(ink.text).rect(left, y, contentWidth, height).stroke();
    doc.lineWidth(0.35).strokeColor(ink.hair);
    for (let at = 1; at < cards.length; at++) {
      doc
        .moveTo(left + at * width, y + 7)
        .lineTo(left + at * width, y + height - 7)
        .stroke();
    }
  });
  for (const [at, { figure, of }] of cards.entries()) {
    const x = left + at * width + 9;
    const big = paper.block(figure, { face: 'bold', size: 16, ink: ink.strong }, width - 12, 1);
    const small = paper.block(of, { face: 'plain', size: 7.5, ink: ink.quiet }, width - 12, 1);
    doc.addStructure(
      doc.struct('P', {}, () => {
        paper.draw(big, x, y + 6);
        paper.draw(small, x, y + 29);
      }),
    );
  }
  paper.space(height + 4);
}

/** A sentence that nobody may overlook, in a frame. */
export function warning(paper: Paper, text: string): void {
  const block = paper.block(text, { face: 'bold', size: 9, ink: ink.strong }, contentWidth - 20);
  const height = block.height + 12;
  paper.need(height + 6);
  const { doc, y } = paper;
  paper.artifact(() => doc.lineWidth(1.2).strokeColor(ink.strong).rect(left, y, contentWidth, height).stroke());
  doc.addStructure(doc.struct('P', {}, () => paper.draw(block, left + 10, y + 6)));
  paper.space(height + 6);
}

/** Lines to sign on, side by side, for each of these people. */
export function signatures(paper: Paper, people: readonly string[]): void {
  const height = 118;
  paper.need(height);
  const { doc, y } = paper;
  const gap = 28;
  const width = (contentWidth - gap * (people.length - 1)) / people.length;
  for (const [at, person] of people.entries()) {
    const x = left + at * (width + gap);
    const who = paper.block(person, { face: 'bold', size: 9, ink: ink.strong }, width);
    doc.addStructure(doc.struct('P', {}, () => paper.draw(who, x, y)));
    for (const [line, what] of ['Name', 'Place and date', 'Signature'].entries()) {
      const below = y + 40 + line * 32;
      paper.rule(below, ink.text, 0.6, x, x + width);
      const small = paper.block(what, { face: 'plain', size: 7.5, ink: ink.quiet }, width);
      doc.addStructure(doc.struct('P', {}, () => paper.draw(small, x, below + 2)));
    }
  }
  paper.space(height);
}
