import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPublicArea } from '../../../../drivers/tpm/public.ts';
import { registrationIds } from '../../../../drivers/tpm/registration-id.ts';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { actor } from '../../../../station-core/practice.ts';
import { serviceClient } from '../../../suites/azure-sdk.ts';
import { publicOf, TestMaker, TpmLine, tpmRecipe } from '../../../suites/tpm-line.ts';

const maker = new TestMaker();
const stranger = new TestMaker('Another maker of TPMs');
let tpms: TpmLine;
beforeAll(async () => {
  tpms = await TpmLine.open([maker.root, stranger.root]);
});
afterAll(async () => {
  expect(tpms.line.log.incidents).toEqual([]);
  await tpms.line.close();
  expect(await fsck(tpms.line.folder).catch(() => [])).toEqual([]);
});

const recipe = tpmRecipe(maker);
const serial = () => `T-${randomBytes(4).toString('hex').toUpperCase()}`;
const keyOf = (id: string) => tpms.line.station.records.endorsements.ofRegistration(id)?.public ?? Buffer.alloc(0);
const release = (lane: number) => tpms.line.as('lead', 'lane.release', { lane });

test('a unit is enrolled by its endorsement key, under the registration ID of the SDKs', async () => {
  const run = await tpms.make(recipe, serial(), maker.make());
  expect(run).toMatchObject({ outcome: 'passed', facts: { ekCertificate: 'good', possession: true } });
  const key = keyOf(run.registrationId);
  expect(run.registrationId).toBe(registrationIds.sdk(key));
  expect(readPublicArea(key, 'EK').key).toMatchObject({ type: 'rsa' });
  expect(await tpms.line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, parked: 0 });
  const { responseBody } = await serviceClient(tpms.line.emulator).getIndividualEnrollment(run.registrationId);
  expect(responseBody.attestation).toMatchObject({ type: 'tpm', tpm: { endorsementKey: key.toString('base64') } });
});

test('the endorsement key stands in one place, and in the audit trail as a commitment alone (F-92)', async () => {
  const run = await tpms.make(recipe, serial(), maker.make());
  const key = keyOf(run.registrationId);
  const { db } = tpms.line.station.records;
  const dump = ['journal', 'outbox', 'audit_entry']
    .flatMap((table) => db.prepare(`SELECT * FROM ${table}`).all())
    .map((row) => JSON.stringify(row))
    .join('\n');
  for (const form of [key.toString('base64'), createHash('sha256').update(key).digest('hex'), run.registrationId]) {
    expect(dump).not.toContain(form);
  }
  const entry = tpms.line.entries().findLast(({ action }) => action === 'endorsement.claimed');
  expect(entry).toMatchObject({ details: { genuine: 'certificate', kind: 'rsa2048', simulated: true } });
});

test.each([
  ['{ekSha256}', (key: Buffer) => createHash('sha256').update(key).digest('hex')],
  ['gw-{serial}', (_: Buffer, name: string) => `gw-${name.toLowerCase()}`],
] as const)('a registration ID may be %s (F-94)', async (registrationId, expected) => {
  const name = serial();
  const run = await tpms.make({ ...recipe, registrationId }, name, maker.make());
  expect(run).toMatchObject({ outcome: 'passed' });
  expect(run.registrationId).toBe(expected(keyOf(run.registrationId), name));
});

test('a certificate for another endorsement key is refused as that', async () => {
  const other = maker.make();
  const run = await tpms.make(recipe, serial(), maker.make({}, publicOf(other)));
  expect(run).toMatchObject({ outcome: 'failed', error: { code: 'ek.certificate-other-key' } });
  expect(run.registrationId).toBe('');
});

test.each([
  ['expired', { from: -2 * 86_400_000, to: -86_400_000 }, 'ek.certificate-expired'],
  ['not valid yet', { from: 86_400_000 }, 'ek.certificate-expired'],
  ['for another purpose', { purpose: '1.3.6.1.5.5.7.3.2' }, 'ek.certificate-usage'],
  [
    'self-signed',
    { subject: [{ type: 'CN', value: 'me' }], issuer: [{ type: 'CN', value: 'me' }] },
    'ek.certificate-self-signed',
  ],
  ['of an issuer that nobody knows', { issuer: [{ type: 'CN', value: 'nobody' }] }, 'ek.root-unknown'],
] as const)('a certificate that is %s is refused by its own error', async (_, wishes, code) => {
  const run = await tpms.make(recipe, serial(), maker.make(wishes));
  expect(run).toMatchObject({ error: { code } });
  expect(run.outcome).not.toBe('passed');
});

