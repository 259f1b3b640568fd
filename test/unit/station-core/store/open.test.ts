import { expect, test } from 'vitest';
import { holdFolder } from '../../../../station-core/store/lock.ts';
import { openStore } from '../../../../station-core/store/open.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

test('a second owner is refused and told who holds the folder', () => {
  const folder = temporaryFolder();
  const hold = holdFolder(folder, 'birthmark serve');
  expect(() => holdFolder(folder, 'another')).toThrow(/birthmark serve, process \d+/);
  hold.release();
  holdFolder(folder, 'another').release();
});

test('a reader needs a station that is there', () => {
  expect(() => openStore(temporaryFolder(), 'reader')).toThrow(/no station in/);
});

test('opening again changes nothing; a migration that was changed after it ran, or an unknown one, is refused', () => {
  const folder = temporaryFolder();
  openStore(folder, 'owner').close();
  const db = openStore(folder, 'owner');
  db.exec(`UPDATE migration SET sha256 = 'other'`);
  db.close();
  expect(() => openStore(folder, 'owner')).toThrow(/was changed after it ran/);
  const again = temporaryFolder();
  const newer = openStore(again, 'owner');
  newer.exec(`INSERT INTO migration VALUES ('9999-future.sql', 'x')`);
  newer.close();
  expect(() => openStore(again, 'owner')).toThrow(/newer version/);
});
