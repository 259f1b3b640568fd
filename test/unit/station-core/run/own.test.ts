import { afterAll, beforeAll, expect, test } from 'vitest';
import { fsck } from '../../../../station-core/fsck/fsck.ts';
import { actor } from '../../../../station-core/practice.ts';
import { registerCertifiedDevice } from '../../../suites/azure-sdk.ts';
import { bringing, type GivenLine, givenLine, givenRecipe, orderOf, pin } from '../../../suites/given-line.ts';
import { type Certified, Pki } from '../../../suites/x509-chains.ts';

// Units that came with a certificate of their own (F-68): it is read, verified, proven, kept and enrolled.

let given: GivenLine;
const pki = new Pki();
const root = pki.authority('Vendor Root');
const signer = pki.authority('Vendor Signer', { issuer: root });
const stranger = pki.authority('Another Root');
const trusted = givenRecipe('own', { source: 'own', trust: { anchors: [pin(signer)] } });

beforeAll(async () => {
  given = await givenLine();
});
afterAll(async () => {
  await given.line.close();
  pki.remove();
});

/** Scans a unit that brings this; answers its run. */
async function scanned(serial: string, leaf: Certified, above: readonly Certified[], recipe = trusted) {
  const { line, owns } = given;
  owns.set(serial, bringing(leaf, ...above));
  await orderOf(line, recipe, [serial]);
  return line.scan(1, serial);
}

test('a certificate that the unit came with is verified, proven, kept, enrolled and registers', async () => {
  const { line } = given;
  const { station, emulator } = line;
  for (const [serial, rsa] of [
    ['own-ec', false],
    ['own-rsa', true],
  ] as const) {
    const leaf = pki.device(serial, { issuer: signer, rsa });
    const run = await scanned(serial, leaf, [signer, root]);
    expect([run.outcome, run.error]).toEqual(['passed', undefined]);
    expect(run.steps.map(({ name }) => name)).toEqual(['greet', 'identify', 'provision', 'present', 'prove', 'adopt']);
    expect(run.facts).toMatchObject({ source: 'own', again: false });
    expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, parked: 0 });
    const device = { registrationId: serial, idScope: emulator.idScope, cert: leaf.cert, key: leaf.key };
    await expect(registerCertifiedDevice(emulator, device)).resolves.toMatchObject({ status: 'assigned' });
  }
  expect(station.records.db.prepare('SELECT origin, state, store FROM stored_certificate').all()).toEqual(
    Array(2).fill({ origin: 'unit', state: 'drawn', store: null }),
  );
});

test('its CN may be written in another case, and its records fit together', async () => {
  const leaf = pki.device('Own-CASE', { issuer: signer });
  const run = await scanned('own-case', leaf, [signer, root]);
  expect([run.outcome, run.error]).toEqual(['passed', undefined]);
  expect(await fsck(given.line.folder)).toEqual([]);
  expect(given.line.log.incidents).toEqual([]);
});

const refusals: readonly (readonly [string, string, () => readonly [Certified, readonly Certified[]], string])[] = [
  [
    'another name',
    'own-1',
    () => [pki.device('other', { issuer: signer }), [signer, root]],
    'another name than the unit',
  ],
  ['a stranger as its root', 'own-2', () => [pki.device('own-2', { issuer: stranger }), [stranger]], 'pinned'],
  [
    'no issuer',
    'own-3',
    () => [pki.device('own-3', { issuer: signer }), [root]],
    'the certificate of its issuer (CN=Vendor Signer) is missing',
  ],
  [
    'no root',
    'own-4',
    () => [pki.device('own-4', { issuer: signer }), [signer]],
    'certificate 2 (CN=Vendor Signer): the certificate of its issuer',
  ],
  ['itself as issuer', 'own-5', () => [pki.device('own-5'), []], 'it is self-signed'],
  [
    'no clientAuth',
    'own-6',
    () => [pki.device('own-6', { issuer: signer, extendedKeyUsage: 'serverAuth' }), [signer, root]],
    'lacks clientAuth',
  ],
  [
    'no digitalSignature',
    'own-7',
    () => [pki.device('own-7', { issuer: signer, keyUsage: 'keyAgreement' }), [signer, root]],
    'lacks digitalSignature',
  ],
  ['a CA itself', 'own-8', () => [pki.authority('own-8', { issuer: signer }), [signer, root]], 'it is a CA'],
];

