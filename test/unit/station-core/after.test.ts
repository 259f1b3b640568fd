import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CredentialEnd } from '../../../station-core/contract/after.ts';
import type { Recipe } from '../../../station-core/contract/recipe.ts';
import { fsck } from '../../../station-core/fsck/fsck.ts';
import { makeOrder, recipeOf } from '../../../station-core/practice.ts';
import { registerCertifiedDevice, registerDevice } from '../../suites/azure-sdk.ts';
import { clearValuesIn } from '../../suites/entries.ts';
import { heldCertificate, heldKey } from '../../suites/held-key.ts';
import { abortAtRelease } from '../../suites/released.ts';
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

/** A call that was on its way while the network was gone may end the first run; the second has nothing in its way. */
async function sync(): Promise<void> {
  await line.as('lead', 'sync.run', {});
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, leased: 0, parked: 0 });
}

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

test('a unit that waits to be made once more when its receipt comes needs another credential, and says so', async () => {
  const serial = await made('symmetric-individual', true);
  await line.as('lead', 'unit.rework', { serial });
  line.emulator.switches.offline = false;
  await sync();
  await content();
  expect(await line.scan(1, serial)).toMatchObject({ outcome: 'errored', error: { code: 'unit.needs-replacement' } });
  expect(await look(serial)).toMatchObject({ standing: 'waiting', may: ['unit.replace', 'unit.scrap'] });
  await line.agreed('lead', 'unit.replace', { serial });
  expect((await line.scan(1, serial)).outcome).toBe('passed');
  await sync();
  expect(await registered(serial)).toBe('assigned');
  expect(endsOf(serial)).toEqual(['re-issued', null]);
  await content();
});

test('a key that the station made for a certificate is replaced: the old certificate is revoked, the entry has the new one alone', async () => {
  const base = await recipeOf(line.station, 'x509-individual');
  if (base.attestation.type !== 'x509' || !('profile' in base.attestation)) throw new Error('another recipe');
  const attestation = { ...base.attestation, key: { ...base.attestation.key, source: 'station' as const } };
  const [serial = ''] = await orderOf('x509-individual', { name: 'x509-made', attestation });
  expect((await line.scan(1, serial)).outcome).toBe('passed');
  await sync();
  const practice = join(line.folder, 'practice');
  const old = heldCertificate(practice, serial);
  await line.agreed('lead', 'unit.replace', { serial });
  expect((await line.scan(1, serial)).outcome).toBe('passed');
  await sync();
  expect(await registered(serial)).toBe('assigned');
  const { registrationId = '' } = await look(serial);
  const device = { registrationId, idScope: line.emulator.idScope, cert: old.chain, key: old.key };
  await expect(registerCertifiedDevice(line.emulator, device)).rejects.toThrow();
  const [story] = await line.as('lead', 'unit.story', { serial });
  expect(story?.certificates.map(({ revoked }) => revoked?.reason)).toEqual([undefined, 'superseded']);
  expect(story?.credentials.map(({ ended }) => ended)).toEqual([null, 're-issued']);
  await content();
});

/** Labels of an order by a practice recipe with more in it, under a name of its own. */
async function orderOf(name: RecipeName, more: Partial<Recipe>, units = 1): Promise<readonly string[]> {
  const recipe = { ...(await recipeOf(line.station, name)), ...more };
  return (await makeOrder(line.station, recipe, units)).labels;
}

test('a unit in quarantine is let out by a lead who says why, and no name stands in the reason', async () => {
  const { labels } = await line.order('symmetric-individual', 1);
  const serial = labels[0] ?? '';
  const stop = abortAtRelease(line);
  expect((await line.scan(1, serial)).outcome).toBe('indeterminate');
  stop();
  expect(await look(serial)).toMatchObject({ standing: 'quarantined', may: ['unit.release', 'unit.scrap'] });
  await expect(line.as('technician', 'unit.ship', { serial })).rejects.toMatchObject({ code: 'input.invalid' });
  const named = line.as('lead', 'unit.release', { serial, reason: `${serial.toLowerCase()} is fine` });
  await expect(named).rejects.toMatchObject({ code: 'input.invalid', details: { place: 'reason' } });
  await expect(line.as('technician', 'unit.release', { serial, reason: 'fine' })).rejects.toMatchObject({
    code: 'person.not-allowed',
  });
  await line.as('lead', 'unit.release', { serial, reason: 'the fixture lost its contact' });
  expect(await look(serial)).toMatchObject({ standing: 'waiting' });
  await content();
  expect((await line.scan(1, serial)).outcome).toBe('passed');
  expect(endsOf(serial)).toEqual([null]);
  await sync();
  await content();
});

test.each(names)(
  'a unit of %s that is scrapped has its credential void, its certificates revoked, and is shut out',
  async (name) => {
    const serial = await made(name);
    await sync();
    expect(await registered(serial)).toBe('assigned');
    await expect(line.as('lead', 'unit.scrap', { serial, reason: 'unspecified' })).rejects.toMatchObject({
      code: 'person.second-needed',
    });
    await line.agreed('lead', 'unit.scrap', { serial, reason: 'cessationOfOperation' });
    expect(endsOf(serial)).toEqual(['void']);
    expect(await look(serial)).toMatchObject({ standing: 'scrapped', may: [], credential: { end: 'void' } });
    await sync();
    expect(await registered(serial)).not.toBe('assigned');
    expect(await openUnits()).not.toContain(serial);
    const [story] = await line.as('lead', 'unit.story', { serial });
    expect(story?.certificates.filter(({ revoked }) => !revoked)).toEqual([]);
    await content();
  },
);

