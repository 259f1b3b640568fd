import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPems, writePem } from '../../../drivers/asn1/pem.ts';
import { fsck } from '../../../station-core/fsck/fsck.ts';
import { uploadBy } from '../../../station-core/practice-ca.ts';
import { registerCertifiedDevice } from '../../suites/azure-sdk.ts';
import { heldCertificate } from '../../suites/held-key.ts';
import { clientOf, TestStation } from '../../suites/station.ts';

let line: TestStation;
let group: string;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
  line.emulator.switches.retryAfterSeconds = 0;
  line.emulator.switches.pageSize = 2;
});
afterAll(() => line.close());

type Made = { readonly serial: string; readonly registrationId: string };

async function made(units: number): Promise<Made[]> {
  const { labels } = await line.order('x509-group', units);
  const all: Made[] = [];
  for (const serial of labels) {
    const { outcome, registrationId } = await line.scan(1, serial);
    expect(outcome).toBe('passed');
    all.push({ serial, registrationId });
  }
  await sync();
  const { attestation } = line.station.records.units.bySerial(labels[0] ?? '')[0]?.recipe ?? {};
  group = attestation?.scope === 'group' ? attestation.group : '';
  return all;
}

async function sync(): Promise<void> {
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, leased: 0, parked: 0 });
}

async function registered({ serial, registrationId }: Made): Promise<string> {
  const { key, chain } = heldCertificate(join(line.folder, 'practice'), serial);
  const { idScope } = line.emulator;
  return registerCertifiedDevice(line.emulator, { registrationId, idScope, cert: chain, key }).then(
    ({ status }) => status ?? 'none',
    (thrown: Error) => thrown.name,
  );
}

const groupThere = async () => {
  const client = clientOf(line.emulator);
  const found = await client.getGroup(group, AbortSignal.timeout(10_000));
  client.close();
  return found;
};

test('a group is disabled and enabled with all its units, and keeps its certificate', async () => {
  const [unit] = await made(1);
  if (!unit) throw new Error('no unit');
  expect(await registered(unit)).toBe('assigned');
  const before = await groupThere();
  await line.agreed('lead', 'group.disable', { group });
  await sync();
  expect(await registered(unit)).not.toBe('assigned');
  await line.agreed('lead', 'group.enable', { group });
  await sync();
  expect(await registered(unit)).toBe('assigned');
  expect((await groupThere())?.attestation).toEqual(before?.attestation);
});

test('another intermediate goes into the secondary slot, and its units and the old ones register', async () => {
  const [unit] = await made(1);
  if (!unit) throw new Error('no unit');
  const name = 'second-ca';
  await line.agreed('security-officer', 'ca.begin', { name, algorithm: 'p256', subject: { CN: 'Second CA' } });
  await line.as('auditor', 'ca.witness', { name });
  const { chain } = await line.agreed('security-officer', 'ca.practiceSign', { name });
  await line.agreed('security-officer', 'ca.import', { name, chain });
  const certificate = readPems(chain, 'chain')[0]?.der ?? Buffer.alloc(0);
  await uploadBy(line.emulator)(name, writePem('CERTIFICATE', certificate), async (code) => {
    return (await line.agreed('security-officer', 'ca.verify', { name, code })).certificate;
  });
  const before = await groupThere();
  await line.agreed('security-officer', 'group.roll', { group, issuer: name });
  await sync();
  const after = (await groupThere())?.attestation.x509?.signingCertificates;
  expect(after?.primary.info).toEqual(before?.attestation.x509?.signingCertificates?.primary.info);
  expect(after?.secondary?.info.subjectName).toContain('Second CA');
  expect(await registered(unit)).toBe('assigned');
  // Asked again, nothing changes.
  const { etag } = (await groupThere()) ?? {};
  await line.agreed('security-officer', 'group.roll', { group, issuer: name });
  await sync();
  expect((await groupThere())?.etag).toBe(etag);
});

test('a group is deleted after the registration records of all its units, over several pages', async () => {
  const units = await made(5);
  for (const unit of units) expect(await registered(unit)).toBe('assigned');
  await line.agreed('lead', 'group.delete', { group });
  await sync();
  expect(await groupThere()).toBeUndefined();
  const client = clientOf(line.emulator);
  for (const { registrationId } of units)
    expect(await client.getRegistration(registrationId, AbortSignal.timeout(10_000))).toBeUndefined();
  client.close();
  expect(await registered(units[0] as Made)).not.toBe('assigned');
});

test('groups of others and groups with symmetric keys are left alone, and every change has its entry', async () => {
  await expect(line.agreed('lead', 'group.disable', { group: 'nobody' })).rejects.toMatchObject({
    code: 'group.unknown',
  });
  const { labels } = await line.order('symmetric-group', 1);
  const { attestation } = line.station.records.units.bySerial(labels[0] ?? '')[0]?.recipe ?? {};
  const symmetric = attestation?.scope === 'group' ? attestation.group : '';
  await expect(line.agreed('lead', 'group.delete', { group: symmetric })).rejects.toMatchObject({
    code: 'recipe.unsupported',
  });
  const actions = line.entries().map(({ action }) => action);
  for (const action of ['group.disabled', 'group.enabled', 'group.rolled', 'group.deleted']) {
    expect(actions).toContain(action);
  }
  expect(line.log.incidents).toEqual([]);
  expect(await fsck(line.folder)).toEqual([]);
});
