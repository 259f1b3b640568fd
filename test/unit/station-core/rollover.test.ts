import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPems, writePem } from '../../../drivers/asn1/pem.ts';
import { base64 } from '../../../station-core/attestation/x509.ts';
import type { Clock } from '../../../station-core/clock.ts';
import { systemClock } from '../../../station-core/clock.ts';
import type { Method, Params, Result } from '../../../station-core/contract/api.ts';
import { isIssued, type Recipe } from '../../../station-core/contract/recipe.ts';
import { actor, makeOrder, recipeOf } from '../../../station-core/practice.ts';
import { uploadBy } from '../../../station-core/practice-ca.ts';
import { registerCertifiedDevice } from '../../suites/azure-sdk.ts';
import { heldCertificate } from '../../suites/held-key.ts';
import { TestStation } from '../../suites/station.ts';

/** A clock that a test can set wrong. */
let ahead = 0;
const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };

let line: TestStation;
beforeAll(async () => {
  line = await TestStation.open({ parts: { clock } });
});
afterAll(() => line.close());

async function withSecond<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
  const { approval } = await line.as('lead', 'approvals.approve', { method, params });
  return line.station.call(method, params, { actor: actor(line.station, 'security-officer'), approval });
}

/** A second intermediate under the same root, proven to DPS like the first. */
async function secondCa(): Promise<{ publicKey: string; certificate: Buffer }> {
  const name = 'second-ca';
  const subject = { CN: 'Second CA' };
  const { publicKey } = await withSecond('ca.begin', { name, algorithm: 'p384', subject });
  await expect(withSecond('ca.import', { name, chain: '' })).rejects.toMatchObject({ code: 'ca.not-ready' });
  await line.as('auditor', 'ca.witness', { name });
  const { chain } = await withSecond('ca.practiceSign', { name });
  await withSecond('ca.import', { name, chain });
  const certificate = readPems(chain, 'chain')[0]?.der ?? Buffer.alloc(0);
  await uploadBy(line.emulator)(name, writePem('CERTIFICATE', certificate), async (code) => {
    return (await withSecond('ca.verify', { name, code })).certificate;
  });
  return { publicKey, certificate };
}

test('two intermediates stand side by side, and the recipe says which one signs', async () => {
  const first = await recipeOf(line.station, 'x509-group');
  const { attestation } = first;
  if (attestation.type !== 'x509' || attestation.scope !== 'group' || !isIssued(attestation))
    throw new Error('not an X.509 group');
  const before = await makeOrder(line.station, first, 1);
  const second = await secondCa();
  const issuer = { name: 'second-ca', publicKey: second.publicKey };
  const recipe: Recipe = { ...first, name: 'second', attestation: { ...attestation, issuer } };
  await expect(makeOrder(line.station, recipe, 1)).rejects.toMatchObject({ code: 'order.key-differs' });
  // The group's owner puts the new intermediate into the secondary slot (dps-reference 7.3).
  const { client } = line.station.parts;
  const signal = AbortSignal.timeout(10_000);
  const group = await client?.getGroup(attestation.group, signal);
  const known = line.station.issuers.ready(attestation.issuer).certificate.certificate;
  const signingCertificates = {
    primary: { certificate: base64(known) },
    secondary: { certificate: base64(second.certificate) },
  };
  const body = { enrollmentGroupId: attestation.group, attestation: { type: 'x509', x509: { signingCertificates } } };
  await client?.putGroup(attestation.group, body, group?.etag, signal);
  const after = await makeOrder(line.station, recipe, 1);
  for (const [{ labels }, name] of [
    [before, /CN=Birthmark Practice CA/],
    [after, /CN=Second CA/],
  ] as const) {
    const label = labels[0] ?? '';
    const { outcome, registrationId } = await line.scan(1, label);
    expect(outcome).toBe('passed');
    const { key, chain } = heldCertificate(join(line.folder, 'practice'), label);
    expect(new X509Certificate(chain).issuer).toMatch(name);
    const { idScope } = line.emulator;
    const result = await registerCertifiedDevice(line.emulator, { registrationId, idScope, cert: chain, key });
    expect(result.status).toBe('assigned');
  }
});

test('a custodian cannot be the witness, and a verification code that is a unit is refused', async () => {
  const name = 'third-ca';
  await withSecond('ca.begin', { name, algorithm: 'p256', subject: { CN: 'Third CA' } });
  for (const role of ['security-officer', 'lead'] as const) {
    await expect(line.as(role, 'ca.witness', { name })).rejects.toMatchObject({ code: 'person.not-allowed' });
  }
  const record = await line.as('auditor', 'ca.witness', { name });
  expect(await line.as('auditor', 'ca.witness', { name })).toEqual(record);
  expect(record.people.map((one) => one.name)).toEqual(['Sol Security', 'Lee Lead', 'Ada Auditor']);
  const [unit] = (await line.as('auditor', 'ca.find', { state: 'issued' })).filter(({ purpose }) => purpose === 'leaf');
  const code = unit?.registrationId?.toUpperCase() ?? '';
  await expect(withSecond('ca.verify', { name: 'second-ca', code })).rejects.toMatchObject({ code: 'identity.taken' });
});

test.each([
  ['before the newest record', -2 * 60_000],
  ['outside the validity of the issuer', 11 * 365 * 86_400_000],
])('a clock %s stops issuing and says so, and the unit can be made when it is right', async (_, wrong) => {
  const { labels } = await line.order('x509-group', 1);
  ahead = wrong;
  const refused = await line.scan(1, labels[0] ?? '').finally(() => {
    ahead = 0;
  });
  expect(refused).toMatchObject({ outcome: 'errored', error: { code: 'ca.clock' } });
  if (wrong > 0) {
    // A later time stands in the records now: two people with a watch say that the clock is right again.
    expect((await line.scan(1, labels[0] ?? '')).error?.code).toBe('ca.clock');
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 16);
    await expect(withSecond('clock.confirm', { at: `${yesterday}Z` })).rejects.toMatchObject({ code: 'ca.clock' });
    await withSecond('clock.confirm', { at: `${new Date().toISOString().slice(0, 19)}Z` });
  }
  expect((await line.scan(1, labels[0] ?? '')).outcome).toBe('passed');
});
