import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { auditSchema, schemaFile } from '../../build/audit-schema.ts';
import { type AuditAction, auditActions } from '../../station-core/contract/audit-actions.ts';
import { sources, top } from './sources.ts';

const table = readFileSync(join(top, 'station-core/audit/README.md'), 'utf8').matchAll(
  /^\| `([a-z]+\.[a-zA-Z-]+)` \| (.+?) \| ?(.*?) ?\|$/gm,
);
const rows = [...table].map(([, action = '', when = '', details = '']) => ({ action, when, details }));

/** Actions that the code puts together: the rest of the template. */
const templates: readonly [RegExp, string][] = [
  [/^certificate\.(unsigned|possible)$/, '`certificate.${signed.state}`'],
  [/^bundle\.(expired|dropped)$/, '`bundle.${state}`'],
  [/^key\.(import|make|unwrap)-begun$/, '`${action}-begun`'],
  [/^key\.(import|make|unwrap)-done$/, '`${action}-done`'],
];

test('every action has its row in the table of the README, in the same order, and the table has no other', () => {
  expect(rows.map(({ action }) => action)).toEqual(Object.keys(auditActions));
});

test('the table names every member of the details', () => {
  for (const { action, details } of rows) {
    const { properties = {} } = z.toJSONSchema(auditActions[action as AuditAction]);
    const missing = Object.keys(properties).filter((name) => !details.includes(`\`${name}\``));
    expect([action, missing]).toEqual([action, []]);
  }
});

test('every action is written somewhere, so that the table stays true', () => {
  const text = sources()
    .filter((path) => !path.endsWith('audit-actions.ts'))
    .map((path) => readFileSync(join(top, path), 'utf8'))
    .join('\n');
  const written = (action: string) => {
    const template = templates.find(([form]) => form.test(action))?.[1];
    return text.includes(template ?? `'${action}'`);
  };
  expect(Object.keys(auditActions).filter((action) => !written(action))).toEqual([]);
});

test('docs/audit-schema.json is made from the schemas of today', () => {
  expect(JSON.parse(readFileSync(schemaFile, 'utf8'))).toEqual(JSON.parse(auditSchema()));
});
