import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unitOf } from '../../../../station-core/practice.ts';
import { checked, plan } from '../../../../station-core/run/plan.ts';
import { cutShort } from '../../../../station-core/run/recover.ts';
import { stateAfter } from '../../../../station-core/run/seal.ts';
import { Secret } from '../../../../station-core/run/secret.ts';
import { Waits } from '../../../../station-core/run/waits.ts';
import { heldKey } from '../../../suites/held-key.ts';
import { TestStation } from '../../../suites/station.ts';

let line: TestStation;
/** Labels whose unit takes everything and answers nothing. */
const silent = new Set<string>();
beforeAll(async () => {
  line = await TestStation.open({
    lanes: 2,
    openLane: (simulated, lane) => async (label, signal) => {
      await simulated.place(lane, unitOf(label));
      await simulated.silence(lane, silent.has(label));
      return simulated.link(lane, signal);
    },
  });
});
afterAll(() => line.close());

const unitState = (serial: string) => line.station.records.units.bySerial(serial)[0]?.state;
const credential = (serial: string) => {
  const { units, credentials } = line.station.records;
  return credentials.ofUnit(units.bySerial(serial)[0]?.id ?? 0);
};

test('a silent unit on a live link fails the unit, and nothing was released', async () => {
  const { labels } = await line.order('symmetric-group', 1);
  const [serial = ''] = labels;
  silent.add(serial);
  const run = await line.scan(1, serial);
  expect(run).toMatchObject({ outcome: 'failed', error: { code: 'unit.silent' } });
  expect(credential(serial)).toBeUndefined();
  expect(unitState(serial)).toBe('waiting');
  silent.delete(serial);
  expect((await line.scan(1, serial)).outcome).toBe('passed');
});

test('a cable that is pulled blames the station, not the unit', async () => {
  const { labels } = await line.order('symmetric-group', 1);
  const [serial = ''] = labels;
  silent.add(serial);
  const { run } = await line.as('technician', 'run.start', { lane: 1, serial });
  await expect.poll(() => line.line.placed(1)?.label).toBe(serial);
  await line.line.unplug(1);
  await line.station.lanes.ended(1);
  silent.delete(serial);
  expect(await line.as('technician', 'run.show', { run })).toMatchObject({
    outcome: 'errored',
    error: { code: 'link.lost' },
  });
});

test('a unit that is made again before its receipt gets the same credential under the same operation id', async () => {
  const {
    labels: [serial = ''],
  } = await line.order('symmetric-individual', 1);
  const { db } = line.station.records;
  line.emulator.switches.offline = true;
  expect((await line.scan(1, serial)).outcome).toBe('passed');
  const first = { key: heldKey(join(line.folder, 'practice'), serial), ...credential(serial) };
  db.exec(`UPDATE unit SET state = 'waiting', finished_at = NULL WHERE id = ${first.unit}`);
  db.exec(`UPDATE work_order SET finished = 0 WHERE id = (SELECT work_order FROM unit WHERE id = ${first.unit})`);
  expect(await line.scan(2, serial)).toMatchObject({ outcome: 'passed', facts: { again: true } });
  expect(heldKey(join(line.folder, 'practice'), serial)).toBe(first.key);
  expect(credential(serial)?.operation).toEqual(first.operation);
  line.emulator.switches.offline = false;
});

test('an abort ends the run as aborted, and the unit waits to be tried again', async () => {
  const {
    labels: [serial = ''],
  } = await line.order('symmetric-group', 1);
  const { run } = await line.as('technician', 'run.start', { lane: 1, serial });
  await line.as('technician', 'run.abort', { run });
  await line.station.lanes.ended(1);
  const { outcome, error } = await line.as('technician', 'run.show', { run });
  expect(['aborted', 'indeterminate']).toContain(outcome);
  expect(error?.code).toBe('run.aborted');
  expect((await line.scan(1, serial)).outcome).toBe('passed');
});

test('no audit commit, no credential: with a database that takes no writes nothing leaves', async () => {
  const {
    labels: [serial = ''],
  } = await line.order('symmetric-group', 1);
  const { db, commits } = line.station.records;
  const { run } = await line.as('technician', 'run.start', { lane: 1, serial });
  db.pragma('query_only = ON');
  await line.station.lanes.ended(1);
  db.pragma('query_only = OFF');
  expect(heldKey(join(line.folder, 'practice'), serial)).toBeUndefined();
  expect(line.station.lanes.view()[0]).toMatchObject({ fault: { code: 'store.failed' } });
  await commits.commit(() => undefined);
  await line.stop();
  await line.start();
  expect(await line.as('technician', 'run.show', { run })).toMatchObject({
    outcome: 'errored',
    error: { code: 'store.failed' },
  });
  expect((await line.scan(1, serial)).outcome).toBe('passed');
});

test('a run that a dead process left in an irreversible step is indeterminate, any other errored', () => {
  const run = { id: 1, lane: 1, order: 'o', recipe: 'r', serial: 's', registrationId: 's', openedAt: '', facts: {} };
  expect(cutShort({ ...run, steps: [{ name: 'release', kind: 'irreversible', state: 'running' }] })).toBe(
    'indeterminate',
  );
  expect(cutShort({ ...run, steps: [{ name: 'greet', kind: 'reversible', state: 'running' }] })).toBe('errored');
  expect(cutShort(undefined)).toBe('errored');
});

test('quarantine ends with a run that passes, and with nothing else', () => {
  expect(stateAfter('waiting', 'indeterminate')).toBe('quarantined');
  expect(stateAfter('quarantined', 'failed')).toBe('quarantined');
  expect(stateAfter('quarantined', 'aborted')).toBe('quarantined');
  expect(stateAfter('quarantined', 'passed')).toBe('finished');
  expect(stateAfter('waiting', 'failed')).toBe('waiting');
  expect(unitState('none')).toBeUndefined();
});

test('an empty plan is refused, since it would pass every unit', () => {
  expect(() => checked([])).toThrow(/no step/);
});

test('a recipe that locks ends with the lock, and nothing is proven after it', async () => {
  const { units } = line.station.records;
  const order = units.orders().find(({ recipe }) => recipe === 'symmetric-group');
  const names = plan({ ...units.recipeOf(order?.id ?? 0), lock: true }).map(({ name }) => name);
  expect(names.slice(-2)).toEqual(['prove', 'lock']);
});

test('a secret cannot print itself, and is gone once it was zeroed', () => {
  const bytes = Buffer.from('canary');
  const secret = new Secret(bytes);
  expect(
    `${secret} ${JSON.stringify({ secret })} ${inspect({ secret }, { depth: 9, showHidden: true })}`,
  ).not.toContain('canary');
  secret.zero();
  expect(bytes).toEqual(Buffer.alloc(6));
  expect(() => secret.bytes).toThrow();
});

test('waits that overlap count once', async () => {
  const waits = new Waits();
  const { promise: long, resolve: finish } = Promise.withResolvers<void>();
  const object = waits.around({ wait: () => long, sync: () => 7 });
  const both = Promise.all([object.wait(), object.wait()]);
  expect(object.sync()).toBe(7);
  const began = performance.now();
  finish();
  await both;
  expect(waits.ms).toBeLessThanOrEqual(performance.now() - began + 5);
});
