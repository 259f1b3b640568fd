import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { printers } from '../../../drivers/printers/registry.ts';
import { parse } from '../../../station-core/contract/parse.ts';
import { templateSchema } from '../../../station-core/labels/template.ts';
import { webhooksSchema } from '../../../station-core/mes/settings.ts';
import { makeOrder, recipeOf } from '../../../station-core/practice.ts';
import { copyOf, type Damage, findingsAfter } from '../../suites/damaged.ts';
import { Factory } from '../../suites/factory.ts';

/** A station's database after units with labels, an order by a key, and results that a webhook of it cannot be told. */
let folder: string;
let out: string;
beforeAll(async () => {
  const plate = { width: 40, height: 20, elements: [{ kind: 'qr', x: 2, y: 2, module: 0.5, value: '{serial}' }] };
  out = mkdtempSync(join(tmpdir(), 'birthmark-labels-'));
  const printer = printers.folder({ name: 'line', path: out, format: 'zpl', dpmm: 8 });
  const press = {
    templates: { plate: templateSchema.parse(plate) },
    printers: { line: { kind: 'folder', printer } },
  } as const;
  const gone = { name: 'gone', url: 'http://127.0.0.1:1/', secret: 'webhook-secret' };
  const factory = await Factory.open({
    lanes: 1,
    parts: { press, webhooks: parse(webhooksSchema, [gone], 'webhooks') },
  });
  const { line } = factory;
  const recipe = {
    ...(await recipeOf(line.station, 'symmetric-group')),
    label: { template: 'plate', when: 'passed' },
  } as const;
  const { labels } = await makeOrder(line.station, recipe, 3);
  for (const label of labels) await line.scan(1, label);
  await line.station.printing.idle();
  await line.as('lead', 'label.reprint', { serial: labels[0] });
  await line.as('lead', 'label.file', { serial: labels[0], format: 'pdf' });
  await line.agreed('lead', 'recipes.approve', { recipe });
  const { name, version } = recipe;
  expect(
    (await factory.put('spring', { recipe: { name, version }, units: [{ serial: 'M-1', mac: 'A1:B2:C3:D4:E5:F6' }] }))
      .status,
  ).toBe(201);
  await line.as('security-officer', 'mes.revokeKey', { name: 'metrics-key' });
  for (const telling of line.station.tellings) await telling.idle();
  // As after sixteen refusals.
  const { commits, webhooks } = line.station.records;
  const reason = { code: 'webhook.failed', details: { name: 'gone', status: 422 } } as const;
  await commits.commit(() => webhooks.park(1, reason));
  await line.as('lead', 'mes.discard', { message: 1 });
  await factory.server.close();
  await line.stop();
  folder = copyOf(line);
  await line.start();
  await line.close();
});
afterAll(() => {
  for (const one of [folder, out]) rmSync(one, { recursive: true, force: true });
});

test('fsck is content with labels, an order by a key, and results that nobody was told', async () => {
  expect(await findingsAfter(folder, 'SELECT 1')).toEqual([]);
});

