import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CredentialEnd } from '../../../station-core/contract/after.ts';
import { fsck } from '../../../station-core/fsck/fsck.ts';
import { registerCertifiedDevice, registerDevice } from '../../suites/azure-sdk.ts';
import { heldCertificate, heldKey } from '../../suites/held-key.ts';
import { TestStation } from '../../suites/station.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
  line.emulator.switches.retryAfterSeconds = 0;
});
afterAll(() => line.close());

type RecipeName = 'symmetric-individual' | 'symmetric-group' | 'x509-individual' | 'x509-group' | 'tpm';
const names = ['symmetric-individual', 'symmetric-group', 'x509-individual', 'x509-group'] as const;

async function made(name: RecipeName, offline = false): Promise<string> {
  const { labels } = await line.order(name, 1);
  line.emulator.switches.offline = offline;
  const serial = labels[0] ?? '';
  expect((await line.scan(1, serial)).outcome).toBe('passed');
  return serial;
}

const sync = async () =>
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, leased: 0, parked: 0 });

const look = async (text: string) => {
  const [unit] = await line.as('technician', 'unit.look', { text });
  if (!unit) throw new Error('no such unit');
  return unit;
};

/** The ends of a unit's credentials, the first one first. */
const endsOf = (serial: string): (CredentialEnd | null)[] =>
  line.station.records.db
    .prepare<[string], CredentialEnd | null>(
      `SELECT ended FROM credential JOIN unit ON unit.id = credential.unit JOIN disclosure s ON s.id = unit.serial
       WHERE s.value = ? ORDER BY credential.id`,
    )
    .pluck()
    .all(serial);

/** What the unit itself, with what it holds, gets from the service. */
async function registered(serial: string): Promise<string> {
  const { registrationId = '', recipe } = await look(serial);
  const { idScope } = line.emulator;
  const practice = join(line.folder, 'practice');
  const held = recipe.includes('x509') ? heldCertificate(practice, serial) : undefined;
  const attempt = held
    ? registerCertifiedDevice(line.emulator, { registrationId, idScope, cert: held.chain, key: held.key })
    : registerDevice(line.emulator, { registrationId, idScope, key: heldKey(practice, serial) ?? '' });
  return attempt.then(
    ({ status }) => status ?? 'none',
    (thrown: Error) => thrown.name,
  );
}

const openUnits = async () => (await line.as('auditor', 'unit.open', {})).rows.map(({ serial }) => serial);
/** What goes on right now is no damage. */
const content = async () => expect((await fsck(line.folder)).filter(({ kind }) => kind === 'damage')).toEqual([]);

test.each(names)('a unit of %s that is shipped has come to its end, and is not made again', async (name) => {
  const serial = await made(name);
  expect(await openUnits()).toContain(serial);
  expect(await look(serial)).toMatchObject({ standing: 'finished', credential: { end: 'open' } });
  await line.as('technician', 'unit.ship', { serial, scanned: serial });
  expect(await look(serial)).toMatchObject({
    standing: 'shipped',
    credential: { end: 'shipped' },
    may: ['unit.scrap'],
  });
  expect(await openUnits()).not.toContain(serial);
  await expect(line.as('technician', 'unit.ship', { serial })).rejects.toMatchObject({ code: 'unit.shipped' });
  await expect(line.as('lead', 'unit.rework', { serial })).rejects.toMatchObject({ code: 'unit.shipped' });
  await expect(line.as('technician', 'run.start', { lane: 1, serial })).rejects.toMatchObject({
    code: 'unit.finished',
  });
  await sync();
  await content();
});

test.each(names)(
  'a unit of %s is reworked with the same operation id and credential while that can be given again',
  async (name) => {
    const serial = await made(name, true);
    const before = await look(serial);
    await line.as('lead', 'unit.rework', { serial });
    expect(await look(serial)).toMatchObject({ standing: 'waiting', may: ['unit.scrap'] });
    await content();
    const again = await line.scan(1, serial);
    expect(again.outcome).toBe('passed');
    const after = await look(serial);
    expect(after.credential).toEqual(before.credential);
    expect(endsOf(serial)).toEqual([null]);
    line.emulator.switches.offline = false;
    await sync();
    expect(await registered(serial)).toBe('assigned');
    await content();
  },
);

test('once the cloud has its key, a unit gets another one in its place: two people, a new operation id, the entry changed', async () => {
  const serial = await made('symmetric-individual');
  await sync();
  const before = await look(serial);
  expect(before.may).toContain('unit.replace');
  await expect(line.as('lead', 'unit.rework', { serial })).rejects.toMatchObject({ code: 'unit.needs-replacement' });
  await expect(line.as('lead', 'unit.replace', { serial })).rejects.toMatchObject({ code: 'person.second-needed' });
  await line.agreed('lead', 'unit.replace', { serial });
  expect(await look(serial)).toMatchObject({ standing: 'waiting', replacing: true, credential: { end: 'open' } });
  await content();
  expect((await line.scan(1, serial)).outcome).toBe('passed');
  expect(endsOf(serial)).toEqual(['re-issued', null]);
  await sync();
  expect(await registered(serial)).toBe('assigned');
  const after = await look(serial);
  expect(after.credential?.operation).not.toBe(before.credential?.operation);
  const entry = line.entries().findLast(({ action }) => action === 'credential.released');
  expect(entry).toMatchObject({
    details: { operation: after.credential?.operation, replaces: before.credential?.operation },
  });
  await line.as('lead', 'unit.ship', { serial });
  expect(endsOf(serial)).toEqual(['re-issued', 'shipped']);
  await content();
});
