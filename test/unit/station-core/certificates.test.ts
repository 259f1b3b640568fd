import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assemble, writeCsrInfo } from '../../../drivers/asn1/csr.ts';
import { readPems, writePem } from '../../../drivers/asn1/pem.ts';
import type { Method, Params, Result } from '../../../station-core/contract/api.ts';
import { isIssued } from '../../../station-core/contract/recipe.ts';
import type { Role } from '../../../station-core/contract/record.ts';
import { fsck } from '../../../station-core/fsck/fsck.ts';
import { actor, recipeOf } from '../../../station-core/practice.ts';
import { registerCertifiedDevice, serviceClient } from '../../suites/azure-sdk.ts';
import { heldCertificate } from '../../suites/held-key.ts';
import { TestStation } from '../../suites/station.ts';

let line: TestStation;
let scratch: string;
beforeAll(async () => {
  line = await TestStation.open();
  scratch = mkdtempSync(join(tmpdir(), 'birthmark-certificates-'));
});
afterAll(async () => {
  await line.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** A call that a second person approves. */
async function withSecond<M extends Method>(first: Role, method: M, params: Params<M>): Promise<Result<M>> {
  const second = first === 'lead' ? 'security-officer' : 'lead';
  const { approval } = await line.as(second, 'approvals.approve', { method, params });
  return line.station.call(method, params, { actor: actor(line.station, first), approval });
}

type Made = { readonly label: string; readonly registrationId: string; readonly certificate: number };

async function made(name: 'x509-group' | 'x509-individual'): Promise<Made> {
  const { labels } = await line.order(name, 1);
  const label = labels[0] ?? '';
  const { outcome, registrationId } = await line.scan(1, label);
  expect(outcome).toBe('passed');
  await line.as('lead', 'sync.run', {});
  const [found] = await line.as('auditor', 'ca.find', { registrationId });
  return { label, registrationId, certificate: found?.id ?? 0 };
}

const held = (label: string) => heldCertificate(join(line.folder, 'practice'), label);
const register = ({ registrationId, label }: Made, chain = held(label).chain) =>
  registerCertifiedDevice(line.emulator, {
    registrationId,
    idScope: line.emulator.idScope,
    cert: chain,
    key: held(label).key,
  });

function file(name: string, text: string): string {
  writeFileSync(join(scratch, name), text);
  return join(scratch, name);
}

test('certificates are found by serial number, unit, order and date', async () => {
  const { label, registrationId, certificate } = await made('x509-group');
  const find = (params: Params<'ca.find'>) => line.as('lead', 'ca.find', params);
  const [one] = await find({ id: certificate });
  if (!one?.order) throw new Error('the certificate was not found');
  for (const asked of [
    { serialNumber: one.serialNumber },
    { unit: label },
    { registrationId: registrationId.toUpperCase() },
    { order: one.order, state: 'issued' as const },
  ]) {
    expect(await find(asked)).toMatchObject([{ id: certificate, state: 'issued' }]);
  }
  expect(await find({ from: '2000-01-01', to: '2000-12-31' })).toEqual([]);
  expect(await find({ expiresBefore: '2020-01-01' })).toEqual([]);
  expect((await find({ issuer: 'practice-ca', from: '2020-01-01' })).map(({ id }) => id)).toContain(certificate);
});

test('a renewed leaf keeps CN and key, goes into the secondary slot, and both register', async () => {
  const unit = await made('x509-individual');
  const { certificate, chain } = await withSecond('security-officer', 'ca.renew', { certificate: unit.certificate });
  await line.as('lead', 'sync.run', {});
  const [before, after] = [new X509Certificate(held(unit.label).chain), new X509Certificate(chain)];
  expect(after.subject).toBe(before.subject);
  expect(after.serialNumber).not.toBe(before.serialNumber);
  expect(after.publicKey.equals(before.publicKey)).toBe(true);
  const thumbprint = (one: X509Certificate) => one.fingerprint256.replaceAll(':', '');
  const { responseBody: entry } = await serviceClient(line.emulator).getIndividualEnrollment(unit.registrationId);
  const { primary, secondary } = (
    entry.attestation as unknown as {
      x509: { clientCertificates: Record<string, { info: { sha256Thumbprint: string } }> };
    }
  ).x509.clientCertificates;
  expect([primary?.info.sha256Thumbprint, secondary?.info.sha256Thumbprint]).toEqual([
    thumbprint(before),
    thumbprint(after),
  ]);
  expect((await register(unit)).status).toBe('assigned');
  expect((await register(unit, chain)).status).toBe('assigned');
  expect(certificate.state).toBe('issued');
});

test('what is revoked stands on the CRL, and openssl then refuses it', async () => {
  const unit = await made('x509-group');
  const revoked = await withSecond('security-officer', 'ca.revoke', {
    certificate: unit.certificate,
    reason: 'keyCompromise',
  });
  expect(revoked).toMatchObject({ state: 'revoked', revoked: { reason: 'keyCompromise' } });
  const again = withSecond('security-officer', 'ca.revoke', { certificate: unit.certificate, reason: 'superseded' });
  await expect(again).rejects.toMatchObject({ code: 'ca.no-certificate' });
  const first = await line.as('lead', 'ca.crl', { name: 'practice-ca' });
  const { crl, number } = await line.as('lead', 'ca.crl', { name: 'practice-ca' });
  expect(number).toBe(first.number + 1);
  const [leaf, intermediate, root] = readPems(held(unit.label).chain, 'chain').map(({ der }) =>
    writePem('CERTIFICATE', der),
  );
  const files = {
    leaf: file('leaf.pem', leaf ?? ''),
    ca: file('ca.pem', `${intermediate}${root}`),
    crl: file('crl.pem', crl),
  };
  const openssl = (...args: string[]) => execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });
  expect(openssl('crl', '-in', files.crl, '-CAfile', files.ca, '-noout', '-text')).toMatch(/Key Compromise/);
  expect(openssl('verify', '-x509_strict', '-CAfile', files.ca, files.leaf)).toContain('OK');
  const checked = () => openssl('verify', '-crl_check', '-CAfile', files.ca, '-CRLfile', files.crl, files.leaf);
  expect(checked).toThrow(/certificate revoked/);
});

