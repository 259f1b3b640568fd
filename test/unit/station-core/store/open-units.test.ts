import { expect, test } from 'vitest';
import { OpenUnits } from '../../../../station-core/store/open-units.ts';
import { historyOf } from '../../../suites/order-history.ts';

const orders = [400, 300] as const;

/** A database of units whose credentials came to their end, but those of every `open`th. */
function withCredentials(open: number) {
  const db = historyOf(orders);
  db.exec(
    `INSERT INTO credential (unit, operation, kind, source, fingerprint, state, made_at, ended)
     SELECT id, randomblob(16), 'symmetric-key', 'derived', randomblob(32), 'proven', '2026-11-27T00:00:00.000Z',
       iif(id % ${open} = 0, NULL, 'shipped') FROM unit`,
  );
  return db;
}

test('pages of open units have each of them once, in the order of the units, and no other', () => {
  const db = withCredentials(7);
  db.exec(
    `INSERT INTO endorsement_key (sha256, public, unit, added_at, seen_at)
     SELECT randomblob(32), x'00', id, 't', '2026-11-26T00:00:00.000Z' FROM unit WHERE id % 10 = 0`,
  );
  const list = new OpenUnits(db);
  const found: number[] = [];
  for (let after = 0; ; ) {
    const page = list.page({ after, most: 13 });
    found.push(...page.map(({ unit }) => unit));
    if (page.length < 13) break;
    after = page.at(-1)?.unit ?? 0;
  }
  const wanted = Array.from({ length: 700 }, (_, index) => index + 1).filter((id) => id % 7 === 0 || id % 10 === 0);
  expect(found).toEqual(wanted);
  expect(list.page({ after: 69, most: 1 })).toMatchObject([
    { unit: 70, since: '2026-11-26T00:00:00.000Z', order: 'O-1' },
  ]);
  db.close();
});

test('a credential ends once: only one that was shipped can become void', () => {
  const db = withCredentials(7);
  const end = (id: number, how: string | null) =>
    db.prepare('UPDATE credential SET ended = ? WHERE id = ?').run(how, id);
  end(7, 'void');
  for (const other of ['shipped', 're-issued', null]) expect(() => end(7, other)).toThrow('a credential ends once');
  for (const other of ['re-issued', null]) expect(() => end(1, other)).toThrow('a credential ends once');
  end(1, 'void');
  expect(db.prepare('SELECT ended FROM credential WHERE id IN (1, 7)').pluck().all()).toEqual(['void', 'void']);
  db.close();
});
