import { expect, test } from 'vitest';
import { parseConfig } from '../../../../station-core/config.ts';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { layOut } from '../../../../station-core/labels/layout.ts';
import { templateSchema } from '../../../../station-core/labels/template.ts';
import { zplOf } from '../../../../station-core/labels/zpl.ts';
import { practiceConfig } from '../../../../station-core/practice.ts';

const values = { serial: 'SN-1', name: 'Käse 机', long: 'x'.repeat(40), bell: 'a\u0007b' };
const qr = { kind: 'qr', x: 4, y: 4, module: 0.5, value: '{serial}' } as const;

function whyNot(element: object, dpmm = 8): string {
  const template = templateSchema.parse({ width: 60, height: 30, elements: [qr, element] });
  try {
    layOut(template, values, dpmm);
  } catch (thrown) {
    if (thrown instanceof StationError) return `${thrown.details.what}: ${thrown.details.reason}`;
    throw thrown;
  }
  return '';
}

test.each([
  [
    'a word without a value',
    { kind: 'text', x: 30, y: 2, height: 3, value: '{model}' },
    'element 2 (text): nothing is known for {model}',
  ],
  ['a control character', { kind: 'text', x: 30, y: 2, height: 3, value: '{bell}' }, 'a control character'],
  ['a code of other than ASCII', { ...qr, x: 40, value: '{name}' }, 'element 2 (qr): a code holds'],
  [
    'modules of one dot',
    { kind: 'data-matrix', x: 40, y: 4, module: 0.12, value: '{serial}' },
    'has 1 dots on this printer, and needs 2 to 10',
  ],
  ['modules that no printer magnifies', { ...qr, x: 40, module: 1.5 }, 'has 12 dots'],
  [
    'what is wider than the label',
    { kind: 'code-128', x: 4, y: 20, module: 0.25, height: 5, value: '{long}' },
    'does not fit',
  ],
  ['a code in the white around another', { ...qr, x: 14 }, 'it stands in the place of element 1 (qr)'],
])('%s is refused with its place', (_, element, reason) => {
  expect(whyNot(element)).toContain(reason);
});

test('a text may have anything that people write, and its bytes are UTF-8 under ^CI28', () => {
  const element = { kind: 'text', x: 30, y: 2, height: 3, value: '{name}' } as const;
  const template = templateSchema.parse({ width: 60, height: 30, elements: [element] });
  const zpl = zplOf(layOut(template, values, 8)).toString('latin1');
  expect(zpl).toContain('^A0N,24^FH^FDK_C3_A4se _E6_9C_BA^FS');
});

test('a file with a wrong template or printer is refused with the place and what was expected', () => {
  const refused = (labels: object): string => {
    try {
      parseConfig(JSON.stringify({ ...practiceConfig(1), labels }));
    } catch (thrown) {
      if (thrown instanceof StationError) return `${thrown.details.place}: ${thrown.details.expected}`;
      throw thrown;
    }
    return '';
  };
  const element = { kind: 'text', x: 1, y: 1, height: -3, value: 'a' };
  expect(refused({ templates: { plate: { width: 60, height: 30, elements: [element] } }, printers: {} })).toContain(
    'labels.templates.plate.elements',
  );
  const tcp = { kind: 'tcp', host: '192.0.2.1', lanes: [1] };
  expect(refused({ templates: {}, printers: { a: tcp, b: tcp } })).toContain('every lane with one printer');
  expect(refused({ templates: {}, printers: { a: { ...tcp, dpmm: 9 } } })).toContain('dpmm');
});