test('a unit that was shipped and came back can be scrapped: its credential is void then', async () => {
  const serial = await made('symmetric-group');
  await line.as('lead', 'unit.ship', { serial });
  await line.agreed('lead', 'unit.scrap', { serial, reason: 'unspecified' });
  expect(endsOf(serial)).toEqual(['void']);
  await sync();
  await content();
});

test('a unit with a TPM has its endorsement key on record, ships, and is made again with the same', async () => {
  const serial = await made('tpm');
  expect(await look(serial)).toMatchObject({
    packing: [
      { check: 'key', holds: true },
      { check: 'cloud', holds: true },
    ],
  });
  await line.as('lead', 'unit.rework', { serial });
  expect((await line.scan(1, serial)).outcome).toBe('passed');
  await sync();
  await line.as('technician', 'unit.ship', { serial });
  expect(await openUnits()).not.toContain(serial);
  await content();
});

test('a label that is scanned at the packing bench must be that of exactly this unit', async () => {
  const [serial = '', other = ''] = await orderOf('symmetric-group', { name: 'packed', packing: { scan: true } }, 2);
  for (const one of [serial, other]) expect((await line.scan(1, one)).outcome).toBe('passed');
  const ship = (scanned?: string) =>
    line.as('technician', 'unit.ship', { serial, ...(scanned === undefined ? {} : { scanned }) });
  for (const wrong of [undefined, other, `${serial}0`, ` ${serial}`]) {
    await expect(ship(wrong)).rejects.toMatchObject({ code: 'packing.label' });
  }
  const { registrationId = '' } = await look(serial);
  await ship(registrationId.toUpperCase());
  expect(line.entries().findLast(({ action }) => action === 'unit.shipped')).toMatchObject({
    details: { scanned: true },
  });
});

test('a certificate must be good for the year in the warehouse, and the cloud must have answered', async () => {
  const base = await recipeOf(line.station, 'x509-individual');
  if (base.attestation.type !== 'x509' || !('profile' in base.attestation)) throw new Error('another recipe');
  const attestation = { ...base.attestation, profile: { ...base.attestation.profile, validityDays: 200 } };
  const [short = ''] = await orderOf('x509-individual', { name: 'short', attestation, packing: {} });
  expect((await line.scan(1, short)).outcome).toBe('passed');
  expect(await look(short)).toMatchObject({
    packing: [
      { check: 'validity', holds: false },
      { check: 'cloud', holds: true },
    ],
  });
  await expect(line.as('technician', 'unit.ship', { serial: short })).rejects.toMatchObject({
    code: 'packing.short-lived',
    details: { days: 199, wanted: 365 },
  });
  const packing = { remainingDays: 150, receipt: true };
  const [serial = ''] = await orderOf('x509-individual', { name: 'received', attestation, packing });
  line.emulator.switches.offline = true;
  expect((await line.scan(1, serial)).outcome).toBe('passed');
  await expect(line.as('technician', 'unit.ship', { serial })).rejects.toMatchObject({ code: 'packing.no-receipt' });
  line.emulator.switches.offline = false;
  await sync();
  await line.as('lead', 'unit.disable', { serial });
  await sync();
  await expect(line.as('technician', 'unit.ship', { serial })).rejects.toMatchObject({ code: 'packing.shut-out' });
  await line.as('lead', 'unit.enable', { serial });
  await sync();
  await line.as('technician', 'unit.ship', { serial });
});

test('the first unit of a version holds all others until a lead approved it; one that is scrapped is not the first', async () => {
  const labels = await orderOf('symmetric-group', { name: 'article', firstArticle: true }, 4);
  const [first = '', second = '', third = ''] = labels;
  const recipe = (await line.as('lead', 'recipes.list', {})).find(({ name }) => name === 'article')?.hash ?? '';
  const approve = () => line.as('lead', 'recipes.approveFirst', { recipe });
  await expect(approve()).rejects.toMatchObject({ code: 'input.invalid' });
  expect((await line.scan(1, first)).outcome).toBe('passed');
  await expect(line.scan(1, second)).rejects.toMatchObject({ code: 'order.first-article', details: { serial: first } });
  await line.agreed('lead', 'unit.scrap', { serial: first, reason: 'unspecified' });
  expect((await line.scan(1, second)).outcome).toBe('passed');
  await expect(line.scan(1, third)).rejects.toMatchObject({ code: 'order.first-article', details: { serial: second } });
  const listed = async () => (await line.as('lead', 'recipes.list', {})).find(({ name }) => name === 'article');
  expect(await listed()).toMatchObject({ first: { serial: second, approvedAt: null } });
  await expect(line.as('technician', 'recipes.approveFirst', { recipe })).rejects.toMatchObject({
    code: 'person.not-allowed',
  });
  await approve();
  await approve();
  expect(line.entries().filter(({ action }) => action === 'recipe.first-approved')).toHaveLength(1);
  expect((await listed())?.first?.approvedAt).toEqual(expect.any(String));
  expect((await line.scan(1, third)).outcome).toBe('passed');
  await content();
});

test('no clear name stands in an entry about what became of units', () => {
  expect(clearValuesIn(line.station.records.db)).toEqual([]);
});