const firstLabel = '(SELECT min(id) FROM label)';
const message = (state: string) => `UPDATE webhook_message SET state = '${state}' WHERE id = 1`;
const damages: readonly Damage[] = [
  ['a result that is gone', 'DELETE FROM mes_result WHERE run = 2', /damage, mes: run 2: it ended and has no result/],
  [
    'a result of a run that goes on',
    `UPDATE run SET outcome = NULL, closed_at = NULL WHERE id = 1`,
    /damage, mes: result 1: its run did not end/,
  ],
  [
    'a result that points to no run',
    'UPDATE mes_result SET run = 99 WHERE n = 1',
    /damage, database: mes_result 1: points to a row of run/,
  ],
  [
    'a webhook that looked further than there are results',
    'UPDATE webhook SET looked_at = 9',
    /damage, mes: webhook gone: results were looked at up to 9 and there are 3/,
  ],
  [
    'a message of a result that was not looked at',
    'UPDATE webhook SET looked_at = 2',
    /damage, mes: webhook message 3: results were looked at up to 2 and it is of result 3/,
  ],
  [
    'a message about another unit',
    'UPDATE webhook_message SET unit = 2 WHERE id = 1',
    /damage, mes: webhook message 1: its result is of another unit/,
  ],
  [
    'a message that waits for nothing',
    message('parked'),
    /damage, mes: webhook message 1: it waits for a person without a reason/,
  ],
  [
    'a message that nobody gave up',
    `UPDATE webhook_message SET state = 'discarded'`,
    /damage, mes: webhook message 2: it is discarded and the audit trail does not say so/,
  ],
  [
    'a message that was given up and goes out again',
    message('queued'),
    /damage, mes: audit entry \d+: it gives message 1 up, which is queued/,
  ],
  [
    'a key that nobody made',
    `INSERT INTO mes_key (name, hash, scopes, made_at) VALUES ('own', randomblob(32), '["orders"]', 't')`,
    /damage, mes: key own: the audit trail has 0 made and 0 revoked, the store 1 and 0/,
  ],
  [
    'a key that is in force again',
    `UPDATE mes_key SET revoked_at = NULL`,
    /damage, mes: key metrics-key: the audit trail has 1 made and 1 revoked, the store 1 and 0/,
  ],
  [
    'a key that is gone',
    `DELETE FROM mes_key WHERE name = 'results-key'`,
    /damage, mes: audit entry \d+: it tells of a key that the store does not have/,
  ],
  [
    'an order by another request than the audit trail says',
    'UPDATE mes_order SET sha256 = randomblob(32)',
    /damage, mes: order spring: it came by a key and the audit trail does not say so/,
  ],
  [
    'an order that is nobody’s',
    'DELETE FROM mes_order',
    /damage, mes: audit entry \d+: it tells of an order by a key that the store does not have/,
  ],
  [
    'a label of a unit that there is not',
    `UPDATE label SET unit = 999 WHERE id = ${firstLabel}`,
    /damage, database: label 1: points to a row of unit/,
  ],
  [
    'a label for a run of another unit',
    `UPDATE label SET run = 2 WHERE id = ${firstLabel}`,
    /damage, labels: label 1: it is for run 2, which is of another unit or did not pass/,
  ],
  [
    'a label that waits for nothing',
    `UPDATE label SET state = 'parked' WHERE id = ${firstLabel}`,
    /damage, labels: label 1: it waits for a person without a reason/,
  ],
  [
    'a label that came out and waits',
    `UPDATE label SET state = 'queued' WHERE id = ${firstLabel}`,
    /damage, labels: audit entry \d+: it tells of a copy that came out, and its label 1 is queued/,
  ],
  [
    'a label that waits for no printer',
    `UPDATE label SET state = 'queued', printer = NULL WHERE id = ${firstLabel}`,
    /damage, labels: label 1: it waits for no printer/,
  ],
  [
    'a label that came out with a reason to wait',
    `UPDATE label SET error = '{}' WHERE id = ${firstLabel}`,
    /damage, labels: label 1: it is printed and has a reason to wait/,
  ],
  [
    'a label that came out in secret',
    `INSERT INTO label (unit, template, printer, state, at) VALUES (1, 'plate', 'line', 'printed', 't')`,
    /damage, labels: label \d+: it came out as copy 4 and the audit trail does not say so/,
  ],
  [
    'copies that do not count up',
    `DELETE FROM label WHERE id = ${firstLabel}`,
    /damage, labels: audit entry \d+: it tells of copy 3 of a label that the store does not have/,
  ],
];
test.each(damages)('%s is found and explained', async (_, sql, finding) => {
  expect(await findingsAfter(folder, sql)).toEqual(expect.arrayContaining([expect.stringMatching(finding)]));
});
