import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { api } from '../../station-core/contract/api.ts';
import { errors } from '../../station-core/contract/errors.ts';
import { rules } from '../../station-core/contract/roles.ts';
import { sources, top } from './sources.ts';

/** The files that a protocol is cut into. */
const partsOf = (protocol: string) =>
  readdirSync(join(top, 'drivers/protocols')).filter((name) => name.startsWith(`${protocol}-`));

/** What every format of an export is written with. */
const exportParts = [
  'disclosures.ts',
  'folder.ts',
  'format.ts',
  'lines.ts',
  'pages.ts',
  'proofs.ts',
  'seal.ts',
  'selection.ts',
  'tables.ts',
  'write.ts',
];

/** Folders with one file a thing, and the files in them that are not such a thing. */
const registries = [
  { folder: 'station-core/run/steps', not: [] },
  { folder: 'station-core/attestation', not: ['attestation.ts'] },
  { folder: 'station-core/ca/lints', not: ['lint.ts'] },
  { folder: 'station-core/sync/targets', not: ['target.ts'] },
  { folder: 'station-core/anchors', not: ['anchor.ts', 'cloud.ts', 'code.ts', 'compare.ts', 'keeper.ts'] },
  { folder: 'station-core/fsck/checks', not: [] },
  { folder: 'drivers/printers', not: ['printer.ts', 'host-status.ts', 'over-link.ts', 'trouble.ts'] },
  { folder: 'station-core/audit/export', not: exportParts },
  {
    folder: 'drivers/protocols',
    not: [
      'protocol.ts',
      'possession.ts',
      'exchange.ts',
      'wire.ts',
      'channel.ts',
      'sealed.ts',
      ...partsOf('uart-v1'),
      ...partsOf('linux-console'),
      ...partsOf('at-modem'),
    ],
  },
];

test.each(registries)('every file of $folder is registered', ({ folder, not }) => {
  const registry = readFileSync(join(top, folder, 'registry.ts'), 'utf8');
  const things = readdirSync(join(top, folder)).filter(
    (name) => name.endsWith('.ts') && name !== 'registry.ts' && !not.includes(name),
  );
  expect(things.length).toBeGreaterThan(0);
  expect(things.filter((name) => !registry.includes(`'./${name}'`))).toEqual([]);
});

test('every error of the table is thrown somewhere, so that the table stays true', () => {
  const text = sources()
    .filter((path) => !path.startsWith('station-core/contract/errors'))
    .map((path) => readFileSync(join(top, path), 'utf8'))
    .join('\n');
  const unused = Object.keys(errors).filter((code) => code !== 'internal' && !text.includes(`'${code}'`));
  expect(unused).toEqual([]);
});

test.each([
  { parts: 'station-core/contract/errors', table: errors, not: ['row.ts'] },
  { parts: 'station-core/contract/calls', table: api, not: ['call.ts'] },
])('what stands in $parts is in the table that joins it, once', async ({ parts, table, not }) => {
  const files = readdirSync(join(top, parts)).filter((name) => name.endsWith('.ts') && !not.includes(name));
  const exported = await Promise.all(
    files.map((name) => import(join(top, parts, name)) as Promise<Record<string, object>>),
  );
  const tables = exported.flatMap((part) => Object.entries(part).filter(([name]) => /(Errors|Calls)$/.test(name)));
  expect(tables.flatMap(([, rows]) => Object.keys(rows)).sort()).toEqual(Object.keys(table).sort());
});

test('every call has its row in the table of roles, and every row its call', () => {
  expect(Object.keys(rules).sort()).toEqual(Object.keys(api).sort());
});

test('certificates, CRLs and requests are signed in one file, which takes nothing but what passed the lints', () => {
  const signing = sources()
    .filter((path) => path.startsWith('station-core/'))
    .filter((path) => /\bhsm\.sign\(/.test(readFileSync(join(top, path), 'utf8')));
  expect(signing).toEqual(['station-core/ca/sign.ts']);
});
