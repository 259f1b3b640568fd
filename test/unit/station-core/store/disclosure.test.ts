import { expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '../../../../station-core/contract/run.ts';
import { commitmentTo } from '../../../../station-core/store/disclosure.ts';
import { openStore } from '../../../../station-core/store/open.ts';
import { openRecords } from '../../../../station-core/store/records.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

function open() {
  const db = openStore(temporaryFolder(), 'owner');
  onTestFinished(() => void db.close());
  return openRecords(db);
}

const opened: RunEvent = {
  type: 'opened',
  at: '2026-01-01T00:00:00.000Z',
  lane: 1,
  order: 'o',
  recipe: 'r',
  serial: 'SERIAL-7',
  registrationId: 'reg-7',
  scanned: 'SERIAL-7',
  who: 'Tess Technician',
  plan: [{ name: 'greet', kind: 'reversible' }],
};

test("a commitment is HMAC-SHA256 under the value's own salt", () => {
  const salt = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
  // openssl: printf '{"serial":"A"}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f -binary | base64
  expect(commitmentTo('serial', 'A', salt)).toBe('hmac-sha256:Vl0Pbs+vH8Hog6r0Fn0nYqGlSjwDFGXKz1dI4h0n9VY=');
});

test('the journal keeps references, shows clear values, and says what was erased', async () => {
  const { db, commits, journal, runs, units, disclosures } = open();
  await commits.commit(() => {
    const id = (label: string, value: string) => disclosures.put(label, value).id;
    units.putRecipe(Buffer.alloc(32), { name: 'r', version: 1 } as never, '{}');
    const order = units.insertOrder('o', Buffer.alloc(32), 1, 'proven', 'now');
    units.insertUnit(order, id('serial', 'SERIAL-7'), null, id('registrationId', 'reg-7'), {});
    runs.open(1, 1, 'now');
    journal.append(1, opened);
  });
  const stored = db.prepare<[], { body: string }>('SELECT body FROM journal').get()?.body ?? '';
  for (const clear of ['SERIAL-7', 'reg-7', 'Tess']) expect(stored).not.toContain(clear);
  expect(journal.run(1)).toMatchObject({ serial: 'SERIAL-7', registrationId: 'reg-7' });
  db.exec(`UPDATE disclosure SET value = NULL, salt = NULL WHERE label = 'serial'`);
  expect(journal.run(1)).toMatchObject({ serial: '(erased)', registrationId: 'reg-7' });
});

test('events are numbered, and a client gets what came since its last one', async () => {
  const { commits, journal } = open();
  const backlog = { queued: 0, leased: 0, parked: 0, done: 0 };
  const heard: number[] = [];
  journal.onEvent(({ n }) => heard.push(n));
  for (let time = 0; time < 3; time++) {
    await commits.commit(() => journal.append(null, { type: 'backlog', at: 'now', backlog }));
  }
  expect(heard).toEqual([1, 2, 3]);
  expect(journal.since(1, 10).map(({ n }) => n)).toEqual([2, 3]);
  expect(journal.newest()).toBe(3);
});
