import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { practiceConfig } from '../../../../station-core/practice.ts';
import { birthmark } from '../../../suites/birthmark.ts';
import { drawZpl } from '../../../suites/zpl-drawer.ts';

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthmark-cli-label-'));
  mkdirSync(file('practice'));
  mkdirSync(file('printed'));
  const plate = {
    width: 60,
    height: 20,
    elements: [{ kind: 'code-128', x: 3, y: 2, module: 0.25, height: 8, value: '{serial}' }],
  };
  const printers = { files: { kind: 'folder', path: file('printed') } };
  writeFileSync(
    file('station.json'),
    JSON.stringify({ ...practiceConfig(1), labels: { templates: { plate }, printers } }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a template is previewed, tested and listed, and what is wrong is said', async () => {
  const station = ['--station', folder];
  const preview = await birthmark(['label', 'preview', 'plate', '--zpl', file('plate.zpl'), '--json', ...station]);
  expect(preview.code, preview.err).toBe(0);
  expect(JSON.parse(preview.out)).toMatchObject({ schema: 1, codes: [{ kind: 'code-128', text: 'TEST-0001' }] });
  expect(drawZpl(readFileSync(file('plate.zpl')))).toHaveLength(1);
  const printed = await birthmark(['label', 'test', 'plate', '--printer', 'files', ...station]);
  expect(printed.code, printed.err).toBe(0);
  expect(existsSync(file('printed/test-plate.zpl'))).toBe(true);
  const list = await birthmark(['label', 'list', ...station]);
  expect(list.out).toContain('printer\tfiles\tfolder\tall other lanes');
  expect(list.out).toContain('No label waits.');
  const unknown = await birthmark(['label', 'print', 'NOBODY', ...station]);
  expect(unknown).toMatchObject({ code: 2, out: '' });
  expect(unknown.err).toContain('[unit.unknown]');
}, 120_000);