test('a maker whose root the recipe does not pin is refused, although its root lies in the folder', async () => {
  const run = await tpms.make(recipe, serial(), stranger.make());
  expect(run).toMatchObject({ outcome: 'errored', error: { code: 'ek.root-unknown' } });
});

test('a TPM without a certificate is refused, unless the recipe asks for possession alone', async () => {
  const bare = { ...maker.make(), certificate: '' };
  expect(await tpms.make(recipe, serial(), bare)).toMatchObject({ error: { code: 'ek.certificate-missing' } });
  const run = await tpms.make(tpmRecipe(maker, { genuine: 'possession' }), serial(), bare);
  expect(run).toMatchObject({ outcome: 'passed', facts: { ekCertificate: 'missing', possession: true } });
  const noted = await tpms.make(tpmRecipe(maker, { genuine: 'none' }), serial(), { ...maker.make(), certificate: '' });
  expect(noted).toMatchObject({ outcome: 'passed', facts: { possession: false } });
});

test.each([
  ['in failure mode', 'failure-mode', 'tpm.failure-mode'],
  ['in lockout', 'lockout', 'tpm.lockout'],
  ['of version 1.2', 'tpm-1.2', 'tpm.version'],
  ['that answers garbage', 'silent-garbage', 'tpm.garbled'],
] as const)('a TPM %s has an error of its own', async (_, behaves, code) => {
  const run = await tpms.make(recipe, serial(), { ...maker.make(), behaves });
  expect(run).toMatchObject({ outcome: 'failed', error: { code } });
});

test('a TPM that does not answer is missing, and a unit that has none cannot', async () => {
  expect(await tpms.make(recipe, serial(), { port: 1 })).toMatchObject({ error: { code: 'tpm.missing' } });
  const name = serial();
  await tpms.order(recipe, [name]);
  expect(await tpms.line.scan(1, name)).toMatchObject({ error: { code: 'unit.cannot', details: { what: 'tpm' } } });
});

test('two units with one endorsement key stop the lane, with both named, until a lead has looked', async () => {
  const [first, second, third] = [serial(), serial(), serial()];
  const tpm = maker.make();
  expect(await tpms.make(recipe, first, tpm, 2)).toMatchObject({ outcome: 'passed' });
  const run = await tpms.make(recipe, second, tpm, 2);
  expect(run).toMatchObject({
    outcome: 'failed',
    error: { code: 'ek.taken', details: { serial: second, other: first } },
  });
  tpms.give(third, maker.make());
  await tpms.order(recipe, [third]);
  const refused = tpms.line.scan(2, third);
  await expect(refused).rejects.toMatchObject({ code: 'lane.stopped' });
  await expect(refused).rejects.toThrow(first);
  const { lanes } = await tpms.line.as('technician', 'station.view', {});
  expect(lanes[1]?.fault).toMatchObject({ code: 'lane.stopped' });
  // It stays stopped when the station starts anew, and other lanes go on.
  await tpms.line.stop();
  await tpms.line.start();
  await expect(tpms.line.scan(2, third)).rejects.toMatchObject({ code: 'lane.stopped' });
  await expect(tpms.line.as('technician', 'lane.release', { lane: 2 })).rejects.toMatchObject({
    code: 'person.not-allowed',
  });
  await release(2);
  expect(await tpms.line.scan(2, third)).toMatchObject({ outcome: 'passed' });
});

test('a unit whose endorsement key is another one than before is refused, and one that comes back with its own goes on', async () => {
  const name = serial();
  const [own, other] = [maker.make(), maker.make()];
  tpms.give(name, own);
  await tpms.order({ ...recipe, registrationId: 'again-{serial}' }, [name]);
  const { records } = tpms.line.station;
  const unit = records.units.bySerial(name)[0];
  expect(await tpms.line.scan(3, name)).toMatchObject({ outcome: 'passed' });
  // As if its verdict had never been written: the unit waits again, with its key claimed.
  await records.commits.commit(() =>
    records.db.prepare("UPDATE unit SET state = 'quarantined', finished_at = NULL WHERE id = ?").run(unit?.id),
  );
  await records.commits.commit(() =>
    records.db.prepare('UPDATE work_order SET finished = finished - 1 WHERE id = ?').run(unit?.order),
  );
  await tpms.line.line.remove(3);
  const { rmSync } = await import('node:fs');
  rmSync(`${tpms.line.folder}/practice/units/${name}.tpm`);
  tpms.give(name, other);
  expect(await tpms.line.scan(3, name)).toMatchObject({ error: { code: 'ek.changed', details: { serial: name } } });
  await release(3);
  await tpms.line.line.remove(3);
  rmSync(`${tpms.line.folder}/practice/units/${name}.tpm`);
  tpms.give(name, own);
  expect(await tpms.line.scan(3, name)).toMatchObject({ outcome: 'passed', facts: { endorsementKeyKnown: true } });
});

