import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codesOf } from '../../../../station-core/labels/codes.ts';
import { drawLabel } from '../../../../station-core/labels/press.ts';
import { type Template, templateSchema } from '../../../../station-core/labels/template.ts';
import { hasPoppler, hasReaders, type Read, readPdf, readPicture } from '../../../suites/barcode-reading.ts';
import { long, testSeed } from '../../../suites/seed.ts';
import { drawZpl, pgmOf } from '../../../suites/zpl-drawer.ts';

// Labels with random values are drawn, made a picture of, and read by zbar and libdmtx. Needs the Debian packages zbar-tools,
// dmtx-utils and poppler-utils.

const at = '2026-11-27T12:00:00.000Z';

const template: Template = templateSchema.parse({
  width: 72,
  height: 40,
  elements: [
    { kind: 'text', x: 2, y: 1, height: 3, value: 'S/N {serial}' },
    { kind: 'code-128', x: 4, y: 5, module: 0.25, height: 8, value: '{serial}' },
    { kind: 'qr', x: 4, y: 16, module: 0.5, value: 'https://id.example/21/{registrationId}?n={serial}' },
    { kind: 'data-matrix', x: 45, y: 18, module: 0.5, value: '{serial}' },
    { kind: 'box', x: 0.5, y: 0.5, width: 71, height: 39, line: 0.25 },
  ],
});

/** What a serial may be at its worst: commands of printers, escapes, invocations, templates. */
const hostile = [
  '^XZ',
  '^FS^XA',
  '~JA',
  '~HS',
  '_5E',
  '_',
  '__',
  '>:',
  '>;',
  '>0',
  '>6',
  '{serial}',
  '{mac}',
  '\\&',
  '|',
  '%',
  '"',
  '<',
  '&lt;',
  ',',
];
const sign = fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code));
const serials = fc.oneof(
  fc
    .array(fc.oneof(sign, fc.constantFrom(...hostile)), { minLength: 1, maxLength: 12 })
    .map((parts) => parts.join('').slice(0, 20)),
  fc.array(fc.constantFrom(...'0123456789'), { minLength: 1, maxLength: 20 }).map((digits) => digits.join('')),
);
const count = long ? 100 : 12;
const seed = testSeed('decoded labels');
const drawnSerials = [...hostile, ...fc.sample(serials, { seed, numRuns: count })];

const valuesFor = (serial: string) => ({ serial, registrationId: 'sn-007-888-abc' });

function expectRead(read: Read, serial: string): void {
  const found = Object.entries(read).flatMap(([kind, texts]) =>
    Array.isArray(texts) ? texts.map((text: string) => ({ kind, text })) : [],
  );
  const inOrder = (codes: readonly { kind: string; text: string }[]) =>
    [...codes].sort((a, b) => (a.kind < b.kind ? -1 : 1));
  expect(inOrder(found)).toEqual(inOrder(codesOf(template, valuesFor(serial))));
}

test.skipIf(!hasReaders).each([8, 12] as const)(
  'labels as ZPL, drawn at %i dots a millimetre (zbar-tools, dmtx-utils), are read back as exactly the record',
  async (dpmm) => {
    for (const serial of drawnSerials.filter((_, index) => index % 2 === (dpmm === 8 ? 0 : 1))) {
      const zpl = await drawLabel(template, valuesFor(serial), { format: 'zpl', dpmm, at });
      const [label, ...others] = drawZpl(zpl);
      expect(others).toEqual([]);
      expect(label?.texts.map(({ text }) => text)).toEqual([`S/N ${serial}`]);
      if (label) expectRead(await readPicture(pgmOf(label)), serial);
    }
  },
  600_000,
);

test.skipIf(!hasReaders || !hasPoppler)(
  'labels as PDF (zbar-tools, dmtx-utils, poppler-utils) are read back as exactly the record',
  async () => {
    for (const serial of drawnSerials.filter((_, index) => long || index % 5 === 0)) {
      const { text, ...read } = await readPdf(await drawLabel(template, valuesFor(serial), { format: 'pdf', at }));
      expect(text).toContain(`S/N ${serial}`);
      expectRead(read, serial);
    }
  },
  600_000,
);
