import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, onTestFinished, test } from 'vitest';
import type { ExportOrder } from '../../../../station-core/audit/export/write.ts';
import type { Entry } from '../../../../station-core/audit/log.ts';
import { Disclosures } from '../../../../station-core/store/disclosure.ts';
import { written } from '../../../suites/exported.ts';
import { SignedLog } from '../../../suites/signed-log.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

/** The table of a log with these entries behind the three that found it, read by a parser of others. */
async function tableOf(make: (log: SignedLog) => readonly Entry[], asked: Partial<ExportOrder> = {}) {
  const log = await SignedLog.found(temporaryFolder());
  onTestFinished(() => void log.db.close());
  await log.append(make(log));
  await log.seal();
  const { exported } = await written(log.folder, join(log.folder, 'out'), 'csv', asked);
  const text = exported.text('entries.csv');
  const [, , , ...rows] = parse(text, { bom: true, columns: true, record_delimiter: '\r\n' }) as Record<
    string,
    string
  >[];
  return { text, rows, exported };
}

test('columns that mean what Azure logs have bear their names (F-185), and the rest is beside them', async () => {
  const { text, rows, exported } = await tableOf(() => [
    {
      action: 'run.closed',
      result: 'failed',
      reason: 'unit.silent',
      lane: 2,
      order: 'spring',
      run: 7,
      details: { outcome: 'failed' },
    },
  ]);
  expect(text.startsWith('\u{FEFF}seq,TimeGenerated,OperationName,ResultType,ResultSignature,ResultDescription,')).toBe(
    true,
  );
  expect(rows).toEqual([
    expect.objectContaining({
      seq: '3',
      TimeGenerated: '2026-11-27T08:00:03.000Z',
      OperationName: 'run.closed',
      ResultType: 'failed',
      ResultSignature: 'unit.silent',
      ResultDescription: expect.stringMatching(/does not answer/) as string,
      lane: '2',
      order: 'spring',
      run: '7',
      details: '{"outcome":"failed"}',
      leaf: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    }),
  ]);
  // The heads beside it are of a key that an entry names.
  expect(exported.lines<{ action: string }>('entries.jsonl').map(({ action }) => action)).toEqual(['audit.key-made']);
});

test('the name that the service gave a request stands where its own logs have it', async () => {
  const { rows } = await tableOf(() => [
    { action: 'upload.received', result: 'ok', details: { receipt: { answer: 'created', requestId: 'r-1' } } },
    { action: 'upload.parked', result: 'failed', reason: 'cloud.rejected', details: { requestId: 'r-2' } },
    { action: 'upload.received', result: 'ok', details: { receipt: 'an older one' } },
  ]);
  expect(rows.map(({ CorrelationId }) => CorrelationId)).toEqual(['r-1', 'r-2', '']);
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=cmd|" /C calc"!A0'])(
  'the order name %j is no formula',
  async (order) => {
    const { rows } = await tableOf(() => [{ action: 'order.created', result: 'ok', order }]);
    expect(rows[0]?.order).toBe(`'${order}`);
  },
);

test.each(['a,b', 'say "x"', 'two\nlines', 'Größe 10 µm', '线 3'])(
  'the order name %j comes back as it was',
  async (order) => {
    const { rows } = await tableOf(() => [{ action: 'order.created', result: 'ok', order }]);
    expect(rows[0]?.order).toBe(order);
  },
);

test('names stand there only when they may be given, and erased ones not at all', async () => {
  const make = (log: SignedLog): Entry[] => {
    const disclosures = new Disclosures(log.db);
    const [ada, bob] = ['Ada Löwe', 'Bob'].map((name) => disclosures.put('person', name)) as [
      { commitment: string },
      { id: number; commitment: string },
    ];
    log.db.prepare('UPDATE disclosure SET value = NULL, salt = NULL WHERE id = ?').run(bob.id);
    return [{ action: 'sync.asked', result: 'ok', actor: ada.commitment, approver: bob.commitment }];
  };
  const veiled = await tableOf(make);
  expect(veiled.rows[0]?.actor).toMatch(/^hmac-sha256:/);
  const named = await tableOf(make, { named: true });
  expect(named.rows[0]).toMatchObject({
    actor: 'Ada Löwe',
    approver: expect.stringMatching(/^hmac-sha256:/) as string,
  });
});