test('two units that say one MAC stop the lane, with both named', async () => {
  const mac = '02:AA:BB:CC:DD:01';
  const [first, second] = [serial(), serial()];
  for (const name of [first, second]) tpms.give(name, maker.make(), mac);
  await tpms.order(recipe, [first, second]);
  expect(await tpms.line.scan(1, first)).toMatchObject({ outcome: 'passed' });
  const run = await tpms.line.scan(1, second);
  expect(run).toMatchObject({ error: { code: 'unit.mac-taken', details: { serial: second, other: first } } });
  await expect(tpms.line.scan(1, second)).rejects.toMatchObject({ code: 'lane.stopped' });
  await release(1);
});

const security = async <M extends 'secret.set' | 'tpm.importList'>(method: M, params: object, secret?: Buffer) => {
  const { station } = tpms.line;
  const operation = { method, params: params as Record<string, string> };
  const { approval } = await station.call('approvals.approve', operation, { actor: actor(station, 'lead') });
  return station.call(method, params, {
    actor: actor(station, 'security-officer'),
    approval,
    ...(secret ? { secret } : {}),
  });
};

test('ownership is taken by a secret that the recipe names, once, and noted before it is', async () => {
  const owning = tpmRecipe(maker, { takeOwnership: 'tpm-owner' });
  const name = serial();
  const missing = await tpms.make(owning, name, maker.make());
  expect(missing).toMatchObject({ error: { code: 'secret.unknown', details: { name: 'tpm-owner' } } });
  const secret = Buffer.from('owner of this TPM');
  await expect(tpms.line.as('security-officer', 'secret.set', { name: 'tpm-owner' })).rejects.toMatchObject({
    code: 'person.second-needed',
  });
  expect(await security('secret.set', { name: 'tpm-owner' }, secret)).toEqual({ name: 'tpm-owner' });
  expect(await tpms.line.scan(1, name)).toMatchObject({ outcome: 'passed', facts: { ownershipTaken: true } });
  const actions = tpms.line.entries().map(({ action }) => action);
  expect(actions).toContain('tpm.ownership-begun');
  expect(await tpms.line.as('auditor', 'secret.list', {})).toMatchObject([{ name: 'tpm-owner' }]);
  const rows = JSON.stringify(tpms.line.station.records.db.prepare('SELECT * FROM named_secret').all());
  expect(rows).not.toContain(secret.toString('hex'));
});

test.each(['sealed', 'channel'] as const)('a key that is delivered %s is proven by its unit', async (delivery) => {
  const secretRecipe = tpmRecipe(
    maker,
    {},
    {
      name: `key-${delivery}`,
      registrationId: 'key-{serial}',
      attestation: { type: 'symmetricKey', scope: 'individual' },
      delivery,
    },
  );
  const run = await tpms.make(secretRecipe, serial(), maker.make());
  expect(run).toMatchObject({ outcome: 'passed', facts: { delivery, proven: true, possession: true } });
  const entry = tpms.line.entries().findLast(({ action }) => action === 'credential.released');
  expect(entry).toMatchObject({ details: { delivery } });
});

test('a key is not delivered sealed to a TPM that did not open the challenge', async () => {
  const name = serial();
  const secretRecipe = tpmRecipe(
    maker,
    {},
    {
      registrationId: 'key-{serial}',
      attestation: { type: 'symmetricKey', scope: 'individual' },
      delivery: 'sealed',
    },
  );
  const run = await tpms.make(secretRecipe, name, maker.make({}, publicOf(maker.make())));
  expect(run).toMatchObject({ outcome: 'failed', error: { code: 'ek.certificate-other-key' } });
  expect(run.steps.find((step) => step.name === 'release')).toMatchObject({ state: 'waiting' });
});

