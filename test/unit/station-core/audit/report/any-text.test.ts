import fc from 'fast-check';
import PDFDocument from 'pdfkit';
import { expect, test } from 'vitest';
import { drawReport } from '../../../../../station-core/audit/report/draw.ts';
import { Fonts } from '../../../../../station-core/audit/report/fonts.ts';
import { lineOf } from '../../../../../station-core/audit/report/line.ts';
import { ReportFold } from '../../../../../station-core/audit/report/model.ts';
import {
  credentialWord,
  deedWord,
  exceptionWord,
  Names,
  sourceWord,
} from '../../../../../station-core/audit/report/words.ts';
import { wrap } from '../../../../../station-core/audit/report/wrap.ts';
import { long, testSeed } from '../../../../suites/seed.ts';

// Names, orders and reasons are whatever people and programs wrote: documents are made all the same.

const seed = testSeed('any text in documents');
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ maxLength: 400 }),
  fc.constantFrom(
    '',
    ' ',
    '\n\n\t',
    '\u{D800}',
    '\u{202E}\u{2066}',
    'a'.repeat(400),
    '汉'.repeat(300),
    '-/-/'.repeat(60),
  ),
);

test('any text is wrapped into at most so many lines, none of which is wider than its place', () => {
  const fonts = new Fonts(new PDFDocument({ fontLayoutCache: false }));
  const faces = fc.constantFrom('plain' as const, 'bold' as const, 'mono' as const);
  fc.assert(
    fc.property(
      texts,
      faces,
      fc.integer({ min: 60, max: 500 }),
      fc.integer({ min: 1, max: 6 }),
      (text, face, width, most) => {
        const lines = wrap(fonts, text, face, 8, width, most);
        expect(lines.length).toBeLessThanOrEqual(most);
        for (const line of lines) expect(fonts.widthOf(line.trimEnd(), face, 8)).toBeLessThanOrEqual(width + 0.01);
      },
    ),
    { seed, numRuns: long ? 100_000 : 1_000 },
  );
});

test('a letter and its mark are one character where there is one, and any other mark is named: fontkit falls over some', () => {
  const doc = new PDFDocument({ fontLayoutCache: false });
  const fonts = new Fonts(doc);
  const composed = '\u{172}';
  expect(fonts.stretches('U\u{328}na', 'plain')).toEqual([{ font: 'plain', text: `${composed}na` }]);
  expect(fonts.stretches('q\u{328}', 'bold')).toEqual([{ font: 'bold', text: 'q<U+0328>' }]);
  const lines = wrap(fonts, 'U\u{328}'.repeat(40), 'plain', 8, 60, 6);
  expect(new Set(lines.join(''))).toEqual(new Set([composed]));
  for (let mark = 0x300; mark < 0x370; mark++) {
    for (const { font, text } of fonts.stretches(`U${String.fromCodePoint(mark)}x`, 'plain')) {
      expect(doc.font(font).fontSize(8).widthOfString(text)).toBeGreaterThan(0);
    }
  }
});

test.each(['toString', 'constructor', '__proto__'])(
  'what every object has is no word of a table: %s stands as it is',
  (name) => {
    for (const word of [credentialWord, deedWord, exceptionWord, sourceWord]) expect(word(name)).toBe(name);
  },
);

test('members of any kind are a line or none, and a report is folded and drawn of them', async () => {
  const said = { at: texts, clock: texts, station: texts, origin: texts, software: texts, config: texts };
  const action = fc.oneof(texts, fc.constantFrom('run.opened', 'run.closed', 'upload.parked', 'credential.released'));
  const details = fc.dictionary(
    fc.constantFrom('outcome', 'sha256', 'registrationId', 'method', 'x'),
    fc.oneof(texts, fc.jsonValue()),
  );
  const unit = fc.record({ serial: texts, registrationId: texts }, { requiredKeys: ['serial'] });
  const result = fc.constantFrom('ok', 'refused', 'failed', 'fine');
  const more = { reason: texts, actor: texts, approver: texts, order: texts, run: fc.nat(20), unit, details };
  const required = { ...said, action, result };
  const entry = fc.record(
    { ...required, ...more },
    { requiredKeys: Object.keys(required) as (keyof typeof required)[] },
  );
  const draw = async (entries: readonly { readonly [name: string]: unknown }[]) => {
    const fold = new ReportFold();
    for (const [seq, members] of entries.entries()) {
      const line = lineOf(seq, members);
      if (line) fold.take(line);
      else fold.takeUnreadable(seq);
    }
    let bytes = 0;
    const about = {
      mode: undefined,
      software: '1',
      madeAt: '2026-11-27T12:00:00.000Z',
      size: entries.length,
      head: undefined,
    };
    const asked = {
      complete: true,
      filter: {},
      named: false,
      problems: [],
      names: new Names(new Map()),
      station: 'line-3',
    };
    await drawReport(fold.end(), { ...about, ...asked }, (chunk) => {
      bytes += chunk.length;
    });
    expect(bytes).toBeGreaterThan(10_000);
  };
  await fc.assert(fc.asyncProperty(fc.array(entry, { maxLength: 40 }), draw), { seed, numRuns: long ? 1_000 : 20 });
});
