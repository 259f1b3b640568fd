import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { appendLedger, ledgerFile, readLedger } from '../../../../station-core/privacy/ledger.ts';
import { dice, mutate } from '../../../suites/mutations.ts';
import { long, testSeed } from '../../../suites/seed.ts';
import { TestStation } from '../../../suites/station.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

const line = (n: number) => ({ at: '2026-11-27T00:00:00.000Z', commitment: `hmac-sha256:${'A'.repeat(42)}${n}=` });

test('lines are added behind whole ones, a torn one is written over, and they can be taken back', () => {
  const folder = temporaryFolder();
  expect(readLedger(folder)).toEqual([]);
  appendLedger(folder, [line(1)]);
  appendFileSync(join(folder, ledgerFile), '{"at":"20');
  expect(readLedger(folder)).toEqual([line(1)]);
  const takeBack = appendLedger(folder, [line(2), line(3)]);
  expect(readLedger(folder)).toEqual([line(1), line(2), line(3)]);
  takeBack();
  expect(readLedger(folder)).toEqual([line(1)]);
});

test('a ledger with random changes is read or refused as damaged', () => {
  const folder = temporaryFolder();
  const good = Buffer.from(
    `${JSON.stringify({ ...line(1), fingerprint: `${'A'.repeat(43)}=` })}\n${JSON.stringify(line(2))}\n`,
  );
  const seed = testSeed('ledger');
  const roll = dice(seed);
  for (let n = 0; n < (long ? 100_000 : 1_000); n++) {
    writeFileSync(join(folder, ledgerFile), mutate(good, roll, [0, 0x0a, 0x22, 0x7b, 0x7d]));
    try {
      readLedger(folder);
    } catch (thrown) {
      const found = thrown instanceof StationError && thrown.code;
      expect({ seed, n, found }).toEqual({ seed, n, found: 'store.damaged' });
    }
  }
});

test('an erasure that the disk does not take leaves the unit, its sealed trail and the ledger as they were', async () => {
  const station = await TestStation.open();
  try {
    const { labels } = await station.order('symmetric-individual', 1);
    const [unit = ''] = labels;
    await station.scan(1, unit);
    await station.as('technician', 'sync.run', {});
    const { db } = station.station.records;
    // The commit of the erasure alone fails, as on a full disk.
    db.exec(`CREATE TEMP TRIGGER full BEFORE UPDATE OF value ON disclosure BEGIN SELECT RAISE(ABORT, 'full'); END`);
    const subject = { unit };
    await expect(station.agreed('security-officer', 'privacy.erase', { subject, reason: 'asked' })).rejects.toThrow();
    expect(readFileSync(join(station.folder, ledgerFile), 'utf8')).toBe('');
    expect(db.prepare('SELECT count(*) FROM erasing').pluck().get()).toBe(0);
    db.exec('DROP TRIGGER full');
    await station.agreed('security-officer', 'privacy.erase', { subject, reason: 'asked' });
    expect(readLedger(station.folder).length).toBeGreaterThan(2);
  } finally {
    await station.close();
  }
});