test('a maker’s list is enrolled early, its keys are matched when their units are seen, and others stop the lane (F-102)', async () => {
  const [listed, unlisted] = [maker.make(), maker.make()];
  const [first, second] = [serial(), serial()];
  // What the maker would have read out of its own TPM.
  const scout = await tpms.make(
    tpmRecipe(maker, { genuine: 'none' }, { registrationId: 'scout-{serial}' }),
    serial(),
    listed,
  );
  const key = keyOf(scout.registrationId).toString('base64');
  const text = `endorsementKey\n${key}\n`;
  const call = { list: 'spring-lot', name: 'keys.csv', text, recipe };
  await expect(security('tpm.importList', call)).rejects.toMatchObject({ code: 'input.invalid' });
  const fresh = maker.make();
  const spare = await enrolledKey(fresh);
  const list = { ...call, text: JSON.stringify([{ endorsementKey: spare }]) };
  expect(await security('tpm.importList', list)).toEqual({ list: 'spring-lot', keys: 1, enrolled: 1 });
  await tpms.line.as('lead', 'sync.run', {});
  const id = registrationIds.sdk(Buffer.from(spare, 'base64'));
  const { responseBody } = await serviceClient(tpms.line.emulator).getIndividualEnrollment(id);
  expect(responseBody.attestation).toMatchObject({ tpm: { endorsementKey: spare } });
  const fromList = tpmRecipe(maker, { list: 'spring-lot' });
  expect(await tpms.make(fromList, first, fresh)).toMatchObject({ outcome: 'passed' });
  expect(await tpms.line.as('auditor', 'tpm.lists', {})).toEqual([{ list: 'spring-lot', keys: 1, seen: 1 }]);
  // The unit's own row finds the entry there, and the same.
  expect(await tpms.line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, parked: 0 });
  const run = await tpms.make(fromList, second, unlisted);
  expect(run).toMatchObject({ outcome: 'failed', error: { code: 'ek.not-listed', details: { list: 'spring-lot' } } });
  await release(1);
});

/** The endorsement key of a TPM in DPS's form, as its maker's list has it: TPM2B_PUBLIC of the low range template. */
async function enrolledKey(tpm: { readonly ekKey: string }): Promise<string> {
  const { n = '' } = publicOf(tpm).export({ format: 'jwk' });
  const { ekTemplate } = await import('../../../../drivers/tpm/templates.ts');
  const area = Buffer.concat([ekTemplate('rsa2048').subarray(0, -256), Buffer.from(n, 'base64url')]);
  const size = Buffer.alloc(2);
  size.writeUInt16BE(area.length);
  return Buffer.concat([size, area]).toString('base64');
}

test.each([
  ['no CSV', 'a,b\n1,2\n', /a header with the column endorsementKey/],
  ['no base64', 'endorsementKey\n!!!!\n', /line 2, endorsementKey: expected base64/],
  ['a key that is cut short', `endorsementKey\n${'AToAAQAL'}\n`, /line 2, endorsementKey/],
  ['no JSON', '[{', /expected JSON/],
  ['an empty list', '[]', /keys: expected/],
] as const)('a list that is %s is refused at its place, and nothing of it is kept', async (_, text, place) => {
  const before = tpms.line.station.records.endorsements.lists();
  await expect(security('tpm.importList', { list: 'bad', name: 'keys', text })).rejects.toThrow(place);
  expect(tpms.line.station.records.endorsements.lists()).toEqual(before);
});

test('a unit that was scrapped is disabled in the cloud by its endorsement key', async () => {
  const name = serial();
  const run = await tpms.make(recipe, name, maker.make());
  const { station } = tpms.line;
  const params = { serial: name, reason: 'keyCompromise' } as const;
  const operation = { method: 'unit.scrap', params };
  const { approval } = await station.call('approvals.approve', operation, {
    actor: actor(station, 'security-officer'),
  });
  await station.call('unit.scrap', params, { actor: actor(station, 'lead'), approval });
  expect(await tpms.line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, parked: 0 });
  const { responseBody } = await serviceClient(tpms.line.emulator).getIndividualEnrollment(run.registrationId);
  expect(responseBody).toMatchObject({ provisioningStatus: 'disabled', attestation: { type: 'tpm' } });
});
