import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Anchored, copyDatabase, noteIn, stopCode } from '../../../suites/anchored.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

test('every head is in the token, in every folder and in the cloud, in an entry that is disabled', async () => {
  const { line, own, share } = await Anchored.open();
  const { note, anchors } = await line.as('technician', 'audit.checkpoint', { shiftEnd: true });
  await line.station.anchoring.idle();
  expect(anchors.map(({ problem }) => problem)).toEqual([undefined, undefined, undefined]);
  expect(noteIn(own)).toBe(note);
  expect(noteIn(share)).toBe(note);
  const token = await line.station.parts.hsm.readAnchor(line.station.anchoring.label);
  expect(token?.toString('utf8')).toBe(note);
  await line.station.pump.run();
  const entry = await line.station.parts.client?.getEnrollment('birthmark-anchor-test', new AbortController().signal);
  expect(entry).toMatchObject({
    provisioningStatus: 'disabled',
    optionalDeviceInformation: { checkpoint: note, log: line.station.row.origin },
  });
  expect(line.log.incidents).toEqual([]);
});

test('yesterday’s database stops lanes, certificates, lists and heads, until two people reconcile', async () => {
  const { line, share } = await Anchored.open();
  const { labels } = await line.order('symmetric-group', 3);
  await line.stop();
  const yesterday = temporaryFolder();
  copyDatabase(line.folder, yesterday);
  await line.start();
  expect(await line.scan(1, labels[0] ?? '')).toMatchObject({ outcome: 'passed' });
  await line.stop();
  const newest = noteIn(share) ?? '';
  copyDatabase(yesterday, line.folder);

  await line.start();
  const { audit: view } = await line.as('technician', 'station.view', {});
  expect(view.stopped).toMatchObject({ code: 'audit.older' });
  await expect(line.scan(1, labels[0] ?? '')).rejects.toMatchObject({ code: 'audit.older' });
  await expect(line.as('technician', 'audit.checkpoint', {})).rejects.toMatchObject({ code: 'audit.older' });
  expect(await line.station.sealing.sign('asked')).toBeUndefined();
  expect(noteIn(share)).toBe(newest);
  expect(line.entries().filter(({ action }) => action === 'audit.rollback-found')).toHaveLength(1);
  await line.stop();

  await line.start();
  const [, size = '', root = ''] = newest.split('\n');
  const wrong = { size: Number(size) - 1, root };
  await expect(line.agreed('security-officer', 'audit.reconcile', wrong)).rejects.toMatchObject({
    code: 'audit.not-stopped',
  });
  const made = await line.agreed('security-officer', 'audit.reconcile', { size: Number(size), root });
  expect(made.origin).not.toBe(line.station.row.origin);
  await line.station.anchoring.idle();
  expect(noteIn(share)).toBe(made.note);
  // The first unit holds a credential that this database knows nothing of; the next one is made.
  expect(await line.scan(1, labels[1] ?? '')).toMatchObject({ outcome: 'passed' });
  // The old head turns up once more, on a stick that was in a drawer.
  writeFileSync(join(share, readdirSync(share)[0] ?? ''), newest);
  await line.stop();
  await line.start();
  expect((await line.as('technician', 'station.view', {})).audit.stopped).toBeUndefined();
  await line.station.pump.run();
  expect((await line.as('technician', 'station.view', {})).backlog.parked).toBe(0);
  expect(line.log.incidents).toEqual([]);
});

test('a database of before the key was rotated is found, though it knows the new key not and its own is gone', async () => {
  const station = await Anchored.open();
  const { line } = station;
  const yesterday = temporaryFolder();
  const before = await station.keep(yesterday);
  await line.start();
  await line.agreed('security-officer', 'audit.rotateKey', {});
  await station.anchor();
  await line.stop();
  copyDatabase(yesterday, line.folder);
  await station.putBack(before, 'token');
  await line.start();
  expect(station.stopped).toMatchObject({ code: stopCode, details: { anchor: 'the token' } });
  const { note } = await line.agreed('security-officer', 'audit.reconcile', station.knownElsewhere());
  expect(noteIn(station.share)).toBe(note);
  expect(await line.station.sealing.sign('asked')).toMatchObject({ key: 2 });
  expect(line.log.incidents).toEqual([]);
});

test('a reconciliation that was cut off after the new origin began is no alarm at the next start', async () => {
  const station = await Anchored.open();
  const { line } = station;
  const yesterday = temporaryFolder();
  const before = await station.keep(yesterday);
  await line.start();
  const newest = await station.anchor();
  await line.stop();
  copyDatabase(yesterday, line.folder);
  await line.start();
  await line.agreed('security-officer', 'audit.reconcile', station.knownElsewhere());
  await line.stop();
  // As if no anchor had been written any more.
  await station.putBack(newest, 'cloud');
  await line.start();
  expect(station.stopped).toBeUndefined();
  await line.station.anchoring.idle();
  expect(noteIn(station.share)).not.toBe(newest);
  // The head of before is one of this log still.
  expect(await line.as('lead', 'audit.compare', { note: before })).toMatchObject({ verdict: 'same' });
});
