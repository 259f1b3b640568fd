import { expect, test } from 'vitest';
import { StationError } from '../../../../station-core/contract/errors.ts';
import { unitOf } from '../../../../station-core/practice.ts';
import { makeTestCa } from '../../../suites/certificates-ca.ts';
import { TestStation } from '../../../suites/station.ts';

const older = new StationError('audit.older', { anchor: 'the token', size: 9, root: 'x', here: 1 });

test('a unit that is being made when the station is stopped gets nothing any more', async () => {
  const line: TestStation = await TestStation.open({
    lanes: 1,
    openLane: (simulated, lane) => async (label, signal) => {
      await simulated.place(lane, unitOf(label));
      // The cloud answers while the unit is being greeted.
      const { records, stop } = line.station;
      await records.commits.commit(() => stop.set(older.toData(), '2026-11-27T00:00:00.000Z'));
      return simulated.link(lane, signal);
    },
  });
  try {
    const { labels } = await line.order('symmetric-individual', 1);
    expect(await line.scan(1, labels[0] ?? '')).toMatchObject({ outcome: 'errored', error: { code: 'audit.older' } });
    expect(line.entries().filter(({ action }) => action === 'credential.released')).toEqual([]);
    const { lanes } = await line.as('technician', 'station.view', {});
    expect(lanes).toMatchObject([{ fault: { code: 'audit.older' } }]);
  } finally {
    await line.close();
  }
});

test('a CA that is stopped drafts no certificate and signs no list', async () => {
  let stopped = false;
  const { ca, issuer } = await makeTestCa('p256', {
    refuse: () => {
      if (stopped) throw older;
    },
  });
  expect(() => ca.checkClock(issuer.rules)).not.toThrow();
  stopped = true;
  expect(() => ca.checkClock(issuer.rules)).toThrow(older);
});
