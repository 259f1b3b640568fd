import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Progress } from '../../../station-core/contract/events.ts';
import { TestStation } from '../../suites/station.ts';

/** The machine may be busy with other tests. */
const patience = { timeout: 20_000 };

// Fixtures that take both hands: a scan arms the lane, plugging the unit in starts its run.

let line: TestStation;
let labels: readonly string[];
beforeAll(async () => {
  line = await TestStation.open({ lanes: 2, start: 'attach' });
  ({ labels } = await line.order('symmetric-group', 12));
});
afterAll(() => line.close());

const label = (index: number) => labels[index] ?? '';
const arm = (lane: number, serial: string) => line.as('technician', 'lane.arm', { lane, serial, how: 'scanned' });
const replug = (lane: number) => {
  line.station.plugged(lane, false);
  line.station.plugged(lane, true);
};
const lane = (number: number) => line.station.lanes.view().find((one) => one.lane === number);
const opened = () => line.entries().filter(({ action }) => action === 'run.opened');
const entriesOf = (action: string) => line.entries().filter((entry) => entry.action === action);

/** Resolves with the first progress of a lane that is so. */
const told = (is: (progress: Extract<Progress, { type: 'lane' }>) => boolean) =>
  new Promise<void>((resolve) => {
    const stop = line.station.onProgress((progress) => {
      if (progress.type !== 'lane' || !is(progress)) return;
      stop();
      resolve();
    });
  });

/** Plugs the unit of an armed lane in, and answers its run once that has ended. */
async function plugIn(number: number) {
  const before = opened().length;
  replug(number);
  await expect.poll(() => opened().length, patience).toBe(before + 1);
  await line.station.lanes.ended(number);
  return lane(number)?.run;
}

test('a scan arms the lane and starts nothing; plugging in starts the run, and the record says how', async () => {
  const armed = told(({ armed: waits }) => waits?.serial === label(0));
  expect(await arm(1, label(0))).toMatchObject({ until: expect.stringMatching(/Z$/) as string });
  await armed;
  expect(lane(1)).toMatchObject({ start: 'attach', armed: { serial: label(0) } });
  expect(opened()).toEqual([]);
  expect(await plugIn(1)).toMatchObject({ serial: label(0), outcome: 'passed', how: 'attached' });
  expect(lane(1)?.armed).toBeUndefined();
  expect(opened()).toMatchObject([{ lane: 1, details: { how: 'attached' } }]);
  expect(entriesOf('lane.armed')).toMatchObject([{ lane: 1, details: { how: 'scanned' } }]);
});

test('a replug while a unit is made, and after it, starts nothing', async () => {
  await arm(1, label(1));
  const before = opened().length;
  replug(1);
  replug(1);
  await expect.poll(() => opened().length, patience).toBe(before + 1);
  await line.station.lanes.ended(1);
  replug(1);
  await line.station.records.commits.commit(() => undefined);
  expect(opened().length).toBe(before + 1);
});

test('a unit that was plugged in before its scan starts with the scan', async () => {
  const { run } = (await arm(1, label(2))) as { run: number };
  await line.station.lanes.ended(1);
  expect(await line.as('technician', 'run.show', { run })).toMatchObject({ outcome: 'passed', how: 'scanned' });
});

test('what would refuse the run refuses the scan: a finished unit, one that waits elsewhere, a lane that works', async () => {
  await expect(arm(1, label(0))).rejects.toMatchObject({ code: 'unit.finished' });
  await arm(1, label(3));
  await expect(arm(2, label(3))).rejects.toMatchObject({ code: 'lane.armed', details: { lane: 1 } });
  await expect(arm(3, label(4))).rejects.toMatchObject({ code: 'lane.unknown' });
});

test('another scan takes its place, a person disarms it, and then plugging in starts nothing', async () => {
  await arm(1, label(4));
  expect(lane(1)?.armed?.serial).toBe(label(4));
  await line.as('technician', 'lane.disarm', { lane: 1 });
  const before = opened().length;
  replug(1);
  await line.station.records.commits.commit(() => undefined);
  expect(opened().length).toBe(before);
  expect(entriesOf('lane.disarmed')).toMatchObject([{ lane: 1, details: { why: 'asked' } }]);
});

test('whoever signs out leaves no lane armed', async () => {
  await arm(2, label(5));
  await line.as('technician', 'operators.signOut', {});
  expect(lane(2)?.armed).toBeUndefined();
  expect(entriesOf('lane.disarmed').at(-1)).toMatchObject({ lane: 2, details: { why: 'signed-out' } });
});

test('a refusal at the moment of plugging in is said on the lane, and noted', async () => {
  await arm(2, label(6));
  const { records } = line.station;
  await records.commits.commit(() => {
    records.db.prepare(`UPDATE work_order SET state = 'closed'`).run();
  });
  const fault = told((progress) => progress.fault?.code === 'order.closed');
  replug(2);
  await fault;
  expect(line.entries().at(-1)).toMatchObject({ action: 'call.refused', lane: 2, reason: 'order.closed' });
  await records.commits.commit(() => {
    records.db.prepare(`UPDATE work_order SET state = 'open'`).run();
  });
});

test('after a restart no lane is armed', async () => {
  await arm(2, label(7));
  await line.stop();
  await line.start();
  expect(line.station.lanes.view().map(({ armed }) => armed)).toEqual([undefined, undefined]);
  const before = opened().length;
  replug(2);
  await line.station.records.commits.commit(() => undefined);
  expect(opened().length).toBe(before);
});

test('a lane that starts with the scan is not armed', async () => {
  const plain = await TestStation.open({ lanes: 1 });
  const { labels: others } = await plain.order('symmetric-group', 1);
  const armed = plain.as('technician', 'lane.arm', { lane: 1, serial: others[0] ?? '' });
  await expect(armed).rejects.toMatchObject({ code: 'lane.starts-by-scan' });
  expect(await plain.as('technician', 'run.start', { lane: 1, serial: others[0], how: 'typed' })).toMatchObject({
    run: 1,
  });
  await plain.station.lanes.ended(1);
  await plain.close();
});

test('nothing happened that nobody foresaw', () => {
  expect(line.log.incidents).toEqual([]);
});