test.each(refusals)(
  'a certificate with %s is refused, with the rule, and nothing is kept',
  async (_, serial, make, rule) => {
    const [leaf, above] = make();
    const run = await scanned(serial, leaf, above);
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'unit.certificate-refused' } });
    expect(String(run.error?.details.rule)).toContain(rule);
    expect(String(run.error?.details.rule)).not.toContain(serial);
    const { station } = given.line;
    expect(station.records.credentials.ofUnit(station.records.units.bySerial(serial)[0]?.id ?? 0)).toBeUndefined();
  },
);

test('a certificate outside of its time is refused', async () => {
  const { line } = given;
  const leaf = pki.device('own-old', { issuer: signer, days: 1 });
  const { clock } = line.station.parts;
  const real = clock.now;
  try {
    Object.assign(clock, { now: () => real() + 2 * 86_400_000 });
    const run = await scanned('own-old', leaf, [signer, root]);
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'unit.certificate-refused' } });
    expect(String(run.error?.details.rule)).toMatch(/it was valid until/);
  } finally {
    Object.assign(clock, { now: real });
  }
});

test('a unit without a certificate is told apart, as one that cannot', async () => {
  await orderOf(given.line, trusted, ['own-bare']);
  expect(await given.line.scan(1, 'own-bare')).toMatchObject({
    outcome: 'failed',
    error: { code: 'unit.cannot', details: { what: 'certificate' } },
  });
});

test('a certificate, or its key, on a second unit is refused (F-72)', async () => {
  const leaf = pki.device('own-twin', { issuer: signer });
  expect(await scanned('own-twin', leaf, [signer, root])).toMatchObject({ outcome: 'passed' });
  const again = pki.device('own-copy', { issuer: signer, keyOf: leaf });
  expect(await scanned('own-copy', again, [signer, root])).toMatchObject({
    outcome: 'failed',
    error: { code: 'ca.key-taken' },
  });
});

test('a self-signed certificate is for practice alone, and only where the recipe says so (F-78)', async () => {
  const recipe = givenRecipe('self', { source: 'own', trust: { selfSigned: true } });
  const leaf = pki.device('own-self');
  expect(await scanned('own-self', leaf, [], recipe)).toMatchObject({ outcome: 'passed' });
  const signed = pki.device('own-signed', { issuer: signer });
  const run = await scanned('own-signed', signed, [signer, root], recipe);
  expect(run.error?.details.rule).toContain('it must be signed by its own key');
});

test('a device ID other than the CN is allowed and noted (C-20)', async () => {
  const recipe = givenRecipe(
    'named',
    { source: 'own', trust: { anchors: [pin(root)] } },
    {
      scope: 'individual',
      enrollment: { deviceId: 'dev-{serial}' },
    },
  );
  const leaf = pki.device('own-named', { issuer: signer });
  const run = await scanned('own-named', leaf, [signer, root], recipe);
  expect(run).toMatchObject({ outcome: 'passed', facts: { deviceIdDiffers: true } });
});

test('a unit whose run breaks after its certificate was kept shows the same one again', async () => {
  const { line, owns } = given;
  const leaf = pki.device('own-again', { issuer: signer });
  owns.set('own-again', bringing(leaf, signer, root));
  await orderOf(line, { ...trusted, name: 'locked', lock: true }, ['own-again']);
  const stop = line.station.onProgress((progress) => {
    if (progress.type === 'step' && progress.step === 'lock') line.station.lanes.abort(progress.run, 'a test');
  });
  expect(await line.scan(1, 'own-again')).toMatchObject({ outcome: 'aborted', facts: { adopted: true, again: false } });
  stop();
  expect(await line.scan(2, 'own-again')).toMatchObject({ outcome: 'passed', facts: { again: true, locked: true } });
  expect(await fsck(line.folder)).toEqual([]);
});

test("a scrapped unit is disabled in the cloud by its own certificate, and its certificate is never another unit's", async () => {
  const { line } = given;
  const leaf = pki.device('own-scrap', { issuer: signer });
  expect(await scanned('own-scrap', leaf, [signer, root])).toMatchObject({ outcome: 'passed' });
  await line.as('lead', 'sync.run', {});
  const params = { serial: 'own-scrap', reason: 'unspecified' } as const;
  const { approval } = await line.as('security-officer', 'approvals.approve', { method: 'unit.scrap', params });
  await line.station.call('unit.scrap', params, { actor: actor(line.station, 'lead'), approval });
  expect(await line.as('lead', 'sync.run', {})).toMatchObject({ queued: 0, parked: 0 });
  const { emulator } = line;
  const device = { registrationId: 'own-scrap', idScope: emulator.idScope, cert: leaf.cert, key: leaf.key };
  await expect(registerCertifiedDevice(emulator, device)).rejects.toThrow();
  expect(await fsck(line.folder)).toEqual([]);
});
