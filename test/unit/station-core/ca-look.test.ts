import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Method, Params, Result } from '../../../station-core/contract/api.ts';
import type { CertificateView, ExpiringPage } from '../../../station-core/contract/ca.ts';
import { actor } from '../../../station-core/practice.ts';
import { TestStation } from '../../suites/station.ts';

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ lanes: 1 });
});
afterAll(() => line.close());

async function withSecond<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
  const { approval } = await line.as('lead', 'approvals.approve', { method, params });
  return line.station.call(method, params, { actor: actor(line.station, 'security-officer'), approval });
}

const lead = () => actor(line.station, 'lead').name;
const officer = () => actor(line.station, 'security-officer').name;
const auditor = () => actor(line.station, 'auditor').name;

test('how far a ceremony came is shown before and after its witness, also after a restart', async () => {
  await withSecond('ca.begin', { name: 'looked-at', algorithm: 'p256', subject: { CN: 'Looked at' } });
  await line.stop();
  await line.start();
  const begun = await line.as('auditor', 'ca.ceremony', { name: 'looked-at' });
  expect(begun).toMatchObject({ custodians: [officer(), lead()], key: { attributes: { sign: true, local: true } } });
  expect(begun.witnessed).toBeUndefined();
  await line.as('auditor', 'ca.witness', { name: 'looked-at' });
  const after = await line.as('auditor', 'ca.ceremony', { name: 'looked-at' });
  expect(after).toMatchObject({ at: begun.at, witnessed: { by: auditor() } });
  expect(after.imported).toBeUndefined();
  const { chain } = await withSecond('ca.practiceSign', { name: 'looked-at' });
  await withSecond('ca.import', { name: 'looked-at', chain });
  const { imported } = await line.as('auditor', 'ca.ceremony', { name: 'looked-at' });
  expect(imported).toEqual({ at: expect.any(String) as string, people: [officer(), lead()] });
  await expect(line.as('auditor', 'ca.ceremony', { name: 'nobody' })).rejects.toMatchObject({ code: 'ca.unknown' });
});

/** Certificates for units of an x509 order, of which the last is renewed and the first revoked. */
async function three(): Promise<readonly [CertificateView, CertificateView, CertificateView]> {
  const { labels } = await line.order('x509-group', 3);
  const found: CertificateView[] = [];
  for (const label of labels) {
    const { registrationId } = await line.scan(1, label);
    found.push(...(await line.as('auditor', 'ca.find', { registrationId })));
  }
  return found as [CertificateView, CertificateView, CertificateView];
}

test('what ends soon is shown in the order of its end, without what is revoked or renewed', async () => {
  const [revoked, left, renewed] = await three();
  await withSecond('ca.revoke', { certificate: revoked.id, reason: 'superseded' });
  const { certificate: successor } = await withSecond('ca.renew', { certificate: renewed.id });
  const { certificates, after } = await line.as('auditor', 'ca.expiring', { days: 3_650 });
  expect(after).toBeUndefined();
  const leaves = certificates.filter(({ purpose }) => purpose === 'leaf').map(({ id }) => id);
  expect(leaves).toEqual([left.id, successor.id]);
  const ends = certificates.map(({ notAfter }) => notAfter);
  expect(ends).toEqual(ends.toSorted());
  expect((await line.as('auditor', 'ca.expiring', { days: 1 })).certificates).toEqual([]);
});

test('a page of what ends soon looks at so many certificates and says where the next one begins', async () => {
  const { db, issuers } = line.station.records;
  const issuer = issuers.byName('looked-at').id;
  const insert = db.prepare(
    `INSERT INTO certificate (issuer, serial, purpose, key_hash, tbs, not_after_ms, state, intended_at)
     VALUES (?, ?, 'leaf', ?, x'00', ?, 'possible', ?)`,
  );
  const soon = Date.now() + 3_600_000;
  // Many end in the same millisecond: a page must not begin after all of them.
  for (let n = 0; n < 450; n++) insert.run(issuer, randomBytes(18), randomBytes(32), soon, new Date().toISOString());
  const shown: number[] = [];
  let page: ExpiringPage = await line.as('auditor', 'ca.expiring', { days: 1 });
  shown.push(...page.certificates.map(({ id }) => id));
  while (page.after) {
    page = await line.as('auditor', 'ca.expiring', { days: 1, after: page.after });
    shown.push(...page.certificates.map(({ id }) => id));
  }
  expect([shown.length, new Set(shown).size]).toEqual([450, 450]);
});

test('a certificate is found by its thumbprint, and what is no thumbprint is refused by name', async () => {
  const [one] = await line.as('auditor', 'ca.find', { issuer: 'practice-ca', state: 'issued' });
  const der = Buffer.from(one?.certificate?.replace(/-----[^-]+-----|\s/g, '') ?? '', 'base64');
  const sha256 = createHash('sha256').update(der).digest('hex').toUpperCase();
  expect(await line.as('auditor', 'ca.find', { sha256 })).toEqual([one]);
  await expect(line.as('auditor', 'ca.find', { sha256: 'AB' })).rejects.toMatchObject({ code: 'input.invalid' });
});

test("an issuer's newest CRL is told with its end", async () => {
  await line.as('lead', 'ca.crl', { name: 'practice-ca', days: 7 });
  const issuers = await line.as('auditor', 'ca.list', {});
  const { crl } = issuers.find(({ name }) => name === 'practice-ca') ?? {};
  expect(crl?.number).toBeGreaterThan(0);
  expect(Date.parse(crl?.until ?? '') - Date.parse(crl?.signedAt ?? '')).toBe(7 * 86_400_000);
});

test('a clock that is set back is shown as one that cannot be right, until two people confirm it', async () => {
  expect(await line.as('technician', 'clock.show', {})).not.toHaveProperty('wrong');
  await line.stop();
  let back = 2 * 3_600_000;
  const now = () => Date.now() - back;
  const { systemClock } = await import('../../../station-core/clock.ts');
  await line.start({ clock: { ...systemClock, now }, clockTrust: () => 'unsynchronised' });
  expect(await line.as('technician', 'clock.show', {})).toMatchObject({
    wrong: 'before-newest',
    trust: 'unsynchronised',
  });
  await withSecond('clock.confirm', { at: `${new Date(now()).toISOString().slice(0, 19)}Z` });
  expect(await line.as('technician', 'clock.show', {})).not.toHaveProperty('wrong');
  back = 400 * 86_400_000;
  expect(await line.as('technician', 'clock.show', {})).toMatchObject({ wrong: 'before-newest' });
});
