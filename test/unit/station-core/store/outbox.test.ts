import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../../station-core/store/open.ts';
import type { NewOutboxRow } from '../../../../station-core/store/outbox.ts';
import { openRecords } from '../../../../station-core/store/records.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

function open() {
  const db = openStore(temporaryFolder(), 'owner');
  onTestFinished(() => void db.close());
  return openRecords(db);
}

const row = (registrationId: string, more: Partial<NewOutboxRow> = {}): NewOutboxRow => ({
  target: 'dps',
  registrationId,
  action: 'create',
  body: { attestation: { type: 'symmetricKey' } },
  credential: null,
  dueMs: 100,
  ...more,
});

test('rows are claimed oldest due first, once, and only when they are due', async () => {
  const { commits, outbox } = open();
  await commits.commit(() => {
    outbox.queue(row('late', { dueMs: 300 }));
    outbox.queue(row('b', { dueMs: 200 }));
    outbox.queue(row('a', { dueMs: 100 }));
  });
  const claimed = await commits.commit(() => outbox.lease('dps', 250, 999, 10));
  expect(claimed.map(({ registrationId }) => registrationId)).toEqual(['a', 'b']);
  expect(await commits.commit(() => outbox.lease('dps', 250, 999, 10))).toEqual([]);
  expect(outbox.backlog()).toEqual({ queued: 1, leased: 2, done: 0, parked: 0 });
});

test('order is kept for each registration ID, and a row waits for the one it comes after', async () => {
  const { commits, outbox } = open();
  const [first, , after] = await commits.commit(() => {
    const one = outbox.queue(row('same'));
    return [one, outbox.queue(row('same', { dueMs: 1 })), outbox.queue(row('other', { after: one }))];
  });
  const claim = () => commits.commit(() => outbox.lease('dps', 500, 999, 10).map(({ id }) => id));
  expect(await claim()).toEqual([first]);
  expect(await claim()).toEqual([]);
  await commits.commit(() => outbox.done(first ?? 0, '{}'));
  expect(await claim()).toEqual([2, after]);
});

test('the tally is what counting would say, whatever happens to the rows', async () => {
  const { db, commits, outbox } = open();
  await commits.commit(() => {
    for (const id of ['a', 'b', 'c', 'd']) outbox.queue(row(id));
    const [a, b, c] = outbox.lease('dps', 500, 999, 3);
    outbox.done(a?.id ?? 0, '{}');
    outbox.park(b?.id ?? 0, { code: 'cloud.different', details: { what: 'keys' } });
    outbox.retry(c?.id ?? 0, 900, { code: 'cloud.failed', details: { status: 500 } });
  });
  expect(outbox.backlog()).toEqual({ queued: 2, leased: 0, done: 1, parked: 1 });
  const counted = db.prepare('SELECT state, count(*) AS n FROM outbox GROUP BY state ORDER BY state').all();
  expect(counted).toEqual([
    { state: 'done', n: 1 },
    { state: 'parked', n: 1 },
    { state: 'queued', n: 2 },
  ]);
  expect(outbox.parked(10)).toMatchObject([{ registrationId: 'b', reason: { code: 'cloud.different' } }]);
});

test('rows hold no identity in clear, and are never deleted', async () => {
  const { db, commits, outbox } = open();
  await commits.commit(() =>
    outbox.queue(row('reg-secret', { body: { deviceId: 'device-secret', attestation: { type: 'symmetricKey' } } })),
  );
  expect(JSON.stringify(db.prepare('SELECT * FROM outbox').all())).not.toContain('secret"');
  expect(await commits.commit(() => outbox.lease('dps', 500, 999, 1))).toMatchObject([
    { body: { deviceId: 'device-secret' } },
  ]);
  expect(() => db.exec('DELETE FROM outbox')).toThrow(/are kept/);
});
