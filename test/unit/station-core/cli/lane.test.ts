import { expect, test } from 'vitest';
import { openStation } from '../../../../station-core/open-station.ts';
import { ordersToScan, prepareFolder } from '../../../../station-core/practice.ts';
import { birthmark } from '../../../suites/birthmark.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

/** A line of three lanes: the first is free, the second is stopped since two units claim to be one. */
async function line(): Promise<string> {
  const folder = temporaryFolder();
  prepareFolder(folder, 3);
  const { station, close } = await openStation(folder, {}, 'a test');
  try {
    await ordersToScan(station, 'symmetric-group');
    const { records } = station;
    const taken = { code: 'ek.taken', details: { serial: 'SN-2', other: 'SN-1' } } as const;
    await records.commits.commit(() => records.laneStops.stop(2, taken, '2026-11-28T00:00:00.000Z'));
  } finally {
    await close();
  }
  return folder;
}

test('lanes are listed with what each is at and why one is stopped, until a lead releases it', {
  timeout: 120_000,
}, async () => {
  const station = ['--station', await line()];
  const list = await birthmark(['lane', 'list', ...station]);
  expect(list.code, list.err).toBe(1);
  expect(list.out).toMatch(
    /^1\t\S.*\tready\n2\t\S.*\tstopped\tLane 2 is stopped\. .*SN-2.*\[lane\.stopped\]\n3\t\S.*\tready\n$/,
  );
  const json = await birthmark(['lane', 'list', '--json', ...station]);
  expect(json.code, json.err).toBe(1);
  expect(JSON.parse(json.out)).toEqual({
    schema: 1,
    lanes: [1, 2, 3].map((lane) => ({
      lane,
      port: expect.any(String) as string,
      simulated: true,
      attached: true,
      state: lane === 2 ? 'stopped' : 'ready',
      ...(lane === 2 ? { fault: expect.objectContaining({ code: 'lane.stopped' }) as object } : {}),
    })),
  });
  expect((await birthmark(['lane', 'release', '2', ...station])).out).toBe('Lane 2 goes on\n');
  const after = await birthmark(['lane', 'list', ...station]);
  expect([after.code, after.out]).toEqual([0, expect.stringMatching(/^2\t\S.*\tready$/m)]);
});

test('a lane says which unit it made last, and what became of it', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder();
  const practised = await birthmark([
    'practice',
    ...['--units', '1', '--lanes', '1', '--recipe', 'symmetric-group', '--station', folder, '--json'],
  ]);
  expect(practised.code, practised.err).toBe(0);
  const list = await birthmark(['lane', 'list', '--station', folder]);
  expect([list.code, list.out]).toEqual([0, expect.stringMatching(/^1\t\S.*\tready\t\S+: passed \(run \d+\)\n$/)]);
  const { lanes } = JSON.parse((await birthmark(['lane', 'list', '--json', '--station', folder])).out) as {
    lanes: unknown[];
  };
  expect(lanes).toMatchObject([{ lane: 1, state: 'ready', run: { outcome: 'passed' } }]);
});