test.each(['x509-group', 'x509-individual', 'symmetric-group', 'symmetric-individual'] as const)(
  'a scrapped unit of %s is disabled in the cloud and never made again',
  async (name) => {
    const { labels } = await line.order(name, 1);
    const label = labels[0] ?? '';
    const { registrationId } = await line.scan(1, label);
    await line.as('lead', 'sync.run', {});
    await withSecond('lead', 'unit.scrap', { serial: label, reason: 'cessationOfOperation' });
    await line.as('lead', 'sync.run', {});
    expect(await line.as('lead', 'sync.parked', {})).toEqual([]);
    const { responseBody: entry } = await serviceClient(line.emulator).getIndividualEnrollment(registrationId);
    expect(entry.provisioningStatus).toBe('disabled');
    expect((await line.as('auditor', 'ca.find', { registrationId })).every(({ state }) => state === 'revoked')).toBe(
      true,
    );
    const certified = name.startsWith('x509');
    if (certified) await expect(register({ label, registrationId, certificate: 0 })).rejects.toThrow();
    await expect(withSecond('lead', 'unit.scrap', { serial: label, reason: 'unspecified' })).rejects.toMatchObject({
      code: 'unit.scrapped',
    });
  },
);

test('a unit that was scrapped before it was finished cannot be made', async () => {
  const { labels } = await line.order('x509-group', 1);
  await withSecond('lead', 'unit.scrap', { serial: labels[0] ?? '', reason: 'unspecified' });
  await expect(line.scan(1, labels[0] ?? '')).rejects.toMatchObject({ code: 'unit.scrapped' });
});

function csrFor(commonName: string): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const info = writeCsrInfo([{ type: 'CN', value: commonName }], publicKey.export({ type: 'spki', format: 'der' }));
  return writePem('CERTIFICATE REQUEST', assemble(info, 'ecdsa-sha256', sign('sha256', info, privateKey)));
}

