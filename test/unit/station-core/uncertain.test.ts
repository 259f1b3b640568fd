import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Switches } from '../../../drivers/simulated/dps/switches.ts';
import { registerDevice } from '../../suites/azure-sdk.ts';
import { heldKey } from '../../suites/held-key.ts';
import { clientOf, TestStation } from '../../suites/station.ts';

// Where the documents of DPS are silent or disagree, the emulator has a switch, and the station works either way.

let line: TestStation;
let usual: Switches;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
  line.emulator.switches.retryAfterSeconds = 0;
  usual = structuredClone(line.emulator.switches);
});
afterEach(() => void Object.assign(line.emulator.switches, structuredClone(usual)));
afterAll(() => line.close());

const readings: readonly Partial<Switches>[] = [
  { ifMatchOnAbsent: 404 },
  { ifMatchOnAbsent: 412 },
  { bulkUpdateOfAbsent: 'creates' },
  { bulkUpdateOfAbsent: 'fails' },
  { omittedKeysOnUpdate: 'generated' },
  { omittedKeysOnUpdate: 'kept' },
  { bulkCountsAs: 'call' },
  { bulkCountsAs: 'items' },
  { missingRight: 401 },
  { missingRight: 403 },
  { pageSize: 1 },
  { derivation: 'folded' },
  { disabledGroup: 'skipped' },
  { leafUsage: 'ignored' },
];

const sync = async () =>
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, leased: 0, parked: 0 });

async function taken(registrationId: string): Promise<string> {
  const owner = clientOf(line.emulator);
  const foreign = { registrationId, attestation: { type: 'symmetricKey' } };
  const { etag } = await owner.putEnrollment(registrationId, foreign, undefined, AbortSignal.timeout(10_000));
  owner.close();
  return etag;
}

test.each(readings)('the whole life of an enrollment goes its way with %j', async (reading) => {
  Object.assign(line.emulator.switches, reading);
  const { labels } = await line.order('symmetric-individual', 2);
  const [serial = '', other = ''] = labels;
  const { registrationId } = await line.scan(1, serial);
  await sync();
  await line.as('lead', 'unit.disable', { serial });
  await line.as('lead', 'unit.enable', { serial });
  await sync();
  await line.agreed('security-officer', 'unit.rollKey', { serial, slot: 'secondary' });
  const changes = { initialTwin: { tags: { step: 2 } } };
  await line.agreed('lead', 'unit.reprovision', { serial, changes });
  await sync();
  const key = heldKey(join(line.folder, 'practice'), serial) ?? '';
  const { idScope } = line.emulator;
  expect((await registerDevice(line.emulator, { registrationId, idScope, key })).status).toBe('assigned');
  await line.agreed('lead', 'unit.deprovision', { serial });
  await sync();

  // Somebody's entry that vanishes after two people agreed to replace it.
  const id = line.station.records.units.bySerial(other)[0]?.registrationId ?? '';
  const etag = await taken(id);
  await line.scan(1, other);
  await line.as('lead', 'sync.run', {});
  const row = (await line.as('lead', 'sync.parked', {}))[0]?.id ?? 0;
  const owner = clientOf(line.emulator);
  await owner.deleteEnrollment(id, undefined, AbortSignal.timeout(10_000));
  await line.agreed('lead', 'sync.replace', { row, etag });
  await sync();
  expect(await owner.getEnrollment(id, AbortSignal.timeout(10_000))).toMatchObject({ registrationId: id });
  owner.close();
  expect((await line.as('lead', 'sync.reconcile', {})).counts).toMatchObject({ missing: 0, different: 0, foreign: 0 });
});

test('nothing happened that nobody foresaw', () => {
  expect(line.log.incidents).toEqual([]);
});
