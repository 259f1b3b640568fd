import { afterEach, beforeEach, expect, test } from 'vitest';
import { cloudAnchorOf } from '../../../../station-core/anchors/cloud.ts';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { Anchored, copyDatabase, stopCode } from '../../../suites/anchored.ts';
import { clientOf } from '../../../suites/station.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

const id = 'birthmark-anchor-test';
const { signal } = new AbortController();
let station: Anchored;
beforeEach(async () => {
  station = await Anchored.open();
  await station.anchor();
});
afterEach(() => expect(station.line.log.incidents).toEqual([]));

const rows = () =>
  station.line.station.records.db
    .prepare<[], { state: string; receipt: string | null }>(
      `SELECT state, receipt FROM outbox WHERE action = 'anchor' ORDER BY id`,
    )
    .all();
const calls = () =>
  station.line.emulator
    .requests()
    .filter(({ path }) => path.includes(id))
    .map(({ method }) => method);
/** A call that is refused makes an entry, and with it something new to sign. */
const somethingNew = () => station.line.as('lead', 'audit.compare', { code: 'none' }).catch(() => undefined);
const entry = async () => {
  const client = clientOf(station.line.emulator);
  try {
    return await client.getEnrollment(id, signal);
  } finally {
    client.close();
  }
};

test('a head costs one call, and nothing is asked while nothing changes', async () => {
  const before = calls().length;
  for (let n = 0; n < 3; n++) {
    await somethingNew();
    await station.anchor();
  }
  expect(calls().slice(before)).toEqual(['PUT', 'PUT', 'PUT']);
  await station.anchor();
  await station.line.station.pump.run();
  expect(calls().length).toBe(before + 3);
  // No receipt of an anchor is an entry: it would ask for the next head.
  expect(station.line.entries().filter(({ action }) => action === 'upload.received')).toEqual([]);
  expect(station.line.station.records.outbox.backlog()).toEqual({ queued: 0, leased: 0, parked: 0, done: 0 });
});

test('without a network one row waits, however many heads are signed, and takes the newest', async () => {
  const { line } = station;
  line.emulator.switches.offline = true;
  const done = rows().length;
  for (let n = 0; n < 4; n++) {
    await somethingNew();
    await line.as('lead', 'audit.checkpoint', {});
    await line.station.anchoring.idle();
  }
  await expect.poll(() => line.station.pump.isBusy).toBe(false);
  // One more may have been on its way when the next head came.
  expect(
    rows()
      .slice(done)
      .filter(({ state }) => state === 'queued').length,
  ).toBeLessThanOrEqual(2);
  line.emulator.switches.offline = false;
  await line.station.pump.run();
  expect((await entry())?.optionalDeviceInformation).toMatchObject({ checkpoint: line.station.heads.newest()?.note });
});

test('an entry that somebody changed, or deleted, is read, compared and brought back', async () => {
  const { line } = station;
  const client = clientOf(line.emulator);
  const theirs = await entry();
  await client.putEnrollment(id, { ...theirs, capabilities: { iotEdge: false } }, theirs?.etag, signal);
  await somethingNew();
  const note = await station.anchor();
  expect((await entry())?.optionalDeviceInformation).toMatchObject({ checkpoint: note });
  await client.deleteEnrollment(id, undefined, signal);
  await somethingNew();
  const next = await station.anchor();
  expect((await entry())?.optionalDeviceInformation).toMatchObject({ checkpoint: next });
  expect(station.stopped).toBeUndefined();
  client.close();
});

test('a foreign entry of that name waits for a person, is never written over, and stops nothing', async () => {
  const { line } = station;
  const client = clientOf(line.emulator);
  await client.deleteEnrollment(id, undefined, signal);
  const foreign = cloudAnchorOf(id, 'birthmark/test/ffffffff', 'of another station');
  await client.putEnrollment(id, foreign, undefined, signal);
  client.close();
  await somethingNew();
  await station.anchor();
  expect((await entry())?.optionalDeviceInformation).toEqual({
    checkpoint: 'of another station',
    log: 'birthmark/test/ffffffff',
  });
  const [parked] = await line.as('lead', 'sync.parked', {});
  expect(parked).toMatchObject({ action: 'anchor', registrationId: id, reason: { code: 'cloud.different' } });
  expect(station.stopped).toBeUndefined();
  // No second row behind it, and a person can let it go.
  await somethingNew();
  await station.anchor();
  expect(rows().filter(({ state }) => state !== 'done')).toHaveLength(1);
  expect((await fsck(line.folder)).filter(({ kind }) => kind === 'damage')).toEqual([]);
  await line.as('lead', 'sync.discard', { row: parked?.id ?? 0 });
});

test('a newer head in the cloud parks the row with the reason, stops the station, and is let go by two people', async () => {
  const { line } = station;
  const yesterday = temporaryFolder();
  const before = await station.keep(yesterday);
  await line.start();
  const newest = await station.anchor();
  await line.stop();
  copyDatabase(yesterday, line.folder);
  await station.putBack(before, 'cloud');
  await line.start();
  await expect.poll(() => station.stopped).toMatchObject({ code: stopCode });
  await line.station.pump.run();
  expect((await entry())?.optionalDeviceInformation).toMatchObject({ checkpoint: newest });
  expect(await line.as('lead', 'sync.parked', {})).toMatchObject([{ action: 'anchor', reason: { code: stopCode } }]);
  const { note } = await line.agreed('security-officer', 'audit.reconcile', station.knownElsewhere());
  await line.station.pump.run();
  expect((await entry())?.optionalDeviceInformation).toMatchObject({ checkpoint: note });
  expect(await line.as('lead', 'sync.parked', {})).toEqual([]);
});

test('the comparison with the cloud takes the anchor for nobody’s unit', async () => {
  const result = await station.line.as('lead', 'sync.reconcile', {});
  expect(result.rows).toEqual([]);
});