test('a module gets a certificate whose CN is device and module (F-12)', async () => {
  const { registrationId } = await made('x509-group');
  const csr = csrFor(`${registrationId}/camera`);
  const { certificate, chain } = await line.as('lead', 'ca.module', { registrationId, module: 'camera', csr });
  expect(new X509Certificate(chain).subject).toBe(`CN=${registrationId}/camera`);
  expect(certificate).toMatchObject({ purpose: 'module', state: 'issued' });
  const other = line.as('lead', 'ca.module', { registrationId, module: 'mic', csr });
  await expect(other).rejects.toMatchObject({ code: 'ca.csr-refused' });
  const long = line.as('lead', 'ca.module', { registrationId, module: 'm'.repeat(60), csr });
  await expect(long).rejects.toMatchObject({ code: 'identity.invalid' });
  const nobody = line.as('lead', 'ca.module', { registrationId: 'nobody', module: 'm', csr });
  await expect(nobody).rejects.toMatchObject({ code: 'unit.unknown' });
});

test('a quota of the issuer stops issuing, says so, and a higher one lets it go on', async () => {
  const [before] = await line.as('auditor', 'ca.list', {});
  const { issued = 0 } = (await line.as('auditor', 'ca.list', {})).find(({ name }) => name === 'practice-ca') ?? {};
  expect(before).toBeDefined();
  const view = await withSecond('security-officer', 'ca.quota', { name: 'practice-ca', quota: issued });
  expect(view.warnings.join()).toContain('of its quota');
  const { labels } = await line.order('x509-group', 1);
  const refused = await line.scan(1, labels[0] ?? '');
  expect(refused).toMatchObject({ outcome: 'errored', error: { code: 'ca.quota' } });
  await withSecond('security-officer', 'ca.quota', { name: 'practice-ca', quota: null });
  expect((await line.scan(1, labels[0] ?? '')).outcome).toBe('passed');
});

test('an order says what a person should know: leaves that may expire in a warehouse, device IDs that are not the CN', async () => {
  const recipe = await recipeOf(line.station, 'x509-individual');
  const { attestation } = recipe;
  if (attestation.type !== 'x509' || !isIssued(attestation)) throw new Error('not an X.509 recipe');
  const short = { ...attestation, profile: { ...attestation.profile, validityDays: 90 } };
  const order = (name: string, changed: object) =>
    line.as('lead', 'orders.create', {
      name,
      recipe: { ...recipe, name, attestation: changed },
      units: [{ serial: name, mac: '02:00:00:00:00:01' }],
    });
  expect((await order('short', short)).warnings).toEqual([expect.stringContaining('90 days')]);
  const other = await order('other', { ...attestation, enrollment: { deviceId: 'd-{serial}' } });
  expect(other.warnings).toEqual([expect.stringContaining('F-07')]);
  const yearly = { ...short, profile: { ...short.profile, warehouseMonths: 2 } };
  expect((await order('yearly', yearly)).warnings).toEqual([]);
});

test('an issuer that is retired signs no leaf and still signs CRLs; destroyed, it signs nothing, and its key is gone', async () => {
  const { labels } = await line.order('x509-group', 1);
  await withSecond('security-officer', 'ca.retire', { name: 'practice-ca' });
  expect(await line.scan(1, labels[0] ?? '')).toMatchObject({ outcome: 'errored', error: { code: 'ca.not-ready' } });
  await line.as('lead', 'ca.crl', { name: 'practice-ca' });
  const keys = async () =>
    (await line.station.parts.hsm.list()).map(({ label }) => label).filter((label) => label.startsWith('practice-ca'));
  expect(await keys()).toHaveLength(1);
  const { crl } = await withSecond('security-officer', 'ca.destroy', { name: 'practice-ca' });
  expect(crl).toContain('BEGIN X509 CRL');
  expect(await keys()).toEqual([]);
  await expect(line.as('lead', 'ca.crl', { name: 'practice-ca' })).rejects.toMatchObject({ code: 'ca.not-ready' });
  expect(await fsck(line.folder)).toEqual([]);
  expect(line.log.incidents).toEqual([]);
});
